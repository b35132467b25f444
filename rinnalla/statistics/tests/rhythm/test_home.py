"""I10: how many check-ins ended by the agreed time, known after they are deleted."""

from datetime import date, timedelta

import pytest
import time_machine

from rinnalla.lib import clock
from rinnalla.planning.retention import RULES
from rinnalla.planning.safety import actions
from rinnalla.planning.tests.safety.people import set_out
from rinnalla.statistics.rhythm.figures import returns_by_month
from rinnalla.statistics.scope import Scope

MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel("2026-03-12 12:00", tick=False) as moment:
        yield moment


def numbers(**over):
    return returns_by_month(Scope(**over), MARCH, MARCH)[MARCH]


def test_it_works_after_the_check_ins_are_gone(cast, march):
    for minutes in (60, 60, 60, -5):
        actions.home_safe(cast.aino, set_out(cast.aino, minutes=minutes))
    march.shift(timedelta(days=30))
    rule = {rule.name: rule for rule in RULES}["planning.check_ins"]
    assert rule.run(clock.today()) == 4
    assert numbers() == {"returns": 4, "on_time": 3}


def test_a_team_has_its_own(cast):
    actions.home_safe(cast.aino, set_out(cast.aino))
    actions.home_safe(cast.outi, set_out(cast.outi, minutes=-5))
    assert numbers(team=cast.team) == {"returns": 1, "on_time": 1}
    assert numbers() == {"returns": 2, "on_time": 1}


def test_who_is_still_out_is_not_counted(cast):
    set_out(cast.aino)
    assert numbers() == {}
