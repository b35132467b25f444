"""Reads one cell: Finnish and ISO dates, decimal commas, times of day.

A value that can be read in two ways is refused rather than guessed.
Every refusal is a ``BadValue`` whose text is a sentence for the reader.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from rinnalla.lib.text_guard import refusals

FIRST_YEAR, LAST_YEAR = 1990, 2100
MAX_COUNT = 100_000
EXCEL_DAY_ZERO = date(1899, 12, 30)

_FINNISH = re.compile(
    r"(?:[^\W\d_]{2,12}\.?\s+)?(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d\d)"
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(?:klo|kl|at)?\.?\s*(\d{1,2})(?:[.:](\d\d)(?:[.:]\d\d)?)?", re.I)
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u2007\u2009\u202f'’](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?", re.ASCII)
# "noin 40", "40 hlö" and "40-50": what people write where a number is asked for.
_RANGE = re.compile(r"\D{0,12}(\d{1,6})\s*[-\u2010-\u2015\u2212/]\s*(\d{1,6})\D{0,12}")
_AMONG_WORDS = re.compile(r"\D{0,20}?(\d{1,6}(?:[.,]\d{1,2})?)\D{0,20}")


class BadValue(ValueError):
    """A cell that cannot be read; its text says what it should look like."""


def parse_date(value) -> date:
    """The day in a cell: a date, 1.3.2024, 2024-03-01 or a spreadsheet's day number."""
    if isinstance(value, datetime):
        return _known_year(value.date())
    if isinstance(value, date):
        return _known_year(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _day_number(value)
    return _known_year(_written_date(str(value).strip()))


def parse_time(value) -> time:
    """The time of day in a cell: a time, 10.30, 10:30, klo 10 or a part of a day."""
    if isinstance(value, datetime):
        return value.time().replace(microsecond=0)
    if isinstance(value, time):
        return value.replace(microsecond=0)
    if isinstance(value, timedelta):
        return _part_of_day(value / timedelta(days=1))
    if isinstance(value, float) and 0 < value < 1:
        return _part_of_day(value)
    return _written_time(value)


def parse_number(value) -> Decimal:
    """The number in a cell: 12, 1 234,5 or 1.5; one comma or point is the decimal."""
    if isinstance(value, bool):
        raise BadValue(_("Write a number here, for example 12."))
    text = _THOUSANDS.sub("", str(value).strip().replace("\u2212", "-"))
    if isinstance(value, float) and "e" in text:
        text = f"{value:f}"
    if not _NUMBER.fullmatch(text):
        raise BadValue(_why_no_number(text))
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as fault:
        raise BadValue(_("Write a number here, for example 12.")) from fault


def _why_no_number(text: str) -> str:
    """What to do about a cell without a plain number; a number code is not repeated."""
    if not text:
        return _("This cell is empty. Write the number, or 0 when there was none.")
    plain = _("Write a number here, for example 12.")
    if refusals(text):
        return plain
    if found := _RANGE.fullmatch(text):
        numbers = {"low": found[1], "high": found[2]}
        return _("Here are two numbers, %(low)s and %(high)s. Choose one.") % numbers
    if found := _AMONG_WORDS.fullmatch(text):
        only = _("There is more here than a number. Write only %(number)s.")
        return only % {"number": found[1]}
    return plain


def parse_count(value) -> int:
    """A whole number from 0 to 100,000."""
    number = parse_number(value)
    if number != number.to_integral_value():
        raise BadValue(_("Write a whole number here, for example 12."))
    if not 0 <= number <= MAX_COUNT:
        raise BadValue(_("Write a number from 0 to 100 000."))
    return int(number)


def _written_date(text: str) -> date:
    if not text:
        raise BadValue(_("The day is missing. Write it like this: 1.3.2024."))
    finnish = _FINNISH.match(text)
    iso = _ISO.match(text)
    if not (finnish or iso):
        if re.fullmatch(r"[34567]\d{4}", text, re.ASCII):
            return _day_number(int(text))
        raise BadValue(_("Write the date like this: 1.3.2024."))
    day, month, year = finnish.groups() if finnish else reversed(iso.groups())
    rest = text[(finnish or iso).end() :]
    if rest and not re.fullmatch(r"[T ,]\s*(?:klo\s*)?[\d.:+Z-]{1,20}", rest):
        raise BadValue(_("Write the date like this: 1.3.2024."))
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError as fault:
        raise BadValue(_("There is no such day. Check the date.")) from fault


def _day_number(value: float) -> date:
    """A spreadsheet's day number (45352 is 1.3.2024)."""
    if not 32_874 <= value < 73_416:
        raise BadValue(_("Write the date like this: 1.3.2024."))
    return _known_year(EXCEL_DAY_ZERO + timedelta(days=int(value)))


def _known_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadValue(_("The year is not between 1990 and 2100. Check the date."))
    return day


def _written_time(value) -> time:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else value
    match = _CLOCK.fullmatch(str(text).strip())
    if not match or not match[1].isascii():
        raise BadValue(_("Write the time like this: 10.30."))
    try:
        return time(int(match[1]), int(match[2] or 0))
    except ValueError as fault:
        raise BadValue(_("Write the time like this: 10.30.")) from fault


def _part_of_day(part: float) -> time:
    minutes = round(part * 24 * 60)
    if not 0 <= minutes < 24 * 60:
        raise BadValue(_("Write the time like this: 10.30."))
    return time(minutes // 60, minutes % 60)
