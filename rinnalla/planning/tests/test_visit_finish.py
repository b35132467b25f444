"""A visit ends: time and staff are kept for the figures."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.models import StaleMonth


def url(visit):
    return reverse("planning:visit_finish", args=[visit.pk])


def went(cast, minutes, **over):
    """A visit that began so many minutes before it ended, today at noon."""
    noon = clock.at(clock.today(), 12)
    started = noon - timedelta(minutes=minutes)
    fields = {"day": clock.today(), "status": "under_way", "started_at": started}
    visit = testing.make_visit(cast, **fields | over)
    with time_machine.travel(noon, tick=False):
        return actions.finish_visit(cast.aino, visit)


def test_it_works(cast, sign_in):
    visit = testing.make_visit(
        cast, workers=[cast.aino, cast.kaisa], status="under_way"
    )
    sign_in(cast.aino).post(url(visit))
    visit.refresh_from_db()
    assert (visit.status, visit.staff) == ("done", 2)
    assert StaleMonth.objects.filter(site=visit.site, month="2026-03-01").exists()


def test_minutes_by_the_clock(cast):
    assert went(cast, 95).minutes == 95


def test_a_short_one_is_five_minutes(cast):
    assert went(cast, 0).minutes == 5


def test_left_open_over_midnight_the_plan_says(cast):
    visit = went(cast, 24 * 60, day=clock.today() - timedelta(days=1))
    assert visit.minutes == 120


def test_without_clock_or_plan_nobody_knows(cast):
    visit = testing.make_visit(cast, starts=None, ends=None)
    assert actions.finish_visit(cast.aino, visit).minutes is None


def test_somebody_may_know_better(cast):
    visit = testing.make_visit(cast, status="under_way", started_at=clock.now())
    assert actions.finish_visit(cast.aino, visit, minutes=45).minutes == 45


def test_nobody_chosen_is_one(cast):
    visit = testing.make_visit(cast, status="under_way")
    visit.workers.clear()
    assert actions.finish_visit(cast.aino, visit).staff == 1


def test_twice_is_once(cast):
    visit = testing.make_visit(cast, status="under_way", started_at=clock.now())
    first = actions.finish_visit(cast.aino, visit)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        again = actions.finish_visit(cast.kaisa, visit)
    assert again.ended_at == first.ended_at
    assert again.minutes == first.minutes


@pytest.mark.parametrize(
    ("who", "status"), [("outi", 404), ("leena", 403), ("reijo", 404), ("hannu", 403)]
)
def test_whose_visits(cast, sign_in, who, status):
    visit = testing.make_visit(cast, status="under_way")
    assert sign_in(getattr(cast, who)).post(url(visit)).status_code == status
