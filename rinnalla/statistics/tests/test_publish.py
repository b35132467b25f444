"""Closing months: what splits people is published once, protected, and stays so."""

import random
from datetime import date

import pytest
import time_machine

from rinnalla.encounters.models import Count
from rinnalla.planning.actions import mark_stale
from rinnalla.statistics import actions
from rinnalla.statistics.models import ClosedCount, MonthTotal, PublishedTable
from rinnalla.statistics.published import (
    best_table,
    closed_facts,
    last_closed,
    months_to_publish,
    published_tables,
)
from rinnalla.statistics.tests.test_attack import Attack
from rinnalla.testing import make_guided, make_site, make_visit

TOPICS = ["benefits", "debt", "housing", "homelessness", "mental_health", "legal"]


def on(day):
    return time_machine.travel(f"{day} 12:00", tick=False)


@pytest.fixture
def half_a_year(cast):
    """Four sites in two towns, January to June 2026, invented."""
    rnd = random.Random(4)
    towns = ["297", "297", "749", "749"]
    for number, town in enumerate(towns):
        site = make_site(cast, name=f"Paikka {number}", municipality_id=town)
        for month in range(1, 7):
            visit = make_visit(cast, site, day=date(2026, month, 10), status="done")
            for _ in range(rnd.choice((2, 4, 9, 14))):
                topics = rnd.choices(TOPICS, [9, 6, 4, 3, 2, 1], k=rnd.choice((1, 2)))
                age = rnd.choice(["25_29", "30_44", "45_64"])
                make_guided(visit, topics=sorted(set(topics)), age_band=age)
    actions.mark_all()
    actions.recount_stale()
    return cast


def tables(dimension="topic"):
    return {
        (row.level, row.place, row.span, row.starts): row
        for row in PublishedTable.objects.filter(dimension=dimension)
    }


def test_it_works_a_month_is_published_on_the_fifth(half_a_year):
    with on("2026-02-04"):
        assert actions.publish_closed() == 0
    with on("2026-02-05"):
        assert actions.publish_closed() == 1

    january = tables()["county", "", "month", date(2026, 1, 1)]
    assert january.detail in ("code", "group")
    assert (
        january.guided
        == MonthTotal.objects.filter(month=january.starts).summed()[0]["guided"]
    )
    assert sum(1 for n in january.cells.values() if n not in (0, "c")) >= 2


def test_a_month_is_published_once(half_a_year):
    with on("2026-02-05"):
        actions.publish_closed()
        assert actions.publish_closed() == 0


def test_quarters_and_towns_follow_when_the_quarter_closes(half_a_year):
    with on("2026-04-05"):
        actions.publish_closed()

    first = date(2026, 1, 1)
    assert ("county", "", "quarter", first) in tables()
    assert ("municipality", "297", "quarter", first) in tables()
    assert ("county", "", "quarter", first) in tables("age_band")
    assert ("county", "", "month", first) not in tables("age_band")
    assert not [key for key in tables() if key[0] == "site"], "sites have years only"


def test_small_numbers_do_not_leave_the_worker(half_a_year):
    with on("2026-07-05"):
        actions.publish_closed()

    for row in PublishedTable.objects.all():
        assert not [n for n in row.cells.values() if n != "c" and 0 < n < 5], row


def attack_all(dimension):
    facts = closed_facts(dimension, date(2026, 12, 1))
    attack = Attack(published_tables(dimension, 2026), facts)
    assert attack.shown
    return [
        (table.slot, category)
        for table, category, width in attack.widths()
        if width < 3
    ]


def test_nothing_is_recovered_over_two_states_with_a_late_record_between(half_a_year):
    """State one: after March. Then somebody comes late. State two: after June."""
    with on("2026-04-05"):
        actions.refresh()
    first = {key: dict(row.cells) for key, row in tables().items()}
    assert attack_all("topic") == []
    actions.note_read(2026)

    late = make_visit(half_a_year, day=date(2026, 2, 11), status="done")
    make_guided(late, 1, topics=["legal"], age_band="25_29")
    mark_stale(late.site, late.day)
    with on("2026-07-05"):
        actions.refresh()

    second = {key: dict(row.cells) for key, row in tables().items()}
    assert len(second) > len(first)
    assert all(second[key] == cells for key, cells in first.items())
    assert attack_all("topic") == []
    assert attack_all("age_band") == []
    february = MonthTotal.objects.filter(month=date(2026, 2, 1)).summed()[0]["guided"]
    closed = ClosedCount.objects.filter(month=date(2026, 2, 1), dimension="guided")
    assert february == 1 + sum(row.value for row in closed), "activity is live"


def test_a_month_that_comes_after_its_quarter_is_said_to_be_late(half_a_year):
    Count.objects.all().delete()
    with on("2026-07-05"):
        actions.publish_closed()
    PublishedTable.objects.filter(span="month", starts=date(2026, 5, 1)).delete()

    with on("2026-07-06"):
        actions.publish_closed()

    assert tables()["county", "", "month", date(2026, 5, 1)].detail == "late"
    assert best_table("topic", "county", "", "month", date(2026, 5, 1)).span in (
        "quarter",
        "year",
    )


def test_the_next_wider_table_stands_in(half_a_year):
    with on("2026-07-05"):
        actions.publish_closed()

    row = best_table("topic", "municipality", "297", "month", date(2026, 2, 1))

    assert (row.level, row.span) in {("municipality", "quarter"), ("county", "quarter")}
    assert best_table("topic", "site", "1", "year", date(2026, 2, 1), "297") is None


def test_when_months_close():
    assert last_closed(date(2026, 4, 4)) == date(2026, 2, 1)
    assert last_closed(date(2026, 4, 5)) == date(2026, 3, 1)
    assert last_closed(date(2026, 1, 1)) == date(2025, 11, 1)


def test_nothing_to_publish_without_figures(db):
    assert months_to_publish(date(2026, 7, 5)) == []


def test_tables_nobody_has_read_are_made_anew(half_a_year):
    """The next old spreadsheet of the same year counts too."""
    with on("2026-07-05"):
        actions.refresh()
        first = sum(ClosedCount.objects.values_list("value", flat=True))
        late = make_visit(half_a_year, day=date(2026, 2, 11), status="done")
        make_guided(late, 20, topics=["housing"], age_band="25_29")
        mark_stale(late.site, late.day)
        actions.refresh()
        assert sum(ClosedCount.objects.values_list("value", flat=True)) == first + 60
        assert attack_all("topic") == []

        actions.note_read(2026)
        kept = {key: dict(row.cells) for key, row in tables().items()}
        make_guided(late, 20, topics=["housing"], age_band="25_29")
        mark_stale(late.site, late.day)
        actions.refresh()
    assert {key: dict(row.cells) for key, row in tables().items()} == kept


def test_a_tap_in_an_open_month_leaves_the_closed_ones(half_a_year):
    with on("2026-07-05"):
        actions.refresh()
        made = set(PublishedTable.objects.values_list("pk", flat=True))
        now = make_visit(half_a_year, day=date(2026, 7, 4), status="done")
        make_guided(now, 1, topics=["legal"])
        mark_stale(now.site, now.day)
        actions.refresh()
    assert set(PublishedTable.objects.values_list("pk", flat=True)) == made
