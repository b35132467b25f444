"""When a place is visited: the days of a rhythm, without a calendar to keep."""

from dataclasses import dataclass
from datetime import date, timedelta

from rinnalla.lib import public_holidays

MON, TUE, WED, THU, FRI = range(5)
LAST = -1


@dataclass(frozen=True)
class Weekly:
    """The same weekday every week, or every so many weeks counted from one Monday."""

    weekday: int
    every: int = 1
    turn: int = 0  # which of the weeks, when not every week

    def includes(self, day):
        week = (day - date(2024, 1, 1)).days // 7
        return day.weekday() == self.weekday and week % self.every == self.turn


@dataclass(frozen=True)
class Monthly:
    """The first, second … or last such weekdays of each month."""

    weekday: int
    which: tuple

    def includes(self, day):
        if day.weekday() != self.weekday:
            return False
        is_last = (day + timedelta(7)).month != day.month
        return (day.day - 1) // 7 + 1 in self.which or (is_last and LAST in self.which)


@dataclass(frozen=True)
class OnDates:
    """The same dates every year, as (month, day)."""

    dates: tuple

    def includes(self, day):
        return (day.month, day.day) in self.dates


@dataclass(frozen=True)
class NowAndThen:
    """No rhythm: when somebody asks. About so many working days of a hundred."""

    percent: int

    def includes(self, day):
        # A fixed shuffle of the days: the same every time, yet no pattern to see.
        return day.weekday() < 5 and (day.toordinal() * 7919) % 101 < self.percent


def in_season(day, season):
    """Whether the day lies in a season given as months (from, to), or no season."""
    return not season or season[0] <= day.month <= season[1]


def days(rhythm, season, first, last):
    """The days from first to last on which the rhythm falls in its season.

    Nobody goes on public holidays.
    """
    all_days = (first + timedelta(n) for n in range((last - first).days + 1))
    closed = public_holidays.between(first, last)
    return [
        day
        for day in all_days
        if rhythm.includes(day) and in_season(day, season) and day not in closed
    ]
