"""Two people enter the same sheet at the same moment: it is counted once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from rinnalla import testing
from rinnalla.encounters import actions, tally
from rinnalla.encounters.tally import recorded
from rinnalla.lib import clock


@pytest.fixture
def visit(transactional_db):
    """A visit that other connections see; SQLite in memory has only one writer."""
    if connection.vendor == "sqlite":
        pytest.skip("needs a database that several connections write to at once")
    return testing.make_visit(testing.make_cast(), day=clock.today())


def enter(visit, start, seen, met):
    start.wait(10)
    try:
        actions.enter_tally(
            visit.workers.get(),
            visit,
            numbers={("met", ""): met, ("guided", ""): 1},
            how="counted",
            minutes=60,
            is_nobody_reached=False,
            seen=seen,
        )
    except actions.Changed:
        return "changed"
    finally:
        connections.close_all()
    return "stored"


def at_once(visit, *numbers):
    """Enter these numbers met at the same moment, all from the same empty page."""
    start, seen = Barrier(len(numbers)), tally.digest(recorded(visit))
    with ThreadPoolExecutor(len(numbers)) as hands:
        return list(hands.map(lambda met: enter(visit, start, seen, met), numbers))


@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_is_counted_once(visit):
    assert at_once(visit, 31, 31, 31) == ["stored"] * 3
    assert recorded(visit) == {("met", ""): 31, ("guided", ""): 1}


@pytest.mark.django_db(transaction=True)
def test_of_two_different_sheets_one_is_asked_again(visit):
    assert sorted(at_once(visit, 31, 29)) == ["changed", "stored"]
    assert recorded(visit)["met", ""] in (31, 29)
