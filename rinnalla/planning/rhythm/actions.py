"""What is done with rhythms: set, and single days left out or moved."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from rinnalla.access import audit
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.models import (
    PromisedDay,
    Rhythm,
    RhythmException,
    Site,
    StaleMonth,
    Visit,
)
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
    # Days before it was written down were promised to nobody.
    yesterday = clock.today() - timedelta(days=1)
    rhythm = now or Rhythm(site=site, promised_until=yesterday)
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


@transaction.atomic
def note_promises():
    """Write down what the rhythms promised for the days that have come; how many.

    Called every night. Each rhythm goes on from where it was left, so that a night
    that was missed is made good, and a day once passed by is never promised after.
    """
    yesterday = clock.today() - timedelta(days=1)
    rhythms = Rhythm.objects.select_for_update(of=("self",))
    behind = rhythms.filter(Q(promised_until=None) | Q(promised_until__lt=yesterday))
    since = defaultdict(list)
    for rhythm in behind.filter(since__lte=yesterday):
        until = rhythm.promised_until
        first = until + timedelta(days=1) if until else rhythm.since
        since[first].append(rhythm.pk)
    made = [row for first in since for row in _promised(since[first], first, yesterday)]
    PromisedDay.objects.bulk_create(made, batch_size=500)
    keys = [key for some in since.values() for key in some]
    Rhythm.objects.filter(pk__in=keys).update(promised_until=yesterday)
    pairs = {(row.rhythm.site_id, row.day.replace(day=1)) for row in made}
    StaleMonth.objects.bulk_create(StaleMonth(site_id=s, month=m) for s, m in pairs)
    return len(made)


def _promised(keys, first, last):
    """What these rhythms said of the days; nothing of days at a place given up."""
    for slot in slots.given(Rhythm.objects.filter(pk__in=keys), first, last):
        site = slot.rhythm.site
        is_used = site.retired_on is None or slot.day < site.retired_on
        if is_used and not site.is_ad_hoc:
            is_kept = slot.rhythm.keeps_holidays or slot.reason
            yield PromisedDay(
                rhythm=slot.rhythm,
                day=slot.day,
                is_holiday=bool(slot.holiday) and not is_kept,
                reason=slot.reason,
            )
