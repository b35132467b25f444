"""The clocks of answers run in working hours."""

from datetime import date

import pytest

from rinnalla.lib import clock
from rinnalla.lib.working_time import (
    add_working_days,
    hours_between,
    is_working_day,
    next_working_day,
)


def test_it_works():
    asked = clock.at(date(2026, 11, 23), 10)  # a Monday
    assert add_working_days(asked, 2) == clock.at(date(2026, 11, 25), 16)
    assert hours_between(asked, clock.at(date(2026, 11, 24), 9)) == 7


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # Saturday
        date(2026, 12, 6),  # Independence Day
        date(2026, 12, 24),  # Christmas Eve
        date(2026, 6, 19),  # Midsummer Eve
        date(2027, 3, 26),  # Good Friday
    ],
)
def test_nobody_is_at_work(day):
    assert not is_working_day(day)


def test_over_christmas_and_the_weekend():
    asked = clock.at(date(2026, 12, 23), 15)
    assert add_working_days(asked, 2) == clock.at(date(2026, 12, 29), 16)
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)


def test_what_comes_in_the_evening_counts_from_the_morning():
    asked = clock.at(date(2026, 11, 20), 16, 30)  # Friday after hours
    assert add_working_days(asked, 2) == clock.at(date(2026, 11, 25), 16)
    assert hours_between(asked, clock.at(date(2026, 11, 23), 9, 30)) == 1.5


def test_a_change_of_clocks_adds_no_hour():
    asked = clock.at(date(2027, 3, 25), 15)  # Thursday; Easter, then summer time
    assert hours_between(asked, clock.at(date(2027, 3, 30), 9)) == 2


def test_the_second_moment_is_earlier():
    monday = date(2026, 11, 23)
    assert hours_between(clock.at(monday, 12), clock.at(monday, 9)) == 0
