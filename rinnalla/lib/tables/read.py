"""Reads XLSX, XLS, ODS and CSV as numbered rows.

What a file is, is seen from its bytes, not from its name; if the two disagree the
file is refused. Texts come in NFC and without space around them; an empty cell is
``""``. A CSV is read in a stream, however long it is.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import BinaryIO

from rinnalla.lib.tables.apart import read_apart
from rinnalla.lib.tables.guard import ZIP_FAULTS, look_into
from rinnalla.lib.tables.old_formulas import formula_cells
from rinnalla.lib.tables.refusals import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    UnreadableTable,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A locked XLSX is an OLE file that holds this stream.
LOCKED = "EncryptedPackage".encode("utf-16-le")
UNSEEN = dict.fromkeys(set(range(32)) - {9, 10, 13})
SUFFIXES = {
    "xlsx": {".xlsx", ".xlsm"},
    "ods": {".ods"},
    "xls": {".xls"},
    "csv": {".csv", ".tsv", ".txt", ".tab"},
}


@dataclass
class Sheet:
    """One table: its name, where it holds formulas, and its rows by ``rows()``."""

    name: str
    formulas: list[str] = field(default_factory=list)
    source: object = None

    def rows(self) -> Iterator[tuple[int, list]]:
        """(row number from 1, cells) of each row that is not empty.

        May be asked again from the start. Raises UnreadableTable.
        """
        count = 0
        for number, cells in self.source():
            row = [_clean(cell) for cell in cells]
            if number > MAX_ROWS:
                raise UnreadableTable("too_many_rows")
            if len(row) > MAX_COLUMNS:
                raise UnreadableTable("too_many_columns")
            count += len(row)
            if count > MAX_CELLS:
                raise UnreadableTable("too_many_rows")
            if any(cell != "" for cell in row):
                yield number, row


def read_table(file: BinaryIO, name: str = "") -> list[Sheet]:
    """The sheets of a file, in order; ``name`` is only compared with what it is.

    ``file`` must be open for reading bytes, and stay open while rows are read.
    Raises UnreadableTable.
    """
    kind = _kind(file)
    suffix = PurePath(name).suffix.lower()
    if suffix and suffix not in SUFFIXES[kind]:
        known = set().union(*SUFFIXES.values())
        raise UnreadableTable("mislabelled" if suffix in known else "not_a_table")
    sheets = _csv_sheets(file) if kind == "csv" else _workbook_sheets(file, kind)
    if not sheets:
        raise UnreadableTable("empty")
    return sheets


def _clean(cell):
    if isinstance(cell, str):
        return unicodedata.normalize("NFC", cell.translate(UNSEEN)).strip()
    return "" if cell is None else cell


# --- What the file is --------------------------------------------------------


def _kind(file: BinaryIO) -> str:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise UnreadableTable("empty")
    if size > MAX_BYTES:
        raise UnreadableTable("too_big")
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK"):
        return _zipped_kind(file)
    if start != OLE:
        return "csv"
    if _holds(file, LOCKED):
        raise UnreadableTable("encrypted")
    return "xls"


def _holds(file: BinaryIO, mark: bytes) -> bool:
    """Whether a piece of bytes stands anywhere in a file."""
    file.seek(0)
    before = b""
    while chunk := file.read(1 << 20):
        if mark in before + chunk:
            return True
        before = chunk[-len(mark) :]
    file.seek(0)
    return False


def _zipped_kind(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except ZIP_FAULTS as fault:
        raise UnreadableTable("broken") from fault
    finally:
        file.seek(0)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "ods"
    raise UnreadableTable("not_a_table")


# --- Workbooks ---------------------------------------------------------------


def _workbook_sheets(file: BinaryIO, kind: str) -> list[Sheet]:
    if kind == "xls":
        return _old_sheets(file)
    formulas = look_into(file, kind)
    file.seek(0)
    with _reader_faults():
        from python_calamine import load_workbook

        book = load_workbook(file)
    return [
        Sheet(unicodedata.normalize("NFC", name), formulas, _rows_of(book, name))
        for name in book.sheet_names
    ]


def _old_sheets(file: BinaryIO) -> list[Sheet]:
    try:
        found = read_apart(file)
    except PermissionError as fault:
        raise UnreadableTable("encrypted") from fault
    if found is None:
        raise UnreadableTable("broken")
    formulas = formula_cells(file)
    return [
        Sheet(unicodedata.normalize("NFC", name), formulas, partial(iter, rows))
        for name, rows in found
    ]


@contextmanager
def _reader_faults() -> Iterator[None]:
    """What the reader raises on a damaged file, its panics too, as a sentence."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as fault:
        raise UnreadableTable("encrypted") from fault
    except (CalamineError, OSError, ValueError) as fault:
        raise UnreadableTable("broken") from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        raise UnreadableTable("broken") from fault


def _rows_of(book, name: str):
    def rows() -> Iterator[tuple[int, list]]:
        with _reader_faults():
            sheet = book.get_sheet_by_name(name)
        # Rows come from the sheet's top, but columns only from the first used one.
        left = [""] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, left + cells

    return rows


# --- CSV ---------------------------------------------------------------------


def _csv_sheets(file: BinaryIO) -> list[Sheet]:
    encoding = _encoding(file)
    delimiter, skip = _dialect(file, encoding)

    def rows() -> Iterator[tuple[int, list]]:
        lines = csv.reader(_lines(file, encoding), delimiter=delimiter)
        try:
            for number, cells in enumerate(lines, start=1):
                if number > skip:
                    yield number, cells
        except csv.Error as fault:
            raise UnreadableTable("not_a_table") from fault

    return [Sheet("CSV", [], rows)]


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        # Not "yield from": that would close the file when the reading is left early.
        for line in text:  # noqa: UP028
            yield line
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 (with or without BOM), UTF-16 with BOM, else Windows-1252."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        if _is_text_in(file, encoding):
            return encoding
    raise UnreadableTable("not_a_table")


def _is_text_in(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(1 << 20):
            if "\x00" in decoder.decode(chunk):
                return False
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def _dialect(file: BinaryIO, encoding: str) -> tuple[str, int]:
    """The separator, and how many first lines only speak of it (Excel's ``sep=;``)."""
    first = []
    for line in _lines(file, encoding):
        if len(line) > 1 << 20:
            raise UnreadableTable("not_a_table")
        first.append(line)
        if len(first) == 30:
            break
    if not "".join(first).strip():
        raise UnreadableTable("empty")
    if first[0].lower().startswith("sep=") and len(first[0].strip()) == 5:
        return first[0][4], 1
    return max(";\t,", key=lambda mark: _columns(first, mark)), 0


def _columns(lines: list[str], mark: str) -> float:
    """How many columns the separator gives on most lines; ties go to the first."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if any(row)]
    except csv.Error:
        return 0
    if not widths:
        return 0
    usual = max(set(widths), key=widths.count)
    return usual if usual > 1 and widths.count(usual) * 2 > len(widths) else 1
