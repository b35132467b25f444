"""An ended visit is opened for correcting, at the latest the next day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning import actions

DAY = date(2027, 3, 12)


def url(visit):
    return reverse("planning:visit_reopen", args=[visit.pk])


def on(day, hour=12):
    return time_machine.travel(clock.at(day, hour), tick=False)


def make_done(cast, **over):
    return testing.make_visit(
        cast, day=DAY, status="done", ended_at=clock.at(DAY, 12), minutes=100, **over
    )


def test_it_works(cast, sign_in):
    visit = make_done(cast)
    with on(DAY + timedelta(days=1), 23):
        sign_in(cast.aino).post(url(visit))
    visit.refresh_from_db()
    assert visit.status == "under_way"


def test_two_days_later_is_too_late_for_a_worker(cast, sign_in):
    visit = make_done(cast)
    with on(DAY + timedelta(days=2), 1):
        response = sign_in(cast.aino).post(url(visit), follow=True)
    assert "edennyt tällä välin" in response.content.decode()
    visit.refresh_from_db()
    assert visit.status == "done"


def test_a_coordinator_may_later_too(cast):
    visit = make_done(cast)
    with on(DAY + timedelta(days=30)):
        assert actions.reopen_visit(cast.kaisa, visit).status == "under_way"


def test_recorded_late_is_corrected_the_day_after_that(cast):
    visit = testing.make_visit(cast, day=DAY)
    with on(DAY + timedelta(days=4)):
        actions.finish_visit(cast.aino, visit)
    with on(DAY + timedelta(days=5)):
        assert actions.reopen_visit(cast.aino, visit).status == "under_way"


def test_correcting_keeps_the_time_on_the_spot(cast):
    visit = make_done(cast)
    with on(DAY + timedelta(days=1)):
        actions.reopen_visit(cast.aino, visit)
        again = actions.finish_visit(cast.aino, visit)
    assert (again.minutes, again.ended_at) == (100, clock.at(DAY, 12))


def test_what_was_kept_stays_when_nobody_knows_any_more_who_went(cast):
    visit = make_done(cast, staff=3, is_familiar=True)
    visit.workers.clear()
    actions.reopen_visit(cast.kaisa, visit)
    ended = actions.finish_visit(cast.kaisa, visit)
    assert (ended.staff, ended.is_familiar) == (3, True)


def test_a_cancelled_one_is_planned_again(cast):
    visit = testing.make_visit(
        cast, day=DAY, status="cancelled", cancel_reason="weather"
    )
    with on(DAY):
        again = actions.reopen_visit(cast.aino, visit)
    assert (again.status, again.cancel_reason) == ("planned", "")


@pytest.mark.parametrize(
    ("who", "status"), [("outi", 404), ("leena", 403), ("reijo", 404), ("hannu", 403)]
)
def test_whose_visits(cast, sign_in, who, status):
    visit = make_done(cast)
    assert sign_in(getattr(cast, who)).post(url(visit)).status_code == status
