"""The demo's places get the rhythms their visits follow."""

from datetime import time, timedelta

from rinnalla.planning.rhythm import rules
from rinnalla.shell.demo.rhythm import LAST, Monthly, Weekly, days

A_YEAR = timedelta(days=366)
MONTHLY = {
    (1,): "m1",
    (2,): "m2",
    (3,): "m3",
    (LAST,): "last",
    (1, 3): "m13",
    (2, 4): "m24",
    (2, LAST): "m2last",
}


def shape_of(rhythm):
    """The same rhythm as people choose it; only for events when there is none."""
    if isinstance(rhythm, Weekly):
        return rules.Shape(f"w{rhythm.every}", (rhythm.weekday,))
    if isinstance(rhythm, Monthly):
        return rules.Shape(MONTHLY[rhythm.which], (rhythm.weekday,))
    return rules.Shape(rules.EVENTS)


def follows_rule(rhythm):
    """Whether its days come from a rule: then each is a promised one."""
    return isinstance(rhythm, Weekly | Monthly)


def fields_of(place, first):
    """The rhythm of a place from its first visit on, by the names of its fields."""
    starts, ends = place.hours
    if not follows_rule(place.rhythm):
        return {"rule": shape_of(place.rhythm).rule, "since": first}
    # Every second week is counted from the week of the first visit.
    coming = days(place.rhythm, (), first, first.replace(year=first.year + 1))
    return {
        "rule": shape_of(place.rhythm).rule,
        "starts": time(starts),
        "ends": time(ends),
        "since": next(iter(coming)),
    }
