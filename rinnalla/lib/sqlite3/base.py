"""The database engine of an installation on SQLite: one writer after the other.

SQLite lets a writer that has to wait sleep and look again, each time later: under load
one comes in at once and another only after half a second. Here a writer first takes its
turn at locks of the system beside the database. Only who is next looks for the turn, so
that nobody who comes again at once gets in before those who wait. SQLite's own lock
still guards the data: what writes without a turn harms nothing.
"""

from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from io import FileIO
from time import monotonic, sleep

from django.db.backends.sqlite3 import base

# Seconds one waits for a turn, as long as for SQLite's own lock after it: a writer that
# hangs keeps its turn and must not hold up everybody for good.
LONGEST = 20
# Seconds between two looks. It does not grow: who waits longest must not look least.
PAUSE = 0.0005


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes a turn with each transaction and gives it back."""

    _next, _turn, _has_turn = None, None, False

    def get_new_connection(self, conn_params):
        """Open the database, and the files at which its writers wait."""
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            # Each connection opens them anew: so threads wait for each other too.
            self._next = FileIO(f"{conn_params['database']}-next", "a")
            self._turn = FileIO(f"{conn_params['database']}-turn", "a")
        return connection

    def _start_transaction_under_autocommit(self):
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self):
        try:
            super()._commit()
        finally:
            self._end_turn()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self):
        try:
            super()._close()
        finally:
            # Closing the file gives the turn back; so does the end of the process.
            for file in (self._turn, self._next):
                if file is not None:
                    file.close()
            self._next, self._turn, self._has_turn = None, None, False

    def _take_turn(self):
        """Wait for the turn; after LONGEST go on without it."""
        if self._turn is None or self._has_turn:
            return
        until = monotonic() + LONGEST
        if not _wait_for(self._next, until):
            return
        try:
            self._has_turn = _wait_for(self._turn, until)
        finally:
            flock(self._next, LOCK_UN)

    def _end_turn(self):
        if self._has_turn:
            self._has_turn = False
            flock(self._turn, LOCK_UN)


def _wait_for(file, until):
    """Take the lock of a file before this moment; says whether it is ours."""
    while not _is_ours(file):
        if monotonic() > until:
            return False
        sleep(PAUSE)
    return True


def _is_ours(file):
    """Take the lock of a file where nobody has it."""
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
