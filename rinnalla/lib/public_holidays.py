"""Finnish public holidays by day, called as the reader's language calls them.

Midsummer Eve and Christmas Eve are among them: offices are closed then.
"""

from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

LANGUAGES = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}


def name_of(day: date) -> str:
    """What the holiday on this day is called, or nothing on an ordinary day."""
    return _of_year(day.year, _language()).get(day, "")


def between(first: date, last: date) -> dict[date, str]:
    """The holidays from first to last, both included, by day."""
    found = {}
    for year in range(first.year, last.year + 1):
        of_year = _of_year(year, _language())
        found |= {day: name for day, name in of_year.items() if first <= day <= last}
    return found


def _language() -> str:
    return LANGUAGES.get((get_language() or "fi")[:2], "en_US")


@lru_cache(maxsize=64)
def _of_year(year: int, language: str) -> dict[date, str]:
    # Only pages that show a plan need the library.
    from holidays.countries import Finland

    return dict(sorted(Finland(years=year, language=language).items()))
