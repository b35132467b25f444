"""The demo's places get the rhythms their visits follow."""

from datetime import time, timedelta

from rinnalla.planning.models import Rhythm
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


def give_rhythm(place, site, first):
    """The rhythm of a place from its first visit on; the same one when asked again."""
    is_ruled = follows_rule(place.rhythm)
    # Every second week is counted from the week of the first visit.
    began = next(
        iter(days(place.rhythm, (), first, first.replace(year=first.year + 1)))
    )
    starts, ends = place.hours
    return Rhythm.objects.get_or_create(
        site=site,
        until=None,
        defaults={
            "rule": shape_of(place.rhythm).rule,
            "starts": time(starts) if is_ruled else None,
            "ends": time(ends) if is_ruled else None,
            "since": began if is_ruled else first,
        },
    )[0]
