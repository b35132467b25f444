"""The database engine of an installation on SQLite: one writer after the other.

SQLite lets a writer that has to wait sleep and look again, each time later: under load
one comes in at once and another only after half a second. Here a writer first takes its
turn at a lock of the system beside the database, which wakes whoever waits at once.
SQLite's own lock still guards the data: what writes without a turn harms nothing.
"""

from fcntl import LOCK_EX, LOCK_UN, flock
from io import FileIO

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes a turn with each transaction and gives it back."""

    _turn, _has_turn = None, False

    def get_new_connection(self, conn_params):
        """Open the database, and the file at which its writers wait."""
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            # Each connection opens it anew: so threads wait for each other too.
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
            if self._turn is not None:
                self._turn.close()
            self._turn, self._has_turn = None, False

    def _take_turn(self):
        if self._turn is not None and not self._has_turn:
            flock(self._turn, LOCK_EX)
            self._has_turn = True

    def _end_turn(self):
        if self._has_turn:
            self._has_turn = False
            flock(self._turn, LOCK_UN)
