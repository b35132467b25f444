"""After a test that really stored something, all is as it was before the first one.

Django empties every table and asks all its apps to fill theirs anew; most of what they
write was there already. Here only the tables that have rows are emptied, and what every
test starts from, the facts and Django's own rows, is put back where it was touched.
"""

from django.core.management.color import no_style
from django.db import transaction

from rinnalla.access.models import AuditEvent

AUDIT = AuditEvent._meta.db_table


class Beginning:
    """What stands in the database now, to come back to."""

    def __init__(self, connection):
        self.connection = connection
        find = connection.introspection.django_table_names
        self.tables = find(only_existing=True, include_views=False)
        self.kept = {table: self._rows(table) for table in self._filled()}

    def come_back(self):
        """Empty what was empty then, and mend what was not."""
        touched = [t for t, rows in self.kept.items() if self._rows(t) != rows]
        grown = [table for table in self._filled() if table not in self.kept]
        # Relations are looked at where the transaction ends, so any order will do.
        with transaction.atomic(using=self.connection.alias):
            for table in sorted(touched + grown, key=lambda name: name != AUDIT):
                self._empty(table)
            for table in touched:
                self._fill(table)

    def _filled(self):
        """The tables that have rows."""
        name = self.connection.ops.quote_name
        asked = (
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name(table)})"
            for table in self.tables
        )
        return [table for (table,) in self._ask(" UNION ALL ".join(asked))]

    def _rows(self, table):
        name = self.connection.ops.quote_name(table)
        return self._ask(f"SELECT * FROM {name} ORDER BY 1")

    def _empty(self, table):
        name = self.connection.ops.quote_name(table)
        order = [f"DELETE FROM {name}"]
        if table == AUDIT:
            # PostgreSQL lets none of its rows go but all at once.
            order = self.connection.ops.sql_flush(no_style(), [table])
        with self.connection.cursor() as cursor:
            for one in order:
                cursor.execute(one)

    def _fill(self, table):
        rows = self.kept[table]
        places = ", ".join(["%s"] * len(rows[0]))
        name = self.connection.ops.quote_name(table)
        with self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {name} VALUES ({places})", rows)

    def _ask(self, question):
        with self.connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()
