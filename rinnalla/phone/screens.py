"""What the field screens show: the day, the chips of a meeting; writes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count as HowMany
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rinnalla.encounters.actions import DAYS_TO_WRAP_UP, is_sealed
from rinnalla.encounters.models import Encounter
from rinnalla.encounters.permissions import RECORD
from rinnalla.lib import clock
from rinnalla.planning.models import Site, Visit

STREET = ("street", "park")
RECENT = timedelta(days=90)
STILL_OPEN = timedelta(days=3)
# Before a site has a history of its own, these stand first.
USUAL = {
    "topics": ["benefits", "finances", "housing", "mental_health", "substances"],
    "methods": ["guidance", "joint_contact", "referred", "appointment"],
    "next_step": ["none", "meet_here", "i_contact"],
}
UNFINISHED = Q(topics=[]) | Q(methods=[])


def recordable(worker):
    """The visits this person may record on."""
    return RECORD.limit(Visit.objects.visible_to(worker), worker)


# --- Today -------------------------------------------------------------------


@dataclass
class Today:
    """A worker's day: what comes next, what comes later, what waits."""

    next: Visit | None = None
    later: list = field(default_factory=list)
    team: list = field(default_factory=list)
    waiting: list = field(default_factory=list)


def today_of(worker):
    """The day of this worker, in a fixed number of queries."""
    day = clock.today()
    visits = recordable(worker).select_related("site").prefetch_related("workers")
    visits = visits.order_by("day", F("starts").asc(nulls_last=True), "pk")
    open_ = visits.filter(status__in=["planned", "under_way"])
    now = open_.filter(Q(day=day) | Q(status="under_way", day__gte=day - STILL_OPEN))
    mine = list(now.filter(workers=worker))
    mine.sort(key=lambda visit: not visit.is_open)
    team = list(open_.filter(day=day).exclude(workers=worker))
    return Today(
        next=mine[0] if mine else None,
        later=mine[1:],
        team=team,
        waiting=waiting_for(worker, visits),
    )


def waiting_for(worker, visits):
    """Ended visits of this worker that still wait for a wrap-up or a topic."""
    since = clock.today() - timedelta(days=DAYS_TO_WRAP_UP + 1)
    kept = Q(encounters__is_undone=False)
    open_ = Q(encounters__topics=[]) | Q(encounters__methods=[])
    done = visits.filter(workers=worker, status="done", day__gte=since)
    done = done.annotate(stubs=HowMany("encounters", filter=kept & open_))
    unwrapped = Q(wrap_up=None) | Q(wrap_up__is_left_for_tomorrow=True)
    rows = done.filter(unwrapped | Q(stubs__gt=0)).select_related("wrap_up")
    return [visit for visit in rows.order_by("-day")[:10] if not is_sealed(visit)]


def last_street_of(worker):
    """The street or park where this worker was last, or None."""
    if worker.team_id is None:
        return None
    sites = Site.objects.filter(team=worker.team_id, kind__in=STREET, retired_on=None)
    return sites.filter(visits__workers=worker).order_by("-visits__day", "name").first()


def places_of(worker):
    """Unplanned places this worker was at lately, the latest first."""
    since = clock.today() - RECENT
    visits = Visit.objects.filter(workers=worker, day__gte=since)
    return latest_places(visits.filter(site__team=worker.team_id))


def latest_places(visits, limit=6):
    """The unplanned places and streets of these visits, the latest first."""
    visits = visits.filter(site__retired_on=None)
    recent = visits.filter(Q(site__is_ad_hoc=True) | Q(site__kind__in=STREET))
    latest = recent.select_related("site").order_by("-day", "-pk")[:50]
    return list({visit.site_id: visit.site for visit in latest}.values())[:limit]


# --- The sheet of chips ------------------------------------------------------


@dataclass
class Group:
    """One row of chips: the first ones are seen, the rest opens by one press."""

    name: str
    legend: str
    first: list
    rest: list = field(default_factory=list)
    is_many: bool = False
    width: str = "fill"


@dataclass
class Chip:
    code: str
    label: str
    is_on: bool = False


SHOWN = {"topics": 8, "methods": 3, "next_step": 3}
LEGENDS = {
    "topics": pgettext_lazy("field", "Topic"),
    "methods": _("What was done"),
    "next_step": _("What next"),
    "age_band": _("Age, if it came up"),
    "familiarity": _("Met before"),
    "target_groups": _("Target group"),
    "items": _("Handed out"),
    "origin": _("How it began"),
    "topic": pgettext_lazy("field", "Topic"),
    "promise": _("What was promised"),
    "phenomena": _("What was seen today"),
    "thresholds": _("Thresholds people met"),
    "how": _("How the number came about"),
    "solo_reason": _("There were few of you. Why this time?"),
    "atmosphere": _("Atmosphere"),
    "safety": _("Safety"),
}
WIDTHS = {
    "topics": "3",
    "methods": "2",
    "age_band": "4",
    "phenomena": "wrap",
    "thresholds": "wrap",
    "solo_reason": "wrap",
    "target_groups": "wrap",
    "items": "wrap",
}
MANY = {"topics", "methods", "target_groups", "items", "phenomena", "thresholds"}


def used_at(site):
    """How often each choice was used at a site lately: {field: Counter}."""
    since = clock.today() - RECENT
    recent = Encounter.objects.kept().filter(visit__site=site, visit__day__gte=since)
    rows = recent.values_list("topics", "methods", "next_step")[:500]
    used = {name: Counter() for name in SHOWN}
    for topics, methods, step in rows:
        used["topics"].update(topics)
        used["methods"].update(methods)
        used["next_step"].update([step] if step else [])
    return used


def group_of(name, codes, *, chosen=(), used=None):
    """The chips of one field, the most used at the site first."""
    order = order_of(name, codes, (used or {}).get(name, {}))
    chosen = [chosen] if isinstance(chosen, str) else chosen
    chips = [Chip(code.code, code.short, code.code in chosen) for code in order]
    shown = SHOWN.get(name, len(chips))
    return Group(
        name=name,
        legend=LEGENDS[name],
        first=chips[:shown],
        rest=chips[shown:],
        is_many=name in MANY,
        width=WIDTHS.get(name, "fill"),
    )


def order_of(name, codes, used):
    """Codes by use at the site, then the usual ones, then the county's order."""
    if name not in SHOWN:
        return codes
    usual = USUAL[name]

    def place(code):
        rank = usual.index(code.code) if code.code in usual else len(usual)
        return -used.get(code.code, 0), rank

    return sorted(codes, key=place)


def words_of(encounter, codes):
    """What was told of a meeting, as short labels in one line."""
    lists = {"topic": encounter.topics, "method": encounter.methods}
    lists["next_step"] = [encounter.next_step]
    found = []
    for name, chosen in lists.items():
        found += [code.short for code in codes[name] if code.code in chosen]
    return found
