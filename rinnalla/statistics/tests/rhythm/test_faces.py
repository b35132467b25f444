"""I6: on how many visits a known face went; of the visit, never of a worker."""

from datetime import date

import pytest
import time_machine

from rinnalla.statistics.indicators import INDICATORS
from rinnalla.statistics.rhythm.figures import by_month
from rinnalla.statistics.scope import Scope
from rinnalla.statistics.tests.rhythm.kept import reckon
from rinnalla.testing import make_site, make_visit

MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel("2026-04-20 12:00", tick=False):
        yield


def march():
    reckon()
    return by_month(Scope(), MARCH, MARCH)[MARCH]


def test_it_works(cast):
    site = make_site(cast)
    for is_familiar in (True, True, False, None):
        make_visit(cast, site, status="done", is_familiar=is_familiar)
    numbers = march()
    assert (numbers["familiar"], numbers["faces_known"]) == (2, 3)


@pytest.mark.parametrize(
    "over",
    [
        {"status": "done", "is_outreach": False},
        {"status": "under_way"},
        {"status": "cancelled", "cancel_reason": "weather"},
        {"status": "done", "is_seen": False},
    ],
)
def test_only_outreach_visits_done_are_asked(cast, over):
    make_visit(cast, is_familiar=True, **over)
    assert march()["faces_known"] == 0


def test_a_share_of_few_visits_is_not_given():
    part = INDICATORS["I6"].figure
    assert part({"familiar": 19, "faces_known": 19}) is None
    assert part({"familiar": 15, "faces_known": 20}) == 75


def test_it_is_not_for_judging_workers():
    assert "Ei työntekijöiden" in str(INDICATORS["I6"].not_for)
