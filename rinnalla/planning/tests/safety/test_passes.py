"""A phone's way to the safety pages ends soon after its worker is back."""

from datetime import timedelta

import pytest
import time_machine

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning import actions as planning
from rinnalla.planning.safety import actions
from rinnalla.planning.safety.actions import pass_of
from rinnalla.planning.tests.safety.people import late_alarm, set_out

START = clock.at(clock.today(), 10)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(START, tick=False) as moved:
        yield moved


@pytest.fixture
def phone(cast):
    """A shared phone Aino has pressed the way home on."""
    phone = make_phone(team=cast.team)
    actions.make_pass(cast.aino, phone.pk, "lumi")
    return phone


def is_open(now, minutes):
    now.move_to(START + timedelta(minutes=minutes))
    return pass_of("lumi") is not None


def test_it_works(cast, phone, now):
    row = set_out(cast.aino)
    actions.home_safe(cast.aino, row)
    assert is_open(now, 9)
    assert not is_open(now, 11)


def test_the_end_of_the_visit_ends_it_when_nobody_is_out(cast, phone, now):
    visit = testing.make_visit(cast, day=clock.today(), status="under_way")
    planning.finish_visit(cast.aino, visit)
    assert not is_open(now, 11)


def test_who_is_still_out_keeps_the_way_home(cast, phone, now):
    set_out(cast.aino)
    visit = testing.make_visit(cast, day=clock.today(), status="under_way")
    planning.finish_visit(cast.aino, visit)
    assert is_open(now, 600)


def test_who_took_an_alarm_on_keeps_the_way_to_it(cast, phone, now):
    alarm = late_alarm(cast.kaisa)
    actions.take(cast.aino, alarm)
    visit = testing.make_visit(cast, day=clock.today(), status="under_way")
    planning.finish_visit(cast.aino, visit)
    assert is_open(now, 600)


def test_out_again_at_once_it_stays_to_the_end(cast, phone, now):
    actions.home_safe(cast.aino, set_out(cast.aino))
    now.move_to(START + timedelta(minutes=5))
    set_out(cast.aino)
    assert is_open(now, 600)


def test_calling_for_help_keeps_it_too(cast, phone, now):
    actions.home_safe(cast.aino, set_out(cast.aino))
    now.move_to(START + timedelta(minutes=5))
    actions.call_for_help(cast.aino)
    assert is_open(now, 600)


def test_another_workers_pass_is_left_alone(cast, phone, now):
    actions.home_safe(cast.kaisa, set_out(cast.kaisa))
    assert is_open(now, 600)


def test_an_ended_pass_is_not_brought_back(cast, phone, now):
    actions.home_safe(cast.aino, set_out(cast.aino))
    now.move_to(START + timedelta(minutes=20))
    set_out(cast.aino)
    assert pass_of("lumi") is None
