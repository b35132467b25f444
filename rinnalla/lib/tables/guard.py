"""Looks into a zipped spreadsheet before the reader may open it.

A few kilobytes can claim 17 thousand million cells, and the reader would try to
make room for them all: the process would be gone. So the size is read from the XML
first, in a stream, together with which cells hold a formula.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from xml.parsers import expat

from rinnalla.lib.tables.refusals import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    UnreadableTable,
)

CHUNK = 256 * 1024
FORMULAS_NAMED = 20
# All that zipfile may raise on a damaged archive (RuntimeError: a locked member).
ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


def look_into(file, kind: str) -> list[str]:
    """Refuse a zipped table of kind ``xlsx`` or ``ods`` that is too large or locked.

    Returns the places of formulas, at most twenty ("Sheet1!B5"; in ODS "B5").
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _look_into(archive, kind)
    except (*ZIP_FAULTS, expat.ExpatError, LookupError) as fault:
        raise UnreadableTable("broken") from fault


def _look_into(archive: zipfile.ZipFile, kind: str) -> list[str]:
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableTable("encrypted")
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise UnreadableTable("too_big")
    if kind == "ods":
        manifest = archive.read("META-INF/manifest.xml")[:MAX_CELLS]
        if b"encryption-data" in manifest:
            raise UnreadableTable("encrypted")
    formulas: list[str] = []
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels")):
            size = _OdsSize() if kind == "ods" else _XlsxSize()
            _walk(archive, member, size)
            formulas += size.formulas
    return formulas[:FORMULAS_NAMED]


def _walk(archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: _Size) -> None:
    """Read one XML part in pieces; its own size is not taken on trust."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = size.start
    parser.EndElementHandler = size.end
    parser.StartDoctypeDeclHandler = _no_doctype
    unpacked = 0
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > MAX_UNPACKED_BYTES:
                raise UnreadableTable("too_big")
            parser.Parse(chunk, False)
    if unpacked:
        parser.Parse(b"", True)


def _no_doctype(*_args) -> None:
    raise UnreadableTable("broken")


class _Size:
    """The corner of what is filled in one part, refused once it is too far out."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.formulas: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, tag: str) -> None:
        """Nothing to do, unless the kind of file needs it."""

    def fill(self, row: int, column: int) -> None:
        """Note that something stands at (row, column), both from 1."""
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)
        if self.rows > MAX_ROWS or self.rows * self.columns > MAX_CELLS:
            raise UnreadableTable("too_many_rows")
        if self.columns > MAX_COLUMNS:
            raise UnreadableTable("too_many_columns")

    def formula(self, row: int, column: int) -> None:
        if len(self.formulas) < FORMULAS_NAMED:
            self.formulas.append(f"{column_letters(column)}{row}")


class _XlsxSize(_Size):
    """Rows and cells of a worksheet: ``<row r><c r><v>``; ``r`` may be missing."""

    def __init__(self) -> None:
        super().__init__()
        self.row = self.column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "c" and self.row:
            self._cell(attributes.get("r"))
        elif name in ("v", "is", "f") and self.column:
            self.fill(self.row, self.column)
            if name == "f":
                self.formula(self.row, self.column)

    def _cell(self, place: str | None) -> None:
        if not place:
            self.column += 1
            return
        letters = place.rstrip("0123456789")
        self.column = _column_number(letters)
        self.row = int(place[len(letters) :] or self.row)


class _OdsSize(_Size):
    """Rows and cells of an OpenDocument table, where both may be repeated."""

    def __init__(self) -> None:
        super().__init__()
        self.row = self.row_end = self.column = self.column_start = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "table":
            self.row_end = 0
        elif name == "table-row":
            self.row = self.row_end
            self.row_end += int(attributes.get("table:number-rows-repeated", 1))
            self.column = 0
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(attributes)
        elif name == "p" and self.column:
            self.fill(self.row_end, self.column)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.column_start = self.column
        self.column += int(attributes.get("table:number-columns-repeated", 1))
        if "office:value-type" in attributes or "table:formula" in attributes:
            self.fill(self.row_end, self.column)
        if "table:formula" in attributes:
            self.formula(self.row + 1, self.column_start + 1)


def column_letters(number: int) -> str:
    """A column as spreadsheets name it: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + max(ord(letter) - 64, 0)
    return number
