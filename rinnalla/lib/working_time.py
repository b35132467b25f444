"""Working days and hours in Finland: Monday to Friday 8-16, no public holidays."""

from datetime import date, datetime, timedelta

from rinnalla.lib import clock
from rinnalla.lib.public_holidays import name_of

OPENS, CLOSES = 8, 16


def is_working_day(day: date) -> bool:
    """Whether the office is open on this day."""
    return day.weekday() < 5 and not name_of(day)


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(moment: datetime, number: int) -> datetime:
    """The end of the working day that is so many working days after this moment.

    What comes after hours counts as come on the next working day.
    """
    here = clock.local(moment)
    day = here.date() if here.hour < CLOSES else here.date() + timedelta(days=1)
    day = next_working_day(day)
    for _step in range(number):
        day = next_working_day(day + timedelta(days=1))
    return clock.at(day, CLOSES)


def hours_between(begin: datetime, end: datetime) -> float:
    """Working hours from one moment to another; 0 when the second is earlier."""
    first, last = clock.local(begin).date(), clock.local(end).date()
    total, day = timedelta(), first
    while day <= last:
        if is_working_day(day):
            opens, closes = clock.at(day, OPENS), clock.at(day, CLOSES)
            total += max(timedelta(), min(end, closes) - max(begin, opens))
        day += timedelta(days=1)
    return total / timedelta(hours=1)
