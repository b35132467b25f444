"""`manage.py figures`: any days for activity, whole closed periods for people."""

import csv
import io
import json
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command

from rinnalla.statistics import actions
from rinnalla.testing import make_guided, make_met, make_site, make_visit


@pytest.fixture(autouse=True)
def july():
    with time_machine.travel("2026-07-20 12:00", tick=False):
        yield


@pytest.fixture
def spring(cast):
    """January to April, two sites in two towns; few people in April."""
    sites = [
        make_site(cast, name="Leipätupa"),
        make_site(cast, name="Tori", municipality_id="749", kind="street"),
    ]
    for month in (1, 2, 3, 4):
        for site, people in zip(sites, (14, 9), strict=True):
            visit = make_visit(
                cast, site, day=date(2026, month, 31 - 3), status="done", staff=2
            )
            make_met(visit, 100)
            few = month == 4
            make_guided(visit, 2 if few else people, topics=["benefits"])
            make_guided(visit, 1 if few else 8, topics=["housing", "legal"])
            make_guided(visit, 1 if few else 7, topics=["mental_health"])
    actions.mark_all()
    actions.recount_stale()
    return sites


def figures(first, last, by="", form="--json"):
    out = io.StringIO()
    call_command("figures", "--from", first, "--to", last, "--by", by, form, stdout=out)
    return json.loads(out.getvalue())["rows"] if form == "--json" else out.getvalue()


def test_it_works_a_sum_over_days_both_ends_included(spring):
    (row,) = figures("2026-01-28", "2026-02-28")

    assert (row["visits"], row["guided"]) == (4, 2 * (29 + 24))
    assert row["met_per_visit"] == 126.5
    assert figures("2026-01-29", "2026-02-27")[0]["visits"] == 0


def test_every_result_of_a_visit_is_told(spring, cast):
    for kind in ("declined", "attended", "matter_opened"):
        make_met(make_visit(cast, spring[0], status="done"), 3, kind=kind)
    actions.mark_all()
    (row,) = figures("2026-01-01", "2026-12-31")
    names = ("declined", "attended", "matter_opened", "nobody_reached")
    assert [row[name] for name in names] == [3, 3, 3, 0]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("year", [{"year": "2026"}]),
        ("quarter", [{"quarter": "2026-Q1"}, {"quarter": "2026-Q2"}]),
        ("kind", [{"kind": "food_distribution"}, {"kind": "street"}]),
        ("municipality", [{"municipality": "297"}, {"municipality": "749"}]),
        ("site", [{"site": "Leipätupa"}, {"site": "Tori"}]),
    ],
)
def test_split_by_one_thing(spring, by, rows):
    answer = figures("2026-01-01", "2026-12-31", by)

    assert [{by: row[by]} for row in answer] == rows
    assert sum(row["visits"] for row in answer) == 8


def test_split_by_two_things(spring):
    answer = figures("2026-01-01", "2026-04-30", "month,kind")

    assert len(answer) == 8
    assert answer[0]["month"] == "2026-01" and answer[0]["kind"] == "food_distribution"


def test_topics_of_a_closed_month(spring):
    rows = {row["topic"]: row for row in figures("2026-02-01", "2026-02-28", "topic")}

    assert rows["benefits"]["guided"] == 23
    assert rows["legal"]["guided"] == 16


def test_a_quarter_is_the_published_quarter_or_its_months(spring):
    quarter = figures("2026-01-01", "2026-03-31", "topic")
    by_month = figures("2026-01-01", "2026-03-31", "month,topic")

    benefits = [row["guided"] for row in quarter if row["topic"] == "benefits"]
    months = [row["guided"] for row in by_month if row["topic"] == "benefits"]
    assert benefits == [69] and months == [23, 23, 23]


def test_small_numbers_are_null_and_marked(spring):
    rows = figures("2026-04-01", "2026-04-30", "topic")

    assert all(row["guided"] != n for row in rows for n in (1, 2, 3, 4))
    assert "c" in {row["mark"] for row in rows}


def test_the_same_as_csv(spring):
    text = figures("2026-01-01", "2026-04-30", "quarter", "--csv")

    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["quarter"] for row in rows] == ["2026-Q1", "2026-Q2"]
    assert rows[0]["visits"] == "6"


@pytest.mark.parametrize(
    ("first", "last", "by", "why"),
    [
        ("2026-01-02", "2026-01-31", "topic", "kokonaisilta suljetuilta"),
        ("2026-01-01", "2026-01-30", "topic", "kokonaisilta suljetuilta"),
        ("2026-01-01", "2026-01-31", "age_band", "kokonaisilta suljetuilta"),
        ("2026-07-01", "2026-07-31", "topic", "2026-08-05"),
        ("2026-01-01", "2026-01-31", "kind,topic", "county × month"),
        ("2026-01-01", "2026-01-31", "site,month,topic", "site × year"),
        ("2026-01-01", "2026-03-31", "topic,age_band", "yhden asian"),
        ("2026-01-01", "2026-01-31", "worker", "worker"),
        ("2026-02-01", "2026-01-31", "", "ennen ensimmäistä"),
        ("2026-02-30", "2026-03-31", "", "2026-03-01"),
        ("x", "2026-03-31", "", "2026-03-01"),
    ],
)
def test_what_is_refused_is_refused_with_a_sentence(spring, first, last, by, why):
    with pytest.raises(CommandError) as refused:
        figures(first, last, by)

    assert why in str(refused.value)


def test_the_command_counts_what_was_just_recorded(cast, spring):
    visit = make_visit(cast, spring[0], day=date(2026, 7, 19), status="done")
    make_met(visit, 7)
    from rinnalla.planning.actions import mark_stale

    mark_stale(visit.site, visit.day)

    assert figures("2026-07-19", "2026-07-19")[0]["met"] == 7
