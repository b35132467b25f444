"""What is kept of a check-in that ended: the team, the month, in time or not."""

from datetime import timedelta

import pytest
import time_machine

from rinnalla.lib import clock
from rinnalla.planning.models import CheckIn, Return
from rinnalla.planning.safety import actions
from rinnalla.planning.tests.safety.people import call_for_help, late_alarm, set_out

NOON = "2026-03-12T10:00:00Z"


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as moment:
        yield moment


def kept():
    return list(Return.objects.values_list("is_on_time", flat=True))


def test_it_works(team):
    row = set_out(team.aino)
    for _press in (1, 2):
        actions.home_safe(team.aino, row)
    [one] = Return.objects.all()
    assert (one.team, one.is_on_time) == (team.team, True)
    assert one.month == clock.today().replace(day=1)


def test_it_stays_when_the_check_in_goes(team):
    actions.home_safe(team.aino, set_out(team.aino))
    CheckIn.objects.all().delete()
    assert kept() == [True]


def test_no_person_place_or_moment_is_in_it():
    names = {field.name for field in Return._meta.get_fields()}
    assert names == {"id", "team", "month", "is_on_time"}


def test_late_without_an_alarm_is_late(team):
    row = set_out(team.aino, minutes=-5)
    actions.home_safe(team.aino, row)
    assert kept() == [False]


def test_more_time_asked_for_in_time_is_in_time(team, at_noon):
    row = set_out(team.aino, minutes=30)
    actions.extend(team.aino, row, due_at=clock.now() + timedelta(hours=2))
    at_noon.shift(timedelta(hours=1))
    actions.home_safe(team.aino, row)
    assert kept() == [True]


def test_more_time_asked_for_after_the_alarm_is_late(team):
    row = late_alarm(team.aino).check_in
    actions.extend(team.aino, row, due_at=clock.now() + timedelta(hours=2))
    actions.home_safe(team.aino, row)
    assert kept() == [False]


def test_closed_by_a_colleague_is_late_once(team):
    alarm = late_alarm(team.aino)
    actions.take(team.kaisa, alarm)
    actions.close(team.kaisa, alarm, how="safe")
    actions.home_safe(team.aino, alarm.check_in)
    assert kept() == [False]


def test_a_call_for_help_leaves_nothing(team):
    alarm = call_for_help(team.aino)
    actions.home_safe(team.aino, alarm.check_in)
    unannounced = actions.call_for_help(team.kaisa)
    actions.take(team.niilo, unannounced)
    actions.close(team.niilo, unannounced, how="helped")
    assert kept() == []
