"""The month by place: kinds, their places, and what each week holds there."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery

from rinnalla.access.models import Code
from rinnalla.planning import kinds
from rinnalla.planning.models import Site
from rinnalla.planning.permissions import PLAN_MONTH
from rinnalla.planning.rhythm import words

PLACES = 24


@dataclass(frozen=True)
class Row:
    """One place: its rhythm in words, and its visits week by week."""

    site: Site
    kind: object
    said: str
    cells: list

    @property
    def name(self):
        return words.name_in_list(self.site)


def rows(worker, weeks, page, kind=""):
    """A page of the own team's places in the order of kinds and names.

    Those gone to once, or no more, are there while the month has a visit of theirs.
    """
    known, there = kinds.all_kinds(), _by_site_and_week(weeks)
    order = Code.objects.filter(list="site_kind", code=OuterRef("kind"))
    gone_to = Site.objects.filter(pk__in={site for site, _week in there})
    sites = PLAN_MONTH.limit(Site.objects.in_use() | gone_to, worker)
    sites = sites.annotate(kind_order=Subquery(order.values("order")[:1]))
    sites = sites.order_by("kind_order", "kind", "name", "pk")
    sites = sites.filter(kind=kind) if kind else sites
    found = Paginator(sites.prefetch_related("rhythms"), PLACES).get_page(page)
    found.object_list = [_row(site, known, weeks, there) for site in found]
    return found


def _by_site_and_week(weeks):
    there = defaultdict(list)
    for week in weeks:
        for day in week.days:
            for chip in day.chips:
                there[chip.visit.site_id, week.number].append(chip)
    return there


def _row(site, known, weeks, there):
    going_on = [rhythm for rhythm in site.rhythms.all() if rhythm.until is None]
    for rhythm in going_on:
        rhythm.site = site
    return Row(
        site=site,
        kind=known[site.kind],
        said=words.say(going_on[0]) if going_on else "",
        cells=[(week, there[site.pk, week.number]) for week in weeks],
    )
