"""A place with a rhythm, and what became of its promised days."""

from datetime import date, timedelta

from rinnalla.planning.models import Rhythm, Visit
from rinnalla.planning.rhythm.actions import note_promises
from rinnalla.statistics import actions
from rinnalla.testing import make_site, make_visit

DAILY = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"


def make_rhythm(cast, since, until=None, site=None):
    """A place one goes to every day of a time, holidays too."""
    site = site or make_site(cast)
    over = {"since": since, "until": until, "keeps_holidays": True}
    return Rhythm.objects.create(site=site, rule=DAILY, **over)


def visit_of(cast, rhythm, slot, *, away=0, **over):
    """The visit of a slot, so many days away from it; done unless told otherwise."""
    fields = {"day": slot + timedelta(days=away), "status": Visit.Status.DONE} | over
    return make_visit(cast, rhythm.site, rhythm=rhythm, slot=slot, **fields)


def reckon():
    """Do what the night and the worker process do."""
    note_promises()
    actions.mark_all()
    actions.recount_stale()


def page(client, path="/figures/rhythm/"):
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def whole_year(year):
    return date(year, 1, 1), date(year, 12, 1)
