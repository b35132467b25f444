"""Counting: every change a row, a stale month and one audit line."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters import actions
from rinnalla.encounters.models import Count, WrapUp
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.planning.models import StaleMonth


def test_it_works(cast):
    visit = testing.make_visit(cast, status="under_way")
    testing.tell(cast.aino, visit, number=12)
    assert totals_of(visit).met == 12
    assert StaleMonth.objects.get().month == visit.day.replace(day=1)
    event = AuditEvent.objects.get(action="encounters.recorded")
    assert (event.worker_id, event.object_id) == (cast.aino.pk, str(visit.pk))


def test_kinds_do_not_mix(cast):
    visit = testing.make_visit(cast, status="under_way")
    testing.tell(cast.aino, visit, kind="declined", number=4)
    totals = totals_of(visit)
    assert (totals.met, totals.counts["declined"]) == (0, 4)


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_a_visit_that_has_not_begun_takes_nothing(cast, status):
    visit = testing.make_visit(cast, status=status, cancel_reason="weather")
    with pytest.raises(actions.Refused):
        testing.tell(cast.aino, visit)
    assert not Count.objects.exists() and not AuditEvent.objects.exists()


def test_a_number_beyond_sense_is_stopped_by_the_database(cast):
    visit = testing.make_visit(cast, status="under_way")
    with pytest.raises(IntegrityError), transaction.atomic():
        testing.tell(cast.aino, visit, number=100_001)
    assert not AuditEvent.objects.exists()


# --- how long a visit is open ---


def done(cast, days_ago):
    ended = clock.now() - timedelta(days=days_ago)
    day = clock.local(ended).date()
    return testing.make_visit(cast, status="done", day=day, ended_at=ended)


def test_an_ended_visit_is_open_until_tomorrow_ends(cast):
    visit = done(cast, 1)
    WrapUp.objects.create(visit=visit)
    assert not actions.is_sealed(visit)
    testing.tell(cast.aino, visit)


def test_a_wrapped_up_visit_is_closed_after_that(cast):
    visit = done(cast, 2)
    WrapUp.objects.create(visit=visit)
    assert actions.is_sealed(visit)
    with pytest.raises(actions.Refused):
        testing.tell(cast.aino, visit)


@pytest.mark.parametrize(("days", "sealed"), [(2, False), (8, False), (9, True)])
def test_one_left_open_waits_a_week(cast, days, sealed):
    visit = done(cast, days)
    WrapUp.objects.create(visit=visit, is_left_for_tomorrow=True)
    assert actions.is_sealed(visit) == sealed


def test_a_visit_under_way_is_never_closed(cast):
    assert not actions.is_sealed(testing.make_visit(cast, status="under_way"))


# --- one queue, two phones ---


def test_one_shared_queue_counts_once(cast):
    visit = testing.make_visit(cast, status="under_way")
    one, two = uuid4(), uuid4()
    testing.tell(cast.aino, visit, number=30, device=one)
    testing.tell(cast.kaisa, visit, number=27, device=two)
    testing.tell(cast.aino, visit, kind="same_queue", number=1)
    assert totals_of(visit).met == 30
    testing.tell(cast.kaisa, visit, number=5, device=two)
    assert totals_of(visit).met == 32
    testing.tell(cast.aino, visit, kind="same_queue", number=-1)
    assert totals_of(visit).met == 62


def test_what_has_no_phone_is_not_evened_out(cast):
    visit = testing.make_visit(cast, status="under_way")
    testing.tell(cast.aino, visit, number=30, device=uuid4())
    testing.tell(cast.aino, visit, kind="same_queue", number=1)
    testing.tell(cast.aino, visit, number=4)
    assert totals_of(visit).met == 34
