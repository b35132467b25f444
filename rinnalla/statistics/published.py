"""Reads the splits of people: closed counts for the worker, tables for everybody else.

Nothing here shows a number that `tables.close` has not let out.
"""

from datetime import date

from django.conf import settings
from django.db.models import Q, Sum

from rinnalla.access.models import Code
from rinnalla.lib import clock
from rinnalla.planning.models import Site
from rinnalla.statistics.counting import PEOPLE, month_after, months_before
from rinnalla.statistics.models import (
    ClosedCount,
    Correction,
    MonthCount,
    MonthTotal,
    PublishedTable,
)
from rinnalla.statistics.tables import MONTHS, Facts, Table

_WIDER_PLACE = {"site": "municipality", "municipality": "county"}
_WIDER_SPAN = {"month": "quarter", "quarter": "year"}


def closes_on(month):
    """The day when a month's splits are published: by default 5th of the next month."""
    return month_after(month).replace(day=settings.MONTH_CLOSES_ON_DAY)


def last_closed(today=None):
    """The newest month that has closed by today."""
    month = (today or clock.today()).replace(day=1)
    while closes_on(month) > (today or clock.today()):
        month = months_before(month, 1)
    return month


def months_to_publish(today):
    """Closed months without tables, oldest first; from a year's first month with data.

    Cheap: asked by the worker every few seconds.
    """
    last = last_closed(today)
    held = set(MonthTotal.objects.filter(guided__gt=0).values_list("month", flat=True))
    split = MonthCount.objects.filter(dimension__in=PEOPLE, value__gt=0)
    held |= set(split.order_by().values_list("month", flat=True).distinct())
    done = set(
        PublishedTable.objects.filter(
            dimension="topic", level="county", span="month"
        ).values_list("starts", flat=True)
    )
    first = {}
    for month in held:
        first[month.year] = min(month, first.get(month.year, month))
    return sorted(
        month
        for start in first.values()
        for month in (date(start.year, number, 1) for number in range(1, 13))
        if start <= month <= last and month not in done
    )


def closed_facts(dimension, month):
    """A year's closed counts of one dimension up to and with `month`."""
    rows = ClosedCount.objects.filter(
        dimension__in=[dimension, "guided"],
        month__gte=month.replace(month=1),
        month__lte=month,
    ).order_by("month", "pk")
    counts, guided, where = {}, {}, {}
    for row in rows:
        site = str(row.site_id)
        where.setdefault(site, row.municipality)
        if row.dimension == "guided":
            guided[site, row.month.month] = row.value
        else:
            counts[site, row.month.month, row.category] = row.value
    named = Site.objects.filter(is_ad_hoc=False).values_list("pk", flat=True)
    group = {code: code for _, _, code in counts} | _groups(dimension)
    named = frozenset(map(str, named))
    return Facts(dimension, counts, guided, where, group, named)


def _groups(dimension):
    codes = Code.objects.of(dimension).values_list("code", "group")
    return {code: group or code for code, group in codes}


def published_tables(dimension, year):
    """Every table of the dimension and year that readers already have."""
    rows = PublishedTable.objects.filter(dimension=dimension, starts__year=year)
    return [as_table(row) for row in rows.exclude(detail="late").order_by("pk")]


def as_table(row):
    """The stored row as what `tables` reckons with."""
    return Table(
        row.level,
        row.place,
        row.span,
        row.starts.month,
        row.detail,
        row.cells,
        row.groups,
    )


# --- For pages ---------------------------------------------------------------------


def start_of(span, month):
    """The first month of the span that holds `month`."""
    first = (month.month - 1) // MONTHS[span] * MONTHS[span] + 1
    return month.replace(month=first, day=1)


def tables_for(dimensions, level, place, span, month):
    """The published tables of exactly this place and span, by dimension."""
    rows = PublishedTable.objects.filter(
        dimension__in=dimensions,
        level=level,
        place=place,
        span=span,
        starts=start_of(span, month),
        detail="code",
    )
    return {row.dimension: row for row in rows}


def guided_now(row):
    """People guided in all in a table's place and span, as of this moment."""
    last = month_after(months_before(row.starts, 1 - MONTHS[row.span]))
    rows = {"month__gte": row.starts, "month__lt": last}
    if row.level == "municipality":
        rows["site__municipality"] = row.place
    elif row.level == "site":
        rows["site"] = row.place
    sums = (
        model.objects.filter(**rows).aggregate(n=Sum("guided"))["n"] or 0
        for model in (MonthTotal, Correction)
    )
    return sum(sums)


def is_late(month):
    """Whether a month's records came after wider tables had been published for good."""
    return PublishedTable.objects.filter(
        dimension="topic", span="month", starts=month, detail="late"
    ).exists()


def best_table(dimension, level, place, span, month, municipality=""):
    """The table asked for, or the next wider one that says something.

    Wider in time first (month, quarter, year), then in place (site, municipality,
    county). Returns the row, or None when nothing wide enough has closed yet.
    """
    places = {"site": place, "municipality": municipality or place, "county": ""}
    here, there = level, span
    wanted = Q()
    ladder = []
    while here:
        while there:
            slot = (here, places[here], there, start_of(there, month))
            ladder.append(slot)
            names = ("level", "place", "span", "starts")
            wanted |= Q(**dict(zip(names, slot, strict=True)))
            there = _WIDER_SPAN.get(there)
        here, there = _WIDER_PLACE.get(here), span
    rows = PublishedTable.objects.filter(
        wanted, dimension=dimension, detail__in=["code", "group"]
    )
    found = {(row.level, row.place, row.span, row.starts): row for row in rows}
    return next((found[slot] for slot in ladder if slot in found), None)
