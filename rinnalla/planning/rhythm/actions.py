"""What is done with rhythms: set, and single days left out or moved."""

from datetime import timedelta

from django.db import transaction

from rinnalla.access import audit
from rinnalla.planning import actions
from rinnalla.planning.models import Rhythm, RhythmException, Site, Visit
from rinnalla.planning.rhythm import slots

PLANNED = Visit.Status.PLANNED
FIELDS = ("rule", "starts", "ends", "since", "keeps_holidays")


class TooEarly(Exception):
    """Another rhythm has promised days already on or after the day chosen."""


@transaction.atomic
def set_rhythm(worker, site, **choice):
    """Give a place a rhythm from a day on: rule, starts, ends, since, keeps_holidays.

    The earlier one ends the day before and stays readable. One that had not begun by
    then is written over. Sent twice, set once. Returns the rhythm. Raises TooEarly
    where it would change days that are past or that an ended one promised.
    """
    Site.objects.select_for_update().get(pk=site.pk)
    now = site.rhythms.filter(until=None).first()
    if now and all(getattr(now, name) == choice[name] for name in FIELDS):
        return now
    first = slots.first_day_for(site)
    if first and choice["since"] < first:
        raise TooEarly
    if now and now.since < choice["since"]:
        now.until = choice["since"] - timedelta(days=1)
        now.save(update_fields=["until"])
        now = None
    rhythm = now or Rhythm(site=site)
    for name in FIELDS:
        setattr(rhythm, name, choice[name])
    rhythm.save()
    audit.log(worker, "rhythm.set", rhythm)
    return rhythm


@transaction.atomic
def change_day(worker, rhythm, *, day, reason, moved_to=None):
    """Leave out a day of a rhythm, or move it; a planned visit of that day follows.

    The last word holds when the same day is changed again. Returns the exception.
    """
    exception, _ = RhythmException.objects.update_or_create(
        rhythm=rhythm, day=day, defaults={"reason": reason, "moved_to": moved_to}
    )
    audit.log(worker, "rhythm.day_changed", exception)
    visit = rhythm.visits.filter(slot=day, status=PLANNED).first()
    if visit and moved_to:
        actions.move_visit(worker, visit, day=moved_to, reason=reason)
    elif visit and not visit.is_recorded:
        actions.cancel_visit(worker, visit, reason=reason)
    return exception


@transaction.atomic
def keep_day(worker, exception):
    """Take back a change: the day is again as the rhythm says.

    A visit that was moved or called off with it is left as it is.
    """
    if RhythmException.objects.filter(pk=exception.pk).exists():
        audit.log(worker, "rhythm.day_kept", exception)
        exception.delete()
