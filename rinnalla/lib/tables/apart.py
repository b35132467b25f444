"""Reads an old XLS in a process of its own, with little memory to claim.

A damaged one can make the reader stop at once or ask for all the memory there is; here
only the child goes, and the file is said to be broken. Run as a script, this module is
that child: a workbook on stdin, a line of JSON a row on stdout.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import BinaryIO

MEMORY = 1 << 30
SECONDS = 120
LOCKED = 3


def read_apart(file: BinaryIO) -> list[tuple[str, list[tuple[int, list]]]] | None:
    """(sheet name, numbered rows) of each sheet; None when it cannot be read.

    Dates and times come as ISO text, which the readers of cells take as well.
    Raises PermissionError when the file is locked.
    """
    file.seek(0)
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__],
            input=file.read(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == LOCKED:
        raise PermissionError
    return _sheets(done.stdout) if done.returncode == 0 else None


def _sheets(said: bytes) -> list[tuple[str, list[tuple[int, list]]]]:
    sheets: list[tuple[str, list]] = []
    for line in said.splitlines():
        told = json.loads(line)
        if isinstance(told, str):
            sheets.append((told, []))
        else:
            sheets[-1][1].append((told[0], told[1]))
    return sheets


def _main() -> int:
    """The child: 0 when all was read, 3 when locked, anything else when broken."""
    _limit_memory()
    from python_calamine import PasswordError, load_workbook

    try:
        book = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    except PasswordError:
        return LOCKED
    for name in book.sheet_names:
        _say(name)
        sheet = book.get_sheet_by_name(name)
        left = [""] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if any(cell != "" for cell in cells):
                _say([number, [*left, *map(_plain, cells)]])
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on every system; the child is still a child
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _plain(cell):
    """The cell as JSON has it: numbers and texts as they are, dates in ISO."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
    return cell


def _say(thing) -> None:
    sys.stdout.write(json.dumps(thing) + "\n")


if __name__ == "__main__":
    sys.exit(_main())
