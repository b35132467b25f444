"""What is asked and written with every tap: its SQL is worked out once, then only sent.

Building and compiling a query takes several times longer than a small database needs to
answer it. What is asked here are plain values, so nothing but the numbers changes from
one time to the next. PostgreSQL keeps its plans as well (`prepare_threshold`).
"""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    IntegerField,
    UUIDField,
)

# Stands in for a number while the SQL is worked out; no row has it.
_FIRST = 0x51A7D1000000000000000000
_FIELD = UUIDField()


@dataclass(frozen=True)
class _Plan:
    """One question worked out: its SQL, where numbers go, how values come back."""

    sql: str
    params: tuple
    places: tuple
    compiler: object
    converters: dict


class Prepared:
    """A query by lists of UUIDs, worked out once for each length of the lists.

    `build` takes the lists and returns a `values_list` queryset. Called with lists it
    gives the rows; where a list is empty, none. What else shapes the query comes as
    `fixed`: hashable, handed to `build` before the lists, each worked out by itself.
    """

    def __init__(self, build):
        self._build = build
        self._plan = lru_cache(maxsize=500)(self._work_out)

    def __call__(self, *lists, fixed=()):
        if not all(lists):
            return []
        plan = self._plan(connection.vendor, fixed, *map(len, lists))
        if plan is None:
            return []
        given = [_stored(number) for numbers in lists for number in numbers]
        params = list(plan.params)
        for place, which in plan.places:
            params[place] = given[which]
        with _sending() as cursor:
            cursor.execute(plan.sql, params)
            rows = cursor.fetchall()
        return list(plan.compiler.apply_converters(rows, plan.converters))

    def _work_out(self, _vendor, fixed, *lengths):
        stand_ins, lists = [], []
        for length in lengths:
            some = [UUID(int=_FIRST + len(stand_ins) + n) for n in range(length)]
            stand_ins += some
            lists.append(some)
        rows = self._build(*fixed, *lists)
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        known = {_stored(number): which for which, number in enumerate(stand_ins)}
        places = [(n, known[p]) for n, p in enumerate(params) if p in known]
        columns = [column for column, *_more in compiler.select[: compiler.col_count]]
        return _Plan(
            sql,
            tuple(params),
            tuple(places),
            compiler,
            compiler.get_converters(columns),
        )


def insert(rows):
    """Insert new rows of one model in one statement; keys made there do not come back.

    Values go in as they stand: no field of these fills itself in when it is saved.
    """
    if not rows:
        return
    in_columns = connection.vendor == "postgresql"
    number = 0 if in_columns else len(rows)
    sql, fields = _insertion(connection.vendor, type(rows[0]), number)
    columns = [_values(field, rows) for field in fields]
    if not in_columns:
        columns = [value for row in zip(*columns, strict=True) for value in row]
    with _sending() as cursor:
        cursor.execute(sql, columns)


def _values(field, rows):
    """A field's values in these rows, as this database takes them."""
    values = [getattr(row, field.attname) for row in rows]
    if isinstance(field, AS_THEY_STAND):
        return values
    database = connections[DEFAULT_DB_ALIAS]
    return [field.get_db_prep_save(value, database) for value in values]


# Their values are the database's own.
AS_THEY_STAND = (CharField, IntegerField, BooleanField)


@lru_cache(maxsize=500)
def _insertion(vendor, model, number):
    """The SQL that inserts so many rows, and the fields whose values it takes.

    PostgreSQL takes each column whole, so that any number of rows is one statement,
    planned once.
    """
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
    if vendor == "postgresql":
        kinds = [field.db_type(connection).split("(")[0] for field in fields]
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
        return f"{into} SELECT * FROM UNNEST({arrays})", fields
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"{into} VALUES {', '.join([row] * number)}", fields


def _sending():
    """A cursor; on PostgreSQL one that has the database plan each statement once."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))


def _stored(number):
    """A UUID as this database takes it."""
    return _FIELD.get_db_prep_value(number, connection)
