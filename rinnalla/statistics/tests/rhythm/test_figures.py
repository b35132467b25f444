"""`manage.py figures --of rhythm` gives what the page gives."""

import json
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from rinnalla.lib import clock
from rinnalla.planning.models import Return
from rinnalla.statistics.tests.rhythm.asked import make_asked
from rinnalla.statistics.tests.rhythm.kept import make_rhythm, reckon, visit_of


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel("2026-04-20 12:00", tick=False):
        yield


@pytest.fixture
def kept(cast):
    """Twenty promised days in February, one in March; ten requests; a way home."""
    rhythm = make_rhythm(cast, date(2026, 2, 9), date(2026, 3, 1))
    for day in range(9, 28):
        visit_of(cast, rhythm, date(2026, 2, day), is_familiar=True)
    for hours in range(1, 7):
        make_asked(clock.at(date(2026, 2, 2), 8), answered=hours)
    Return.objects.create(team=cast.team, month=date(2026, 2, 1), is_on_time=True)
    reckon()


def ask(first, last, by="", form="--json"):
    out = StringIO()
    wanted = [f"--from={first}", f"--to={last}", f"--by={by}", "--of=rhythm", form]
    call_command("figures", *wanted, stdout=out)
    return json.loads(out.getvalue())["rows"] if form == "--json" else out.getvalue()


def test_it_works(kept):
    february, march = ask("2026-01-01", "2026-03-31", "month")
    assert (february["month"], march["month"]) == ("2026-02", "2026-03")
    assert (february["promised"], february["kept"], february["none"]) == (20, 19, 1)
    assert february["kept_percent"] == 95.0
    assert february["familiar_percent"] is None, "of 19 visits no share is told"
    assert (february["returns"], february["on_time_percent"]) == (1, None)
    assert (february["requests"], february["answer_hours_half"]) == (6, 3.5)
    assert (march["promised"], march["kept"], march["requests"]) == (1, 0, 0)


def test_the_whole_time_is_one_row(kept):
    [row] = ask("2026-01-01", "2026-03-31")
    assert (row["promised"], row["requests"]) == (21, 6)
    assert row["answer_hours_nine_tenths"] is None


def test_as_csv(kept):
    text = ask("2026-02-01", "2026-02-28", form="--csv")
    assert text.startswith("promised;kept;moved;cancelled;open;none;")


@pytest.mark.parametrize(
    ("first", "last", "by"),
    [
        ("2026-01-02", "2026-03-31", ""),
        ("2026-01-01", "2026-03-30", ""),
        ("2026-03-01", "2026-02-28", ""),
        ("2026-01-01", "2026-03-31", "site"),
        ("2026-01-01", "2026-03-31", "year,month"),
    ],
)
def test_what_cannot_be_told_is_refused(kept, first, last, by):
    with pytest.raises(CommandError):
        ask(first, last, by)
