"""Where an uploaded file lies until its import ends: in the data folder, unnamed."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePath

from django.conf import settings

from rinnalla.lib import clock
from rinnalla.lib.tables import Sheet, UnreadableTable, read_table

SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".tab"}


def keep_file(upload) -> str:
    """Store an upload under a random name, readable by us only; the name.

    Of the sender's file name only a known ending is kept: it might name somebody.
    """
    suffix = PurePath(str(upload.name)).suffix.lower()
    name = f"{uuid.uuid4().hex}{suffix if suffix in SUFFIXES else '.unknown'}"
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    _path(name).touch(mode=0o600, exist_ok=False)
    with _path(name).open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return name


def forget_file(name: str) -> None:
    """Delete a kept file; nothing happens when it is gone already."""
    if name:
        with contextlib.suppress(FileNotFoundError):
            _path(name).unlink()


def forget_strays(known: set[str], before: date, *, dry_run: bool = False) -> int:
    """Delete kept files that no import knows, stored before this day; how many."""
    old = clock.at(before).timestamp()
    strays = [
        path
        for path in _folder().glob("*")
        if path.name not in known and path.stat().st_mtime < old
    ]
    if not dry_run:
        for path in strays:
            forget_file(path.name)
    return len(strays)


def is_small(name: str, limit: int = 256 * 1024) -> bool:
    """Whether a kept file is read in a blink; XLS never, as its size says little."""
    path = _path(name)
    return path.suffix != ".xls" and path.exists() and path.stat().st_size <= limit


@contextmanager
def open_sheets(name: str) -> Iterator[list[Sheet]]:
    """The sheets of a kept file, open while the block runs. Raises UnreadableTable."""
    if not _path(name).is_file():
        raise UnreadableTable("gone")
    with _path(name).open("rb") as file:
        yield read_table(file, name)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def _path(name: str) -> Path:
    return _folder() / PurePath(name).name
