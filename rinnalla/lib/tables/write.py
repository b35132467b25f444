"""Writes rows as CSV (in a stream) or XLSX (in constant memory).

A text can never become a formula in a spreadsheet, a number stays a number, and
what cannot be stored in a file (control characters, half characters) is left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal

ROWS_AT_A_TIME = 500
FORMULA_STARTS = tuple("=+-@\t\r\n\x00＝＋－＠")
MAX_CELL_TEXT = 32_000
MAX_SHEET_NAME = 31

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def stream_csv(rows: Iterable, header: Iterable) -> Iterator[bytes]:
    """The table in pieces of bytes: UTF-8 with BOM, ``;``, CRLF, decimal comma."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow([_csv_cell(cell) for cell in header])
    yield b"\xef\xbb\xbf" + lines.take()
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if number % ROWS_AT_A_TIME == 0:
            yield lines.take()
    yield lines.take()


class _Lines(list):
    """What the CSV writer has written since it was last taken."""

    write = list.append

    def take(self) -> bytes:
        text = "".join(self)
        self.clear()
        return text.encode("utf-8")


def _csv_cell(cell):
    if isinstance(cell, str):
        return safe_text(cell)
    if cell is None:
        return ""
    if isinstance(cell, float | Decimal):
        return str(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return cell if isinstance(cell, int | date) else safe_text(str(cell))


def safe_text(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take as a formula."""
    mark = "'" if text.startswith(FORMULA_STARTS) else ""
    return mark + _UNSTORABLE.sub("", text)


def write_xlsx(file, sheets: Iterable[tuple[str, Iterable, Iterable]]) -> None:
    """Write sheets of (name, header, rows) to a file open for writing bytes.

    A date becomes a date cell; an aware moment is written without its zone.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "default_date_format": "d.m.yyyy",
            "remove_timezone": True,
        },
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    taken: set[str] = set()
    for name, header, rows in sheets:
        sheet = book.add_worksheet(_sheet_name(name, taken))
        _write_sheet(sheet, header, rows, bold)
    book.close()


def _write_sheet(sheet, header: Iterable, rows: Iterable, bold) -> None:
    titles = [_xlsx_text(str(title)) for title in header]
    for column, title in enumerate(titles):
        sheet.set_column(column, column, min(max(len(title) + 2, 12), 40))
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell)


def _write_cell(sheet, row: int, column: int, cell) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool) or not isinstance(
        cell, int | float | Decimal | date | time
    ):
        sheet.write_string(row, column, _xlsx_text(str(cell)))
    else:
        sheet.write(row, column, cell)


def _xlsx_text(text: str) -> str:
    # A string cell is never run, so it keeps what was written, "=" first or not.
    return _UNSTORABLE.sub("", text)[:MAX_CELL_TEXT]


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name spreadsheets accept: 31 characters, no ``[]:*?/\\``, no two alike."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", _UNSTORABLE.sub("", name)).strip(" '") or "1"
    short, number = _cut(plain, MAX_SHEET_NAME), 1
    while short.lower() in taken:
        number += 1
        short = f"{_cut(plain, MAX_SHEET_NAME - 1 - len(str(number)))} {number}"
    taken.add(short.lower())
    return short


def _cut(text: str, length: int) -> str:
    """At most ``length`` characters as spreadsheets count them, in UTF-16 units."""
    units = text.encode("utf-16-le")[: 2 * length]
    return units.decode("utf-16-le", "ignore").rstrip(" '")
