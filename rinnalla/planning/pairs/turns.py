"""Whose turn it is to go: one rule, for a month of visits and for a single one.

Familiar faces first: those who look after the place, then those who have been there;
among equals whoever was there longest ago. It is read from the visits themselves:
nothing is kept by worker, and nobody's visits are counted.
"""

from collections import defaultdict
from datetime import date, time

NEVER = date.min


class Turns:
    """Who was where last and who is busy when, as visits are noted one by one."""

    def __init__(self):
        self._last_there = defaultdict(lambda: NEVER)
        self._busy = defaultdict(list)

    def note_there(self, worker, site, day):
        """This worker is at this place on this day, or was."""
        self._last_there[worker, site] = max(self._last_there[worker, site], day)

    def note_busy(self, worker, day, starts, ends):
        """This worker is out at these hours; without hours the whole day."""
        self._busy[worker, day].append((starts, ends))

    def elsewhere(self, worker, day, starts, ends):
        """The hours (starts, ends) that overlap with these, or None when free."""
        first, last = starts or time.min, ends or time.max
        for begun, over in self._busy[worker, day]:
            if (begun or time.min) < last and first < (over or time.max):
                return begun, over
        return None

    def in_order(self, people, site, keepers=frozenset()):
        """These people, who goes next first; `keepers` look after the place."""

        def turn(person):
            last = self._last_there[person.pk, site]
            keeps = person.pk in keepers
            return not keeps, not keeps and last == NEVER, last

        return sorted(people, key=turn)
