"""Which column is which: the fields, the three shapes, and a first suggestion.

A mapping is {field: column name}. A field is one of ``FIELDS``, or in the wide shape
``topic:CODE`` or ``result:CODE``: one column of counts for each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rinnalla.access.models import Code

VISIT, MARK, WIDE = SHAPES = ("visit", "mark", "wide")
SHAPE_LABELS = {
    VISIT: gettext_lazy("One visit"),
    MARK: gettext_lazy("One person or mark"),
    WIDE: gettext_lazy("One visit, topics in columns"),
}
FIELDS = {
    "site": gettext_lazy("Place"),
    "date": gettext_lazy("Day"),
    "start": gettext_lazy("Start time"),
    "met": gettext_lazy("Met"),
    "guided": gettext_lazy("Guided"),
    "topic": gettext_lazy("Topic"),
    "kind": gettext_lazy("Kind of place"),
    "municipality": gettext_lazy("Municipality"),
    "hours": gettext_lazy("Hours"),
}
# A coded column: its prefix and the code list it is chosen from.
CODED = {"topic": "topic", "result": "next_step"}
LOOKED_AT = 200
MOST_SITES = 200

# What teams call their columns, in three languages.
WORDS = {
    "site": "paikka kohde kohtaamispaikka toimipaikka jalkautumispaikka alue site place"
    " location neighborhood neighbourhood plats ställe",
    "date": "päivä pvm päivämäärä pv date day datum dag",
    "start": "alkoi alku aloitus alkaa alkuaika klo kello start starttid börjar",
    "met": "kohdattu kohdatut kohdattuja kohtaamiset kohtaamisia met count mötta"
    " möten antal lkm määrä kävijät",
    "guided": "ohjattu ohjatut ohjattuja ohjaukset guided handledda handledningar",
    "topic": "aihe aiheet teema topic topics ämne",
    "kind": "paikkatyyppi kohdetyyppi laji kind platstyp",
    "municipality": "kunta kaupunki paikkakunta municipality kommun",
    "hours": "tunnit tunteja tuntia h kesto hours timmar",
}


def plain(text) -> str:
    """A name as it is compared: composed, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


@dataclass
class Header:
    """The row of column names: its number and {compared name: column index}."""

    row: int = 0
    names: list[str] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)


def find_header(rows: Iterable[tuple[int, list]]) -> Header:
    """The first row with two texts or more and nothing but texts."""
    for number, cells in islice(rows, 30):
        filled = [cell for cell in cells if cell != ""]
        if len(filled) > 1 and all(isinstance(cell, str) for cell in filled):
            return _header(number, [str(cell) for cell in cells])
    return Header()


def _header(number: int, names: list[str]) -> Header:
    header = Header(number, [name for name in names if name])
    for index, name in enumerate(names):
        if not name:
            continue
        if plain(name) in header.index:
            header.doubled.append(name)
        header.index.setdefault(plain(name), index)
    return header


def code_book() -> dict[str, dict[str, str]]:
    """{list: {code or any label of it, compared: code}} of the lists one may map."""
    book: dict[str, dict[str, str]] = {}
    lists = [*CODED.values(), "site_kind"]
    for code in Code.objects.filter(list__in=lists).order_by("-is_retired", "-order"):
        words = book.setdefault(code.list, {})
        names = [
            getattr(code, f"{part}_{language}")
            for part in ("label", "short")
            for language in ("fi", "sv", "en")
        ]
        words |= {plain(name): code.code for name in [code.code, *names] if name}
    return book


def suggest(header: Header, sample: list[list], book: dict) -> tuple[str, dict]:
    """A first (shape, mapping) for a file nobody has mapped yet."""
    mapping: dict[str, str] = {}
    for name in header.names:
        target = _field_of(plain(name)) or _coded_field_of(plain(name), book)
        if target and target not in mapping:
            mapping[target] = name
    if any(":" in target for target in mapping):
        return WIDE, mapping
    return (MARK if _days_repeat(header, sample, mapping) else VISIT), mapping


def _field_of(name: str) -> str | None:
    first = name.split(" ")[0].strip("():,")
    for candidate in (name, first):
        for target, words in WORDS.items():
            if candidate in words.split():
                return target
    return None


def _coded_field_of(name: str, book: dict) -> str | None:
    for prefix, code_list in CODED.items():
        if name in book.get(code_list, {}):
            return f"{prefix}:{book[code_list][name]}"
    return None


def _days_repeat(header: Header, sample: list[list], mapping: dict) -> bool:
    """Whether many rows of the sample share place and day: then a row is a mark."""
    if not {"site", "date"} <= mapping.keys() or not sample:
        return False
    places = [header.index[plain(mapping[name])] for name in ("site", "date")]
    keys = [
        tuple(str(row[p]) if p < len(row) else "" for p in places) for row in sample
    ]
    return len(set(keys)) * 2 < len(keys)


def mapping_problems(
    shape: str, mapping: dict, header: Header, book: dict
) -> list[str]:
    """What is missing or wrong in a mapping, each a sentence; empty when it holds."""
    problems = [
        _("Say which column is “%(field)s”.") % {"field": FIELDS[name]}
        for name in ("site", "date")
        if name not in mapping
    ]
    if not _has_figures(shape, mapping):
        problems.append(_("Say which column holds the figures, for example “Met”."))
    for target, column in mapping.items():
        problems += _column_problems(target, column, header, book)
    if len({plain(column) for column in mapping.values()}) < len(mapping):
        problems.append(_("One column can be only one thing. Check the choices."))
    return problems


def _has_figures(shape: str, mapping: dict) -> bool:
    if shape == MARK:
        return True
    return bool({"met", "guided"} & mapping.keys()) or (
        shape == WIDE and any(":" in target for target in mapping)
    )


def _column_problems(target: str, column: str, header: Header, book: dict):
    if plain(column) not in header.index:
        yield _("There is no column “%(column)s” in the file.") % {"column": column}
    if column in header.doubled:
        yield _("Two columns are called “%(column)s”. Rename one of them.") % {
            "column": column
        }
    if target in FIELDS:
        return
    prefix, _colon, code = target.partition(":")
    if prefix not in CODED or code not in book.get(CODED[prefix], {}).values():
        yield _("“%(field)s” is not a field we know.") % {"field": target}
