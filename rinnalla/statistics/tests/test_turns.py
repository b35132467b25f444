"""Closing months in turns: recounts and jobs come between, two workers do no harm."""

import threading
from datetime import date

import pytest
from django.db import connection, connections

from rinnalla.planning.actions import mark_stale
from rinnalla.planning.models import StaleMonth
from rinnalla.statistics import actions, disclosure
from rinnalla.statistics.models import (
    ClosedCount,
    MonthTotal,
    PublishedTable,
    PublishedYear,
)
from rinnalla.statistics.tests.test_publish import (  # noqa: F401
    attack_all,
    half_a_year,
    on,
    tables,
)
from rinnalla.testing import make_guided, make_met, make_visit

DIMENSIONS = 5


def test_it_works_a_turn_closes_one_dimension_and_the_next_goes_on(half_a_year):  # noqa: F811
    with on("2026-04-05"):
        first = actions.refresh(in_turns=True)
        assert (first["published"], len(tables())) == (1, 1), "January's topics"
        turns = 1
        while actions.refresh(in_turns=True)["published"]:
            turns += 1
        assert turns == 2 + DIMENSIONS, "two plain months, and a quarter's end"
        in_turns = {key: (row.detail, row.cells) for key, row in tables().items()}

        PublishedTable.objects.all().delete()
        ClosedCount.objects.all().delete()
        actions.refresh()
        actions.publish_closed()
    assert in_turns == {k: (row.detail, row.cells) for k, row in tables().items()}
    assert attack_all("topic") == []


def test_a_tap_is_counted_before_the_next_turn_of_a_closing(half_a_year):  # noqa: F811
    with on("2026-07-05"):
        actions.refresh(in_turns=True)
        visit = make_visit(half_a_year, day=date(2026, 7, 4), status="done")
        make_met(visit, 7)
        mark_stale(visit.site, visit.day)

        done = actions.refresh(in_turns=True)

    assert done["recounted"] == 1
    assert MonthTotal.objects.get(month=date(2026, 7, 1)).met == 7


def test_a_tap_is_counted_in_the_middle_of_a_long_search(half_a_year, monkeypatch):  # noqa: F811
    """The search for what to protect is one step and may take minutes."""
    visit = make_visit(half_a_year, day=date(2026, 7, 4), status="done")
    make_met(visit, 7)
    solve, seen = disclosure._solve, []

    def solve_while_somebody_taps(*arguments):
        if not seen:
            mark_stale(visit.site, visit.day)
        found = solve(*arguments)
        seen.append(MonthTotal.objects.filter(month=date(2026, 7, 1)).exists())
        return found

    monkeypatch.setattr(disclosure, "_solve", solve_while_somebody_taps)
    with on("2026-07-05"):
        actions.publish_closed()

    assert seen[0] is False and seen[-1] is True
    assert not StaleMonth.objects.exists()


def test_many_recounts_go_before_a_closing_newest_first(half_a_year, monkeypatch):  # noqa: F811
    monkeypatch.setattr(actions, "PAIRS_A_TURN", 4)
    actions.mark_all()
    with on("2026-04-05"):
        done = actions.refresh(in_turns=True)

    assert (done["recounted"], done["published"]) == (4, 0)
    assert not StaleMonth.objects.filter(month=date(2026, 6, 1)).exists()
    assert StaleMonth.objects.filter(month=date(2026, 1, 1)).exists()


def test_what_was_reckoned_of_old_facts_is_let_go(half_a_year, monkeypatch):  # noqa: F811
    """A fact comes to a closed month nobody has read while its tables are made."""
    late = make_visit(half_a_year, day=date(2026, 1, 11), status="done")
    close, times = actions.close, []

    def close_while_somebody_writes(*arguments, **over):
        made = close(*arguments, **over)
        if not times:
            make_guided(late, 20, topics=["housing"])
            actions.recount(late.site_id, date(2026, 1, 1))
        times.append(1)
        return made

    monkeypatch.setattr(actions, "close", close_while_somebody_writes)
    with on("2026-02-05"):
        actions.publish_closed()

    (january,) = tables().values()
    total = MonthTotal.objects.filter(month=date(2026, 1, 1)).summed()[0]
    assert january.guided == total["guided"]
    assert PublishedYear.objects.get(year=2026).edition == 1


def test_a_month_that_comes_after_its_quarter_is_late_even_the_first(half_a_year):  # noqa: F811
    with on("2026-07-05"):
        actions.publish_closed()
    PublishedTable.objects.filter(span="month", starts=date(2026, 1, 1)).delete()

    with on("2026-07-06"):
        actions.publish_closed()

    assert tables()["county", "", "month", date(2026, 1, 1)].detail == "late"


def test_a_late_months_page_says_why_it_has_no_topics(half_a_year, sign_in):  # noqa: F811
    with on("2026-07-05"):
        actions.publish_closed()
        PublishedTable.objects.filter(span="month", starts=date(2026, 5, 1)).delete()
        actions.publish_closed()
        client = sign_in(half_a_year.leena)
        html = client.get("/figures/month/2026-05/").content.decode()

    assert "Ne ovat mukana kohdatuissa ja ohjatuissa, mutta eivät aiheissa." in html


def test_two_workers_that_close_one_month_make_it_once(half_a_year, monkeypatch):  # noqa: F811
    """The second comes when the first has reckoned and not yet stored."""
    close, inner = actions.close, []

    def close_beside_another(*arguments, **over):
        made = close(*arguments, **over)
        if not inner:
            inner.append(1)
            actions.publish_closed(steps=1)
        return made

    monkeypatch.setattr(actions, "close", close_beside_another)
    with on("2026-02-05"):
        actions.refresh()

    assert len(tables()) == 1


@pytest.fixture
def seen_by_all(transactional_db):
    """Rows that other connections see; SQLite in memory has only one writer."""
    if connection.vendor == "sqlite":
        pytest.skip("needs a database that several connections write to at once")


def test_two_processes_refresh_at_once(seen_by_all, half_a_year):  # noqa: F811
    faults = []

    def refresh():
        try:
            actions.refresh()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    with on("2026-07-05"):
        both = [threading.Thread(target=refresh) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()

    assert faults == []
    assert attack_all("topic") == []
