"""What stands on the page of a month: its weeks, days, visits and what still fits."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from rinnalla.access.models import Worker
from rinnalla.access.roles import Role
from rinnalla.lib import clock, public_holidays
from rinnalla.planning import kinds
from rinnalla.planning.models import Site, TeamCapacity, Visit
from rinnalla.planning.rhythm.words import hours, place_name

Status = Visit.Status
# What a chip reads of a visit: a month has hundreds.
READ = (
    *("site_id", "team_id", "day", "starts", "ends", "status", "solo_reason", "slot"),
    *("partner_id", "has_expert_by_experience"),
)
# More than this of a day are behind a link: a cell with forty is not read.
SHOWN_A_DAY = 6


@dataclass
class Chip:
    """One visit as the month shows it; a home visit names no place."""

    visit: Visit
    kind: object
    people: list

    @property
    def name(self):
        return place_name(self.visit.site)

    @property
    def hours(self):
        return hours(self.visit.starts, self.visit.ends)

    @property
    def is_planned(self):
        return self.visit.status == Status.PLANNED

    @property
    def is_cancelled(self):
        return self.visit.status == Status.CANCELLED

    @property
    def needed(self):
        """How many of ours are to go: as the place asks for, or more that do."""
        few = self.visit.site.own_staffing - self.visit.company
        return max(len(self.people), few, 1)

    @cached_property
    def lacks(self):
        """In words what is missing, "no pair"; empty when nothing is."""
        visit = self.visit
        if not self.is_planned or visit.solo_reason:
            return ""
        if not self.people:
            return _("nobody yet")
        few = visit.site.has_too_few(len(self.people), visit.company)
        return _("no pair") if few else ""

    @property
    def is_moved(self):
        return self.visit.slot is not None and self.visit.slot != self.visit.day

    @property
    def asks_reason(self):
        """Whether a move wants a reason: the day was promised by a rhythm."""
        return self.visit.slot is not None


@dataclass
class Day:
    """One day of the month and what is on it."""

    day: date
    is_outside: bool
    is_today: bool
    holiday: str = ""
    chips: list = field(default_factory=list)

    @property
    def is_off(self):
        return self.is_outside or bool(self.holiday) or self.day.weekday() >= 5

    @property
    def shown(self):
        return self.chips[:SHOWN_A_DAY]

    @property
    def iso(self):
        return self.day.isoformat()

    @property
    def url(self):
        return reverse("planning:month_day", args=[f"{self.day:%Y-%m}", self.day.day])

    @property
    def more(self):
        """How many are behind the link to the day."""
        return max(0, len(self.chips) - SHOWN_A_DAY)


@dataclass
class Week:
    """One week: its days, and how many turns of its workers are needed and are left."""

    days: list
    turns: int  # what the team's workers have together in this week
    chips: list  # all that is on in the week, whatever kind is shown

    @property
    def number(self):
        return self.days[0].day.isocalendar().week

    @property
    def is_now(self):
        return any(day.is_today for day in self.days)

    @property
    def needed(self):
        return sum(chip.needed for chip in self.chips)

    @property
    def room(self):
        """Turns left; below nothing when more is planned than the team can."""
        return self.turns - self.needed

    @property
    def over(self):
        return max(0, -self.room)

    @property
    def lacking(self):
        """Visits for which somebody is missing."""
        return sum(bool(chip.lacks) for chip in self.chips)


def chips_between(worker, first, last, kind=""):
    """The visits this person may see on these days, in the order of the day."""
    visits = Visit.objects.visible_to(worker).filter(day__range=(first, last))
    if kind:
        visits = visits.filter(site__kind=kind)
    visits = visits.order_by("day", "starts", "site__name", "pk").only(*READ)
    visits = _with_sites(list(visits))
    people, known = _people_of(visits, first, last), kinds.all_kinds()
    return [Chip(v, known[v.site.kind], people.get(v.pk, [])) for v in visits]


def _with_sites(visits):
    """Give each visit its place: a place is read once, however often one goes there."""
    sites = Site.objects.in_bulk({visit.site_id for visit in visits})
    for visit in visits:
        visit.site = sites[visit.site_id]
    return visits


def _people_of(visits, first, last):
    """First names by visit, in one narrow query: most of a month's rows are these."""
    if not visits:
        return {}
    went = Visit.workers.through.objects.filter(visit__day__range=(first, last))
    teams = {visit.team_id for visit in visits}
    went = went.filter(visit__team__in=teams).order_by("worker__name")
    found = defaultdict(list)
    for visit, name in went.values_list("visit_id", "worker__name"):
        found[visit].append(name.split()[0] if name else "")
    return found


def chip_of(visit):
    """One visit as the month shows it."""
    people = [worker.first_name for worker in visit.workers.order_by("name")]
    return Chip(visit, kinds.all_kinds()[visit.site.kind], people)


def only(weeks, kind):
    """The same weeks with the visits of one kind of places; the room stays whole."""
    for week in weeks:
        for day in week.days:
            day.chips = [chip for chip in day.chips if chip.visit.site.kind == kind]
    return weeks


def weeks_of(month, worker, chips):
    """The weeks of a month, with the visits in them."""
    by_day = defaultdict(list)
    for chip in chips:
        by_day[chip.visit.day].append(chip)
    holidays = public_holidays.between(*month.shown)
    turns = turns_a_week(worker.team)
    found = []
    for monday in month.mondays:
        week = [monday + timedelta(days=n) for n in range(7)]
        days = [_day(month, day, holidays, by_day[day]) for day in week]
        open_days = sum(day.weekday() < 5 and day not in holidays for day in week)
        going = [c for day in days for c in day.chips if not c.is_cancelled]
        found.append(Week(days, turns * open_days // 5, going))
    return found


def _day(month, day, holidays, chips):
    return Day(
        day=day,
        is_outside=not month.first <= day <= month.last,
        is_today=day == clock.today(),
        holiday=holidays.get(day, ""),
        chips=chips,
    )


def turns_a_week(team):
    """How many times a week the team's workers can go out together."""
    return workers_in(team) * times_a_week(team) if team else 0


def workers_in(team):
    working = Worker.objects.filter(team=team, is_active=True, role=Role.WORKER)
    return working.count()


def times_a_week(team):
    """As the team has agreed, else the usual."""
    agreed = TeamCapacity.objects.filter(team=team).first()
    return agreed.times_a_week if agreed else TeamCapacity.USUAL
