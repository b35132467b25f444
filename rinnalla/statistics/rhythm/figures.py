"""Reads the numbers of the rhythm of work: promised days, faces, returns, requests.

Each function reads a whole span at once and gives plain numbers by the names that the
indicators' definitions divide by.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Sum

from rinnalla.lib import clock
from rinnalla.lib.working_time import hours_between
from rinnalla.planning.models import OutreachRequest, Return, Visit
from rinnalla.statistics.counting import CALLED_OFF, FACES, MOVED, RHYTHM, month_after
from rinnalla.statistics.disclosure import PROTECTED, is_small
from rinnalla.statistics.models import MonthCount
from rinnalla.statistics.published import closes_on

PROMISED = ("kept", "moved", "cancelled", "open", "none")
SOON = timedelta(days=14)  # from a request to the visit
CRITICAL = timedelta(hours=48)
PRISON = "prison"  # the sector of those who ask for people about to be released


def by_month(scope, first, last):
    """How promised days went and how often a known face did, by month.

    Returns {month: numbers}: those of PROMISED, `promised` in all, `agreed` and
    `holiday` that were not promised, `familiar` visits of `faces_known`.
    """
    rows = scope.of(MonthCount).filter(month__gte=first, month__lte=last)
    rows = rows.filter(dimension__in=(RHYTHM, FACES)).order_by()
    months = defaultdict(Counter)
    for month, dimension, category, n in rows.values_list(
        "month", "dimension", "category"
    ).annotate(n=Sum("value")):
        if dimension == RHYTHM:
            months[month][category] += n
            months[month]["promised"] += n * (category in PROMISED)
        else:
            months[month]["familiar"] += n * (category == "known")
            months[month]["faces_known"] += n
    return months


def promised_in(scope, first, last):
    """The numbers of `by_month` of a whole span."""
    whole = Counter(dict.fromkeys(("kept", "promised", "familiar", "faces_known"), 0))
    for numbers in by_month(scope, first, last).values():
        whole.update(numbers)
    return whole


def reasons(scope, first, last):
    """Why promised days were moved or called off: {dimension: {reason: days}}."""
    rows = scope.of(MonthCount).filter(month__gte=first, month__lte=last)
    rows = rows.filter(dimension__in=(MOVED, CALLED_OFF)).order_by()
    found = {MOVED: {}, CALLED_OFF: {}}
    for dimension, reason, n in rows.values_list("dimension", "category").annotate(
        n=Sum("value")
    ):
        found[dimension][reason] = n
    return found


def returns_by_month(scope, first, last):
    """Check-ins that ended, by month: {month: {"returns", "on_time"}}."""
    rows = Return.objects.filter(month__gte=first, month__lte=last).order_by()
    if scope.team:
        rows = rows.filter(team=scope.team)
    months = defaultdict(Counter)
    for month, is_on_time, n in rows.values_list("month", "is_on_time").annotate(
        n=Count("pk")
    ):
        months[month]["returns"] += n
        months[month]["on_time"] += n * is_on_time
    return months


# --- Requests -----------------------------------------------------------------


_ENDED = (OutreachRequest.Status.CLOSED, OutreachRequest.Status.DECLINED)


@dataclass
class Asked:
    """Requests received in a span, as the definitions need them.

    `answer_hours` are working hours to each first answer, `visit_days` days to each
    visit done. `due`: over 14 days ago, and not ended without a visit; `soon`: those
    of them that were visited within 14 days.
    """

    requests: int = 0
    waiting: int = 0  # for a first answer
    unvisited: int = 0  # ended without a visit
    due: int = 0
    soon: int = 0
    answer_hours: list = field(default_factory=list)
    visit_days: list = field(default_factory=list)

    def __getitem__(self, name):
        return getattr(self, name)

    def add(self, came, hours, status, visited):
        """Count one request come on a day, answered in so many working hours or None.

        `visited` is the day of the visit done, or None.
        """
        self.requests += 1
        if hours is None:
            self.waiting += 1
        else:
            self.answer_hours.append(hours)
        if visited:
            self.visit_days.append(max(0, (visited - came).days))
        elif status in _ENDED:
            self.unvisited += 1
            return
        if came + SOON < clock.today():
            self.due += 1
            self.soon += visited is not None and visited <= came + SOON


def asked_by(period, scope, first, last):
    """The requests received in these months as {period(day): Asked}; None: all."""
    rows = OutreachRequest.objects.filter(is_held=False, **_span(first, last))
    if scope.team:
        rows = rows.filter(team=scope.team)
    if scope.municipality:
        rows = rows.filter(municipality=scope.municipality)
    names = ("received_at", "first_response_at", "status")
    found = defaultdict(Asked)
    for received, answered, status, went, day in rows.values_list(
        *names, "visit__status", "visit__day"
    ):
        visited = day if went == Visit.Status.DONE else None
        hours = hours_between(received, answered) if answered else None
        came = clock.local(received).date()
        for when in (period(came), None):
            found[when].add(came, hours, status, visited)
    return found


def _span(first, last):
    return {
        "received_at__gte": clock.at(first),
        "received_at__lt": clock.at(month_after(last)),
    }


# --- From prisons -------------------------------------------------------------


def prison_closes_on(year):
    """The day from which a year's number is given: when its January after has closed.

    By then every held request of the year has been looked at or thrown away, so that
    a number that was shown does not change.
    """
    return closes_on(date(year + 1, 1, 1))


def from_prisons(years):
    """Requests from prisons in each closed year, fewer than five protected.

    Returns {year: {"prison", "prison_in_time"}}; an open year is not in it.
    """
    closed = [year for year in years if prison_closes_on(year) <= clock.today()]
    times = {year: [] for year in closed}
    for received, answered in _asked_by_prisons(closed):
        in_time = answered is not None and answered - received <= CRITICAL
        times[clock.local(received).year].append(in_time)
    return {year: _protected(times[year]) for year in closed}


def _asked_by_prisons(years):
    """When each request of these years, one after another, came and was answered."""
    if not years:
        return []
    span = _span(date(min(years), 1, 1), date(max(years), 12, 1))
    rows = OutreachRequest.objects.filter(is_held=False, sector=PRISON, **span)
    return rows.values_list("received_at", "first_response_at")


def _protected(in_time):
    if is_small(len(in_time), settings.DISCLOSURE_K):
        return {"prison": PROTECTED, "prison_in_time": PROTECTED}
    return {"prison": len(in_time), "prison_in_time": sum(in_time)}
