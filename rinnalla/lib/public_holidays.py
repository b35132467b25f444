"""Finnish public holidays by day, called as the reader's language calls them.

Midsummer Eve and Christmas Eve are among them: offices are closed then. The table
comes from the library `holidays` by `tools/public_holidays.py`.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

TABLE = Path(__file__).parent / "data" / "public_holidays.csv"


def name_of(day: date) -> str:
    """What the holiday on this day is called, or nothing on an ordinary day."""
    return _named(_table().get(day))


def between(first: date, last: date) -> dict[date, str]:
    """The holidays from first to last, both included, by day."""
    return {
        day: _named(names) for day, names in _table().items() if first <= day <= last
    }


def _named(names: dict[str, str] | None) -> str:
    language = (get_language() or "fi")[:2]
    return names.get(language, names["en"]) if names else ""


@cache
def _table() -> dict[date, dict[str, str]]:
    """Every known holiday: {day: {language: name}}, in order."""
    with TABLE.open(newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return {date.fromisoformat(row["day"]): row for row in rows}
