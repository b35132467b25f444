"""Writes very many rows at once, for imports: plain values, no object a row."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS, connections, models


class BulkInsert:
    """Inserts rows into one table about four times faster than ``bulk_create``.

    ``names`` are the fields whose values each row gives, in order (``site_id`` for a
    relation); all others get their defaults. Prepare first, then write inside the
    transaction: so the database is held only while it writes. No signals, no keys back.
    """

    def __init__(self, model: type[models.Model], names: Iterable[str]) -> None:
        # The connection itself: its stand-in is looked up anew at every use.
        self.database = connections[DEFAULT_DB_ALIAS]
        self.names = [model._meta.get_field(name) for name in names]
        others = [
            column
            for column in model._meta.concrete_fields
            if column not in self.names and not isinstance(column, models.AutoField)
        ]
        self.rest = tuple(
            column.get_db_prep_save(column.get_default(), self.database)
            for column in others
        )
        quote = self.database.ops.quote_name
        columns = [quote(column.column) for column in [*self.names, *others]]
        marks = ", ".join(["%s"] * len(columns))
        table = quote(model._meta.db_table)
        self.sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"

    def prepare(self, rows: Iterable[tuple]) -> list[tuple]:
        """The rows as the database takes them."""
        prepare = [column.get_db_prep_save for column in self.names]
        return [
            tuple(
                value if value is None else ready(value, self.database)
                for ready, value in zip(prepare, row, strict=True)
            )
            + self.rest
            for row in rows
        ]

    def write(self, prepared: list[tuple]) -> None:
        """Insert prepared rows; one statement for the lot."""
        if prepared:
            with self.database.cursor() as cursor:
                cursor.executemany(self.sql, prepared)
