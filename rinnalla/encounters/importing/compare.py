"""Lays past visits beside what is stored: which are new, changed, the same, doubles."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rinnalla.encounters.importing.columns import plain
from rinnalla.encounters.importing.rows import MOST_TOLD, Past, PastVisit, Told
from rinnalla.encounters.models import ImportedRow, ImportSource
from rinnalla.encounters.totals import totals_of_all
from rinnalla.planning.models import Site, Visit

NEW_SITE = "new"


@dataclass(slots=True)
class Known:
    """What a key became in an earlier import: its visit and the figures told then."""

    pk: int
    visit_id: object
    figures: dict[str, int]
    site_id: int
    day: object
    start: object


@dataclass
class Plan:
    """What an import would do. ``new`` and ``corrected`` wait to be written.

    ``unknown`` are places of the file that are neither known nor decided on:
    {compared name: (name, rows, municipality, kind)}; ``made`` those to be made.
    """

    new: list[PastVisit] = field(default_factory=list)
    corrected: list[tuple[PastVisit, Known]] = field(default_factory=list)
    same: list[PastVisit] = field(default_factory=list)
    # With the visit that is recorded here already.
    doubles: list[tuple[PastVisit, object]] = field(default_factory=list)
    site_of: dict[tuple[str, str], int] = field(default_factory=dict)
    unknown: dict[tuple[str, str], PastVisit] = field(default_factory=dict)
    made: dict[tuple[str, str], PastVisit] = field(default_factory=dict)

    @property
    def kept(self) -> list[PastVisit]:
        """Every visit of the file that counts after the import, doubles left out."""
        return [*self.new, *(visit for visit, _known in self.corrected), *self.same]


def place_of(visit: PastVisit) -> tuple[str, str]:
    """A place of the file: its compared name and, when told, its municipality."""
    return plain(visit.place), visit.municipality


def choice_key(place: tuple[str, str]) -> str:
    """A place as it is kept in JSON, for the choices of this and the next time."""
    return "|".join(place)


def compare(
    past: Past, source: ImportSource, team, choices: dict, *, takes_doubles: bool
) -> Plan:
    """The plan for what a table says; asks the database, writes nothing.

    ``choices`` is {choice_key(place): "new" or a site's key as text}.
    """
    plan = Plan()
    _find_places(plan, past, source, team, choices)
    known = _known_rows(source)
    moved = _by_place(known, {visit.key for visit in past.visits})
    recorded = _recorded_days(plan, past, known)
    for visit in past.visits:
        here = (plan.site_of.get(place_of(visit)), visit.day)
        before = known.get(visit.key) or moved.pop((*here, visit.start), None)
        if before and before.figures == visit.figures:
            plan.same.append(visit)
        elif before:
            plan.corrected.append((visit, before))
        elif here in recorded and not takes_doubles:
            plan.doubles.append((visit, recorded[here]))
        else:
            plan.new.append(visit)
    return plan


def _find_places(plan, past: Past, source, team, choices: dict) -> None:
    """Match each place by its exact name or by what was decided; else it is unknown."""
    sites = defaultdict(list)
    for site in Site.objects.filter(team=team):
        sites[plain(site.name)].append(site)
    own = {str(site.pk): site.pk for some in sites.values() for site in some}
    decided = {**source.sites, **choices}
    for visit in past.visits:
        place = place_of(visit)
        if place in plan.site_of or place in plan.unknown or place in plan.made:
            continue
        answer = str(decided.get(choice_key(place), ""))
        site = own.get(answer) or _by_name(sites[place[0]], visit.municipality)
        if site:
            plan.site_of[place] = site
        elif answer == NEW_SITE:
            plan.made[place] = visit
        else:
            plan.unknown[place] = visit


def _by_name(sites: list[Site], municipality: str) -> int | None:
    """The one site of this name; two of a name are never told apart by guessing.

    A place that was retired since is still the place where those visits were.
    """
    here = [site for site in sites if municipality in ("", site.municipality_id)]
    real = [site for site in here if not site.is_ad_hoc] or here
    used = [site for site in real if site.retired_on is None] or real
    return used[0].pk if len(used) == 1 else None


def _known_rows(source: ImportSource) -> dict[str, Known]:
    if source.pk is None:
        return {}
    rows = ImportedRow.objects.current(source)
    when = ("visit__site_id", "visit__day", "visit__starts")
    found = rows.values_list("key", "pk", "visit_id", "figures", *when)
    return {key: Known(*rest) for key, *rest in found.iterator(chunk_size=5000)}


def _by_place(known: dict[str, Known], told: set[str]) -> dict[tuple, Known]:
    """Earlier rows the file does not name by their key, by site, day and start.

    A column more or less (the municipality) or a place spelt anew changes a key; the
    visit is the same one, and must not be counted twice.
    """
    rest = (row for key, row in known.items() if key not in told)
    return {(row.site_id, row.day, row.start): row for row in rest}


def _recorded_days(
    plan: Plan, past: Past, known: dict[str, Known]
) -> dict[tuple[int, object], object]:
    """{(site, day): a visit recorded by hand or from another source}.

    Our own are sifted out here: asked of the database, each of them would be looked
    for among all rows of the source.
    """
    if not (plan.site_of and past.visits):
        return {}
    days = [visit.day for visit in past.visits]
    visits = Visit.objects.seen().filter(
        site__in=set(plan.site_of.values()),
        day__gte=min(days),
        day__lte=max(days),
        status__in=[Visit.Status.DONE, Visit.Status.UNDER_WAY],
    )
    own = {row.visit_id for row in known.values()}
    rows = visits.values_list("pk", "site_id", "day").iterator(chunk_size=5000)
    return {(site, day): pk for pk, site, day in rows if pk not in own}


def report_of(past: Past, plan: Plan | None) -> dict:
    """What the look found, as JSON can hold it; all figures are nought when faulty."""
    if past.fault_count or plan is None:
        plan = Plan()
    kept = plan.kept
    report = {
        "rows": past.rows,
        "visits": len(kept),
        "met": sum(visit.met for visit in kept),
        "guided": sum(visit.guided for visit in kept),
        "faults": [told.as_dict() for told in past.faults],
        "fault_count": past.fault_count,
        "contradictions": [told.as_dict() for told in past.contradictions],
        "contradiction_count": past.contradiction_count,
    }
    return report | _plan_report(plan)


def _plan_report(plan: Plan) -> dict:
    return {
        "new": len(plan.new),
        "corrected": len(plan.corrected),
        "same": len(plan.same),
        "doubles": _doubles(plan.doubles[:MOST_TOLD]),
        "double_count": len(plan.doubles),
        "unknown": _unknown(plan),
        "sites_created": len(plan.made),
    }


def _doubles(doubles: list[tuple[PastVisit, object]]) -> list[dict]:
    totals = totals_of_all([key for _visit, key in doubles])
    return [_double(visit, totals[key].met) for visit, key in doubles]


def _double(visit: PastVisit, met: int) -> dict:
    """Both figures side by side: the same ones are hardly two visits."""
    message = _(
        "%(place)s %(day)s: here already met %(here)d, in the file met %(met)d."
    )
    day = date_format(visit.day, "SHORT_DATE_FORMAT")
    said = {"place": visit.place, "day": day, "here": met, "met": visit.met}
    return Told(visit.row, "", message % said).as_dict() | {
        "day": visit.day.isoformat()
    }


def _unknown(plan: Plan) -> list[dict]:
    doubles = [visit for visit, _recorded in plan.doubles]
    visits = Counter(map(place_of, plan.kept + doubles))
    return [
        {
            "key": choice_key(place),
            "name": first.place,
            "municipality": first.municipality,
            "kind": first.kind,
            "visits": visits[place],
            "row": first.row,
        }
        for place, first in {**plan.unknown, **plan.made}.items()
    ]
