"""Finds which cells of an old XLS hold a formula; the reader of cells does not say.

An XLS is a small file system in a file (sectors in chains, [MS-CFB]); its stream
"Workbook" is a row of records ([MS-XLS]), each with a number, a length and a body.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from rinnalla.lib.tables.guard import FORMULAS_NAMED, column_letters

# The record of a formula in the versions of the format that are met.
FORMULA = {0x0006, 0x0206, 0x0406}
WORKBOOK = ("Workbook", "Book")
FIRST_SPECIAL = 0xFFFFFFFA
HEADER = 512
ENTRY = 128


def formula_cells(file: BinaryIO) -> list[str]:
    """The places of formulas, at most twenty ("B5"); none when the file is damaged."""
    file.seek(0)
    try:
        stream = _Sectors(file.read()).workbook()
        return list(_formulas(stream))
    except (struct.error, IndexError, UnicodeError):
        return []


def _formulas(stream: bytes) -> Iterator[str]:
    place, found = 0, 0
    while place + 4 <= len(stream) and found < FORMULAS_NAMED:
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind in FORMULA:
            row, column = struct.unpack_from("<HH", stream, place + 4)
            found += 1
            yield f"{column_letters(column + 1)}{row + 1}"
        place += 4 + length


class _Sectors:
    """The sectors of a compound file and how they hang together."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << (struct.unpack_from("<H", data, 30)[0] & 15)
        self.small_from, self.small_table = struct.unpack_from("<II", data, 56)
        self.next = self._numbers(b"".join(map(self._sector, self._tables())))

    def workbook(self) -> bytes:
        """The bytes of the workbook. Raises IndexError when there is none."""
        folder = self._stream(struct.unpack_from("<I", self.data, 48)[0])
        entries = [folder[at : at + ENTRY] for at in range(0, len(folder), ENTRY)]
        start, size = next(
            (_start_and_size(entry) for entry in entries if _name(entry) in WORKBOOK),
            (None, 0),
        )
        if start is None:
            raise IndexError("no workbook")
        if size >= self.small_from:
            return self._stream(start)[:size]
        return self._small(start, _start_and_size(entries[0])[0])[:size]

    def _tables(self) -> list[int]:
        """The sectors of the table that says which sector follows which."""
        sectors = list(self._numbers(self.data[76:HEADER]))
        more, left = struct.unpack_from("<II", self.data, 68)
        while more < FIRST_SPECIAL and left:
            *some, more = self._numbers(self._sector(more))
            sectors += some
            left -= 1
        return [number for number in sectors if number < FIRST_SPECIAL]

    def _small(self, start: int, root: int) -> bytes:
        """A short stream: pieces of 64 bytes inside the root's own stream."""
        pieces = self._stream(root)
        follows = self._numbers(self._stream(self.small_table))
        return b"".join(
            pieces[64 * number : 64 * number + 64] for number in _chain(start, follows)
        )

    def _stream(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(start, self.next)))

    def _sector(self, number: int) -> bytes:
        start = HEADER + number * self.size
        return self.data[start : start + self.size]

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        count = len(data) // 4
        return struct.unpack(f"<{count}I", data[: 4 * count])


def _chain(start: int, follows: tuple[int, ...]) -> Iterator[int]:
    """Sector after sector; a chain that bites its tail ends after all of them."""
    number = start
    for _step in follows:
        if number >= FIRST_SPECIAL:
            return
        yield number
        number = follows[number]


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(length - 2, 0)][:62].decode("utf-16-le")


def _start_and_size(entry: bytes) -> tuple[int, int]:
    return struct.unpack_from("<II", entry, 116)
