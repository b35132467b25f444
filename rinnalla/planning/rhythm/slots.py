"""The days a rhythm promises: computed, never stored before a visit is made."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from rinnalla.lib import clock, public_holidays
from rinnalla.planning.models import Rhythm, Visit
from rinnalla.planning.rhythm import rules

# A day may be moved at most so far, so that no month is asked in vain.
LONGEST_MOVE = timedelta(days=62)
COMING = (Visit.Status.PLANNED, Visit.Status.UNDER_WAY)


@dataclass(frozen=True)
class Slot:
    """One promised day of a rhythm.

    `day` is the day the rhythm gives, `on` the day one goes (another, when it was
    moved); `holiday` names the public holiday on that day, `reason` is the code of
    an exception.
    """

    rhythm: Rhythm
    day: date
    on: date
    holiday: str = ""
    reason: str = ""
    is_left_out: bool = False

    @property
    def is_skipped(self):
        """Whether one does not go: left out, or a holiday the place does not keep."""
        return self.is_left_out or (
            bool(self.holiday) and not self.rhythm.keeps_holidays
        )

    @property
    def key(self):
        """Names the slot in a form."""
        return f"{self.rhythm.pk}.{self.day:%Y%m%d}"


def between(rhythms, first, last):
    """The slots one would go on from first to last, by site and day.

    `rhythms` is a queryset; season, end, holidays and exceptions are heeded. Skipped
    ones are among them and say so. Three queries however many there are.
    """
    rows = rhythms.between(first - LONGEST_MOVE, last + LONGEST_MOVE)
    rows = rows.select_related("site").prefetch_related("exceptions")
    holidays = public_holidays.between(first, last)
    return [slot for rhythm in rows for slot in _of(rhythm, first, last, holidays)]


def _of(rhythm, first, last, holidays):
    """The slots of one rhythm; days moved in from outside the time come along."""
    earliest, latest = first - LONGEST_MOVE, last + LONGEST_MOVE
    rows = rhythm.exceptions.all()
    leaving = {row.day: row for row in rows if earliest <= row.day <= latest}
    days = _given(rhythm, min([first, *leaving]), max([last, *leaving]))
    found = (_slot(rhythm, day, leaving.get(day), holidays) for day in days)
    return [slot for slot in found if first <= slot.on <= last]


def given(rhythms, first, last):
    """The slots whose own day is from first to last, wherever they were moved.

    What the rhythms said of these days; as many queries as `between`.
    """
    rows = rhythms.between(first, last)
    rows = rows.select_related("site").prefetch_related("exceptions")
    holidays = public_holidays.between(first, last + LONGEST_MOVE)
    for rhythm in rows:
        changed = {row.day: row for row in rhythm.exceptions.all()}
        for day in _given(rhythm, first, last):
            yield _slot(rhythm, day, changed.get(day), holidays)


def _given(rhythm, first, last):
    """The days the rhythm itself gives: what it gives no more cannot be moved."""
    until = min(last, rhythm.until or last)
    days = rules.days_of(rhythm.rule, rhythm.since, first, until)
    return [day for day in days if in_season(rhythm.site, day)]


def _slot(rhythm, day, exception, holidays):
    on = (exception and exception.moved_to) or day
    return Slot(
        rhythm=rhythm,
        day=day,
        on=on,
        holiday=holidays.get(on, ""),
        reason=exception.reason if exception else "",
        is_left_out=bool(exception) and exception.moved_to is None,
    )


def in_season(site, day):
    """Whether a place is gone to in this month; a season may run over New Year."""
    first, last = site.season_from, site.season_to
    if not first or not last:
        return True
    if first <= last:
        return first <= day.month <= last
    return day.month >= first or day.month <= last


def first_day_for(site):
    """The first day on which a new rhythm may begin; None while there was none.

    What earlier rhythms promised stays as it was: not before today, and after the
    last day of those that ended.
    """
    rhythms = site.rhythms.order_by()
    if not rhythms.exists():
        return None
    last = rhythms.aggregate(last=Max("until"))["last"]
    return max(clock.today(), last + timedelta(days=1)) if last else clock.today()


def next_days(rhythm, today, count=3):
    """The next days one goes there: visits as they stand, and days not planned yet.

    A visit moved by hand is on the day it was moved to, one called off on none.
    """
    last = today + timedelta(days=366)
    visits = Visit.objects.seen().filter(site=rhythm.site_id)
    coming = visits.filter(status__in=COMING, day__range=(today, last))
    made = visits.filter(rhythm=rhythm, slot__gte=today - LONGEST_MOVE)
    made = set(made.values_list("slot", flat=True))
    given = between(Rhythm.objects.filter(pk=rhythm.pk), today, last)
    free = {s.on for s in given if not s.is_skipped and s.day not in made}
    return sorted(free.union(coming.values_list("day", flat=True)))[:count]
