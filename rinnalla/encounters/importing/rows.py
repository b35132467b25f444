"""Reads the rows of a table into past visits, and names every fault by its place.

All or nothing: with one fault nothing is brought in. Figures that contradict each
other are not faults: they are told, and brought in as they stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from rinnalla.access.models import Municipality
from rinnalla.encounters.importing.columns import (
    CODED,
    MARK,
    MOST_SITES,
    Header,
    find_header,
    plain,
)
from rinnalla.lib import clock
from rinnalla.lib.tables import (
    BadValue,
    parse_count,
    parse_date,
    parse_number,
    parse_time,
)
from rinnalla.lib.text_guard import REFUSALS, refusals, warnings

MOST_TOLD = 200
LONGEST_NAME = 120
MOST_PEOPLE = 100_000
TOTALS = {"yhteensä", "summa", "total", "totalt", "summa totalt", "sammanlagt"}


@dataclass(frozen=True)
class Told:
    """Something about one cell: row number, column name, a sentence."""

    row: int
    column: str
    message: str

    def as_dict(self) -> dict:
        return {"row": self.row, "column": self.column, "message": self.message}


@dataclass(slots=True)
class PastVisit:
    """One visit as the file tells it; ``codes`` counts topics and results."""

    row: int
    place: str
    day: date
    start: time | None = None
    met: int = 0
    guided: int = 0
    minutes: int | None = None
    kind: str = ""
    municipality: str = ""
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same place (as written), day and start, in any file.

        Two municipalities may each have a Tori: told, it tells them apart. The key
        begins with the day: keys written in order land side by side on the disk.
        """
        start = self.start.isoformat("minutes") if self.start else ""
        where = [self.municipality] if self.municipality else []
        parts = "\x1f".join((plain(self.place), start, *where))
        digest = hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()
        return f"{self.day:%Y%m%d}{digest}"

    @property
    def figures(self) -> dict[str, int]:
        """What is compared and stored: met, guided, minutes, topic:…, result:…."""
        numbers = {"met": self.met, "guided": self.guided, **self.codes}
        if self.minutes is not None:
            numbers["minutes"] = self.minutes
        return {name: number for name, number in sorted(numbers.items()) if number}


@dataclass
class Past:
    """All that one table says: its visits, its faults, what contradicts itself."""

    visits: list[PastVisit] = field(default_factory=list)
    rows: int = 0
    faults: list[Told] = field(default_factory=list)
    fault_count: int = 0
    contradictions: list[Told] = field(default_factory=list)
    contradiction_count: int = 0

    def fault(self, row: int, column: str, message: str) -> None:
        """Keep a fault; of very many only the first are told, all are counted."""
        self.fault_count += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append(Told(row, column, message))

    def contradiction(self, row: int, column: str, message: str) -> None:
        self.contradiction_count += 1
        if len(self.contradictions) < MOST_TOLD:
            self.contradictions.append(Told(row, column, message))


def read_past(sheet, shape: str, mapping: dict, book: dict) -> Past:
    """Read a sheet; the mapping must hold (see ``columns.mapping_problems``).

    Raises UnreadableTable when the file ends in the middle.
    """
    header = find_header(sheet.rows())
    reader = _RowReader(header, shape, mapping, book)
    rows = ((number, cells) for number, cells in sheet.rows() if number > header.row)
    if shape == MARK:
        _gather_marks(reader, rows)
    else:
        _gather_visits(reader, rows)
    _tell_contradictions(reader)
    if not reader.past.rows:
        reader.past.fault(header.row, "", _("There are no rows under the headings."))
    if len(reader.places) > MOST_SITES:
        message = _(
            "There are more than 200 different places. Is this the right column?"
        )
        reader.past.fault(header.row, mapping["site"], message)
    return reader.past


def _gather_visits(reader: _RowReader, rows: Iterable) -> None:
    seen: dict[str, int] = {}
    for number, cells in rows:
        visit = reader.read(number, cells)
        if visit is None:
            continue
        first = seen.setdefault(visit.key, number)
        if first != number:
            message = _("Row %(row)d has the same place, day and time already.")
            reader.fault(number, "date", message % {"row": first})
        reader.past.visits.append(visit)


def _gather_marks(reader: _RowReader, rows: Iterable) -> None:
    """Rows of one place and day become one visit."""
    visits: dict[str, PastVisit] = {}
    for number, cells in rows:
        mark = reader.read(number, cells)
        if mark is None:
            continue
        mark.start = None
        visit = visits.setdefault(mark.key, mark)
        if visit is not mark:
            _add(visit, mark)
        if visit.met > MOST_PEOPLE:
            reader.fault(number, "met", _("There are over 100 000 on this day."))
    reader.past.visits = list(visits.values())


def _add(visit: PastVisit, mark: PastVisit) -> None:
    visit.met += mark.met
    visit.guided += mark.guided
    if mark.minutes is not None:
        visit.minutes = max(visit.minutes or 0, mark.minutes)
    for code, number in mark.codes.items():
        visit.codes[code] = visit.codes.get(code, 0) + number


def _tell_contradictions(reader: _RowReader) -> None:
    mapping, past = reader.mapping, reader.past
    if "guided" not in mapping:
        return
    for visit in past.visits:
        if "met" in mapping and visit.guided > visit.met:
            message = _("Guided %(guided)d is more than met %(met)d.")
            numbers = {"guided": visit.guided, "met": visit.met}
            past.contradiction(visit.row, mapping["guided"], message % numbers)
        for code, number in visit.codes.items():
            if number > visit.guided:
                message = _("%(number)d here, but guided is only %(guided)d.")
                numbers = {"number": number, "guided": visit.guided}
                column = mapping.get(code) or mapping.get("topic", "")
                past.contradiction(visit.row, column, message % numbers)


class _RowReader:
    """Reads one row after another with one mapping; keeps what it has to tell."""

    def __init__(self, header: Header, shape: str, mapping: dict, book: dict) -> None:
        self.shape, self.mapping, self.book = shape, mapping, book
        self.place_of = {
            name: header.index[plain(column)] for name, column in mapping.items()
        }
        self.past = Past()
        self.places: set[str] = set()
        self.today = clock.today()
        self.municipality = cache(_municipality)
        self.name_problem = cache(_name_problem)

    def fault(self, row: int, name: str, message: str) -> None:
        self.past.fault(row, self.mapping.get(name, ""), message)

    def read(self, number: int, cells: list) -> PastVisit | None:
        """The row as a visit, or None when it has a fault or is only a sum."""
        values = {
            name: cells[index] if index < len(cells) else ""
            for name, index in self.place_of.items()
        }
        if plain(values["site"]) in TOTALS and values["date"] == "":
            return None
        self.past.rows += 1
        before = self.past.fault_count
        visit = PastVisit(number, "", self.today)
        for name, value in values.items():
            self._take(visit, name, value)
        if self.shape == MARK:
            self._complete_mark(visit)
        return visit if self.past.fault_count == before else None

    def _complete_mark(self, visit: PastVisit) -> None:
        """A mark without a number is one person; its topic holds for all on the row."""
        if "met" not in self.mapping:
            visit.met = 1
        people = visit.guided if "guided" in self.mapping else visit.met
        visit.codes = {code: people for code in visit.codes if people}

    def _take(self, visit: PastVisit, name: str, value) -> None:
        try:
            if ":" in name:
                self._take_coded(visit, name, value)
            else:
                getattr(self, f"_take_{name}")(visit, value)
        except BadValue as fault:
            self.fault(visit.row, name, str(fault))

    def _take_coded(self, visit: PastVisit, name: str, value) -> None:
        number = _count_or_nought(value)
        if number:
            visit.codes[name] = number

    def _take_site(self, visit: PastVisit, value) -> None:
        name = str(int(value)) if isinstance(value, float) else str(value)
        problem = self.name_problem(name)
        if problem:
            raise BadValue(problem)
        visit.place = name
        self.places.add(plain(name))

    def _take_date(self, visit: PastVisit, value) -> None:
        visit.day = parse_date(value)
        if visit.day > self.today:
            raise BadValue(_("This day has not come yet. Check the date."))

    def _take_start(self, visit: PastVisit, value) -> None:
        visit.start = parse_time(value).replace(second=0) if value != "" else None

    def _take_met(self, visit: PastVisit, value) -> None:
        visit.met = parse_count(value)

    def _take_guided(self, visit: PastVisit, value) -> None:
        visit.guided = _count_or_nought(value)

    def _take_hours(self, visit: PastVisit, value) -> None:
        if value == "":
            return
        hours = parse_number(value)
        if not 0 <= hours <= 24:
            raise BadValue(_("A visit lasts from 0 to 24 hours."))
        visit.minutes = round(hours * 60)

    def _take_topic(self, visit: PastVisit, value) -> None:
        words = [
            word for word in str(value).replace(";", ",").split(",") if word.strip()
        ]
        for word in words:
            code = self.book.get(CODED["topic"], {}).get(plain(word))
            if code is None:
                message = _("“%(word)s” is not a topic we know.")
                raise BadValue(message % {"word": shown(word.strip())})
            visit.codes[f"topic:{code}"] = 1

    def _take_kind(self, visit: PastVisit, value) -> None:
        if value == "":
            return
        visit.kind = self.book.get("site_kind", {}).get(plain(value), "")
        if not visit.kind:
            message = _("“%(word)s” is not a kind of place we know.")
            raise BadValue(message % {"word": shown(value)})

    def _take_municipality(self, visit: PastVisit, value) -> None:
        if value == "":
            return
        visit.municipality = self.municipality(plain(value))
        if not visit.municipality:
            message = _("“%(word)s” is not a municipality.")
            raise BadValue(message % {"word": shown(value)})


def _count_or_nought(value) -> int:
    """A count; an empty cell is nobody, as teams leave noughts out."""
    return 0 if value == "" else parse_count(value)


def shown(value, longest: int = 40) -> str:
    """A cell as a page may show and keep it: nothing that may name a person."""
    text = _written(value)
    return "•••" if refusals(text) or warnings(text) else text[:longest]


def _written(value) -> str:
    """A cell as its reader would write it: 1.3.2024, 12, 1,5."""
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return number_format(value) if isinstance(value, float) else str(value)


def _name_problem(name: str) -> str:
    """Why this cannot be a place's name, or nothing."""
    if not name:
        return _("The name of the place is missing.")
    if len(name) > LONGEST_NAME:
        return _("The name of the place is longer than 120 characters.")
    kinds = refusals(name)
    return str(REFUSALS[kinds[0]]) if kinds else ""


def _municipality(name: str) -> str:
    """The code of a municipality by its code or its name in any language."""
    for row in _municipalities():
        if name in row[1:]:
            return row[0]
    return ""


def _municipalities() -> list[tuple]:
    rows = Municipality.objects.values_list("code", "name_fi", "name_sv", "name_en")
    return [(row[0], row[0], *map(plain, row[1:])) for row in rows]
