"""I17 and I18: how soon requests were answered, and how soon we came."""

from datetime import date

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rinnalla.lib import clock
from rinnalla.statistics.indicators import INDICATORS, middle, nine_tenths
from rinnalla.statistics.published import start_of
from rinnalla.statistics.rhythm.figures import asked_by
from rinnalla.statistics.scope import Scope
from rinnalla.statistics.tests.rhythm.asked import make_asked
from rinnalla.statistics.tests.rhythm.kept import whole_year

MONDAY = date(2026, 3, 2)
NINE = clock.at(MONDAY, 9)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel("2026-04-20 12:00", tick=False):
        yield


def asked(**over):
    year = whole_year(2026)
    return asked_by(lambda day: start_of("quarter", day), Scope(**over), *year)


def whole(**over):
    return asked(**over)[None]


def test_it_works(db):
    for hours in (1, 2, 3, 4, 6):
        make_asked(NINE, answered=hours)
    make_asked(NINE)
    row = whole()
    assert (row.requests, row.waiting) == (6, 1)
    assert INDICATORS["I17"].figure(row) == 3


def test_hours_are_working_hours(db):
    friday = clock.at(date(2026, 3, 6), 15)
    make_asked(friday, answered=66)  # Monday at nine
    make_asked(clock.at(date(2026, 4, 2), 15), answered=4 * 24 + 18)  # over Easter
    assert whole().answer_hours == [2, 2]


def test_a_held_one_is_no_request_yet(db):
    make_asked(NINE, is_held=True)
    assert whole().requests == 0


def test_the_year_is_the_readers(db):
    """Half past midnight in Finland is the year before by the clock of the world."""
    make_asked(clock.at(date(2026, 1, 1), 0, 30))
    make_asked(clock.at(date(2025, 12, 31), 23, 55))
    assert whole().requests == 1
    assert asked()[date(2026, 1, 1)].requests == 1


def test_days_from_request_to_visit(cast):
    for days in (0, 3, 5, 14, 15):
        make_asked(NINE, visited=days, cast=cast)
    row = whole()
    assert row.visit_days == [0, 3, 5, 14, 15]
    assert INDICATORS["I18"].figure(row) == 5
    assert (row.soon, row.due) == (4, 5)


def test_what_was_not_visited_yet_is_due_after_two_weeks(cast):
    make_asked(NINE)
    make_asked(NINE, visited=3, cast=cast, went={"status": "planned"})
    off = {"status": "cancelled", "cancel_reason": "weather"}
    make_asked(NINE, visited=3, cast=cast, went=off)
    make_asked(clock.at(date(2026, 4, 6), 9))
    make_asked(clock.at(date(2026, 4, 6), 9), visited=1, cast=cast)
    row = whole()
    assert (row.soon, row.due) == (0, 3), "of a fortnight ago nothing is said yet"
    assert row.visit_days == [1]


def test_what_ended_without_a_visit_is_told_apart(cast):
    make_asked(NINE, status="declined", decline_reason="other")
    make_asked(NINE, status="closed")
    make_asked(NINE, status="closed", visited=3, cast=cast)
    row = whole()
    assert (row.unvisited, row.due, row.soon) == (2, 1, 1)


def test_a_team_and_a_municipality_have_their_own(cast):
    site = make_asked(NINE, visited=1, cast=cast).visit.site
    make_asked(NINE, team=cast.team, municipality=site.municipality)
    assert whole(team=cast.team).requests == 1
    assert whole(municipality=site.municipality).requests == 1
    assert whole(team=cast.other_team).requests == 0


SLOW = HealthCheck.function_scoped_fixture
VALUES = st.lists(st.floats(0, 500), max_size=60)


@given(VALUES)
@settings(deadline=None, suppress_health_check=[SLOW])
def test_half_is_the_median(values):
    found = middle(values)
    if len(values) < 5:
        assert found is None
        return
    below = sum(value <= found for value in values)
    above = sum(value >= found for value in values)
    assert min(below, above) * 2 >= len(values)
    assert min(values) <= found <= max(values)


@given(VALUES)
@settings(deadline=None, suppress_health_check=[SLOW])
def test_nine_tenths_are_not_above_and_no_smaller_value_does(values):
    found = nine_tenths(values)
    if len(values) < 20:
        assert found is None
        return

    def holds(limit):
        return sum(value <= limit for value in values) * 10 >= len(values) * 9

    assert found == min(value for value in values if holds(value))
