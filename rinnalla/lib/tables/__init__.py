"""Tables in and out: spreadsheets and CSV as rows, cells as values, rows as files."""

from rinnalla.lib.tables.cells import (
    BadValue,
    parse_count,
    parse_date,
    parse_number,
    parse_time,
)
from rinnalla.lib.tables.read import Sheet, read_table
from rinnalla.lib.tables.refusals import UnreadableTable
from rinnalla.lib.tables.write import stream_csv, write_xlsx

__all__ = [
    "BadValue",
    "Sheet",
    "UnreadableTable",
    "parse_count",
    "parse_date",
    "parse_number",
    "parse_time",
    "read_table",
    "stream_csv",
    "write_xlsx",
]
