"""What time it is: the only place where the system asks.

Stored times are UTC and aware; a *day* is a day in Finland. Activity data keeps
its times cut to five minutes (``cut``), so that a clock cannot join two records.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Finland at this moment."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on a Finnish clock; ``moment`` must be aware."""
    return moment.astimezone(HELSINKI)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The aware UTC moment when a Finnish clock shows ``hour.minute`` on ``day``."""
    there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=HELSINKI)
    return there.astimezone(UTC)


def cut(moment: datetime, minutes: int = 5) -> datetime:
    """The moment floored to whole ``minutes`` (5 in activity data)."""
    extra = timedelta(
        minutes=moment.minute % minutes,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return moment - extra


def from_epoch(seconds: float) -> datetime:
    """The moment so many seconds after the beginning of 1970."""
    return datetime.fromtimestamp(seconds, UTC)
