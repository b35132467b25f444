"""The watch process: sees that nobody is forgotten outside, and does nothing else.

It goes by the server's clock. Set back while it runs, that clock does not stop time
for those who are out: seconds that passed count, for as long as a shift may last. One
that is put right just after the start was wrong at the start, and is believed.
"""

import logging
import threading
import time
from datetime import timedelta

from django.db import close_old_connections

from rinnalla.lib import clock
from rinnalla.planning.safety.watching import Watch
from rinnalla.shell import actions

log = logging.getLogger(__name__)
SECONDS_BETWEEN = 1.0
# While letters are on their way: how soon it is seen that a server took them.
SECONDS_IN_A_HURRY = 0.2


# A machine that starts with a wrong clock has it put right by then.
SETTLING = timedelta(minutes=5)
# Whoever went out before the clock was set back is home or has an alarm by then.
LONGEST_HELD = timedelta(hours=12)


class Ticker:
    """Says what time it is; a clock set back is not followed for LONGEST_HELD."""

    def __init__(self):
        self.begin()

    def begin(self):
        """Count from the clock as it stands."""
        self.began, self.started = clock.now(), self.elapsed()
        self.behind_since = None

    def elapsed(self):
        """Seconds by a clock nobody can set."""
        return time.monotonic()

    def now(self):
        """This moment by the server's clock, or later where that was set back."""
        now, elapsed = clock.now(), self.elapsed()
        passed = timedelta(seconds=elapsed - self.started)
        if now >= self.began + passed:
            self.behind_since = None
            return now
        if self.behind_since is None:
            self.behind_since = elapsed
        held = timedelta(seconds=elapsed - self.behind_since)
        if passed < SETTLING or held >= LONGEST_HELD:
            self.begin()
            return now
        return self.began + passed


class Loop:
    """Goes round until it is asked to stop."""

    def __init__(self):
        self.stopping = threading.Event()
        self.ticker, self.watch = Ticker(), Watch()

    def stop(self, *_signal):
        """End after the turn that is under way."""
        self.stopping.set()

    def run(self):
        """Go round; a fault is logged, never the end of the loop."""
        while not self.stopping.is_set():
            in_a_hurry = False
            try:
                in_a_hurry = self.turn()
            # A database that is restarted: the next turn tries again.
            except Exception:
                log.exception("watch")
            close_old_connections()
            self.stopping.wait(SECONDS_IN_A_HURRY if in_a_hurry else SECONDS_BETWEEN)

    def turn(self):
        """One round; whether something is on its way."""
        in_a_hurry = self.watch.turn(self.ticker.now(), self.ticker.elapsed())
        # After the turn: a beat says that every alarm was looked after.
        if self.watch.is_well:
            actions.beat("watch")
            log.debug("step 1 beat")
        return in_a_hurry
