"""An unplanned visit gets a place: the team's own of that name, or a new one."""

import uuid

from rinnalla import testing
from rinnalla.access.models import AuditEvent, Municipality
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.models import Site, Visit


def place(cast, **over):
    kuopio = Municipality.objects.get(code="297")
    asked = {"team": cast.team, "municipality": kuopio, "kind": "street"}
    return actions.place_for(**asked | {"name": "Katu"} | over)


def test_it_works(cast):
    site = place(cast)
    assert (site.name, site.is_ad_hoc, site.required_staffing) == ("Katu", True, 1)
    assert place(cast) == site


def test_a_real_place_of_the_name_wins(cast):
    place(cast)
    real = testing.make_site(cast, name="Katu")
    assert place(cast) == real


def test_an_unplanned_place_that_was_retired_comes_back(cast):
    site = place(cast)
    actions.retire_site(cast.kaisa, site)
    assert place(cast, by=cast.aino) == site
    site.refresh_from_db()
    assert site.retired_on is None
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.worker_id) == ("site.brought_back", cast.aino.pk)


def test_a_retired_real_place_stays_retired(cast):
    real = testing.make_site(cast, name="Katu", retired_on=clock.today())
    made = place(cast)
    assert made != real and made.is_ad_hoc
    real.refresh_from_db()
    assert real.retired_on == clock.today()


def test_each_team_and_municipality_has_its_own(cast):
    helsinki = Municipality.objects.get(code="091")
    made = {place(cast), place(cast, team=cast.other_team)}
    assert len(made | {place(cast, municipality=helsinki)}) == 3


def test_one_tap_begins_a_visit(cast):
    key = uuid.uuid4()
    visit = actions.street_visit(cast.aino, key=key, site=place(cast))
    assert (visit.pk, visit.status, visit.day) == (key, "under_way", clock.today())
    assert list(visit.workers.all()) == [cast.aino]
    again = actions.street_visit(cast.aino, key=key, site=place(cast))
    assert again.pk == visit.pk
    assert Visit.objects.count() == Site.objects.count() == 1
    assert AuditEvent.objects.count() == 1


def test_the_reason_can_be_said_afterwards(cast):
    visit = actions.street_visit(cast.aino, key=uuid.uuid4(), site=place(cast))
    actions.note_solo_reason(cast.aino, visit, reason="urgent")
    actions.note_solo_reason(cast.aino, visit, reason="urgent")
    visit.refresh_from_db()
    assert visit.solo_reason == "urgent"
    assert AuditEvent.objects.filter(action="visit.changed").count() == 1
