"""The rules a rhythm may follow: what one chooses, and the RRULE that is kept.

A choice is "how often" and the weekdays. Only these shapes are ever stored, so that
every rule can be said in words.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Codes of "how often".
EVENTS = "events"
LATTER = "latter"
LATTER_DAYS = "16,17,18,19,20,21,22"
WEEKS = {f"w{n}": n for n in (1, 2, 3, 4, 6)}
MONTHS = {
    "m1": (1,),
    "m2": (2,),
    "m3": (3,),
    "m4": (4,),
    "last": (-1,),
    "m13": (1, 3),
    "m24": (2, 4),
    "m2last": (2, -1),
}


@dataclass(frozen=True)
class Shape:
    """How often, and on which weekdays (0 is Monday)."""

    often: str
    weekdays: tuple = ()

    @property
    def is_weekly(self):
        return self.often in WEEKS

    @property
    def rule(self):
        """The recurrence rule of this shape; empty when only for events."""
        days = [DAYS[day] for day in self.weekdays]
        if self.is_weekly:
            every = f";INTERVAL={WEEKS[self.often]}" if self.often != "w1" else ""
            return f"FREQ=WEEKLY{every};BYDAY={','.join(days)}"
        if self.often == LATTER:
            return f"FREQ=MONTHLY;BYDAY={days[0]};BYMONTHDAY={LATTER_DAYS}"
        if self.often in MONTHS:
            which = ",".join(f"{n}{days[0]}" for n in MONTHS[self.often])
            return f"FREQ=MONTHLY;BYDAY={which}"
        return ""


def shape_of(rule):
    """The choice behind a stored rule; ValueError for a rule of another shape."""
    if not rule:
        return Shape(EVENTS)
    parts = dict(part.split("=") for part in rule.split(";"))
    days = parts["BYDAY"].split(",")
    weekdays = tuple(sorted({DAYS.index(day[-2:]) for day in days}))
    if parts["FREQ"] == "WEEKLY":
        shape = Shape(f"w{parts.get('INTERVAL', 1)}", weekdays)
    elif "BYMONTHDAY" in parts:
        shape = Shape(LATTER, weekdays)
    else:
        which = tuple(int(day[:-2]) for day in days)
        shape = Shape({v: k for k, v in MONTHS.items()}.get(which, ""), weekdays)
    if shape.rule != rule:
        raise ValueError(rule)
    return shape


def days_of(rule, since, first, last):
    """The days of a rule that began on `since`, from first to last, both included."""
    begin = max(first, since)
    if not rule or last < begin:
        return []
    return [
        day for day in _counted(rule, _near(rule, since, begin), last) if day >= begin
    ]


def _near(rule, since, day):
    """A day not after `day` from which the rule counts the same as from `since`."""
    shape = shape_of(rule)
    if not shape.is_weekly:
        return max(since, day.replace(day=1))
    week = timedelta(weeks=WEEKS[shape.often])
    monday = since - timedelta(days=since.weekday())
    return max(since, monday + (day - monday) // week * week)


@lru_cache(maxsize=1024)
def _counted(rule, start, last):
    """The days of a rule; many places share theirs, so they are counted once."""
    begin = datetime.combine(start, time())
    rows = rrulestr(rule, dtstart=begin)
    found = rows.between(begin, datetime.combine(last, time()), inc=True)
    return tuple(at.date() for at in found)
