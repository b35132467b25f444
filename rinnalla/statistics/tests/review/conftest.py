"""A place with a year behind it, for every page of the review."""

from datetime import date, timedelta

import pytest
import time_machine

from rinnalla.statistics import actions
from rinnalla.testing import make_card, make_guided, make_met, make_site, make_visit

NOW = "2026-11-22 12:00"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def site(cast):
    """A food queue with a visit a month since last November, its review due."""
    site = make_site(cast)
    make_card(site, review_due_on=date(2026, 11, 1))
    for month in range(12):
        day = date(2025, 11, 13) + timedelta(days=30 * month)
        done = {"status": "done", "minutes": 120, "staff": 2}
        visit = make_visit(cast, site, day=day, **done)
        make_met(visit, 40)
        make_guided(visit, 4 + month % 3)
    actions.mark_all()
    actions.recount_stale()
    return site


@pytest.fixture
def ahead(cast, site):
    """Three visits to come: in three, ten and twenty days."""
    return [
        make_visit(cast, site, day=date(2026, 11, 22) + timedelta(days=days))
        for days in (3, 10, 20)
    ]
