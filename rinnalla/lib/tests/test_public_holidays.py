"""Finnish public holidays, in three languages."""

import csv
import runpy
from datetime import date

import pytest
from django.utils import translation

from rinnalla.lib import public_holidays

ROOT = public_holidays.TABLE.parents[3]
EASTER_MONDAY = date(2026, 4, 6)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("fi", "Toinen pääsiäispäivä"),
        ("sv", "Annandag påsk"),
        ("en", "Easter Monday"),
    ],
)
def test_it_works(language, name):
    with translation.override(language):
        assert public_holidays.name_of(EASTER_MONDAY) == name


def test_an_ordinary_day_has_no_name():
    assert public_holidays.name_of(date(2026, 4, 7)) == ""


def test_a_span_over_new_year_holds_both_years():
    found = public_holidays.between(date(2026, 12, 24), date(2027, 1, 1))
    assert list(found) == [
        *(date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)),
        date(2027, 1, 1),
    ]


def test_the_table_says_what_the_library_says():
    named = runpy.run_path(str(ROOT / "tools" / "public_holidays.py"))["rows"]()
    with public_holidays.TABLE.open(newline="") as file:
        assert list(csv.reader(file, delimiter=";"))[1:] == named
