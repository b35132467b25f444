from datetime import UTC, date, datetime

import pytest
import time_machine

from rinnalla.lib import clock


@time_machine.travel(datetime(2026, 3, 12, 22, 30, tzinfo=UTC), tick=False)
def test_it_works():
    assert clock.now() == datetime(2026, 3, 12, 22, 30, tzinfo=UTC)
    assert clock.today() == date(2026, 3, 13), "past midnight in Finland"
    assert clock.local(clock.now()).hour == 0


@pytest.mark.parametrize(("minute", "floor"), [(0, 0), (4, 0), (5, 5), (59, 55)])
def test_cut_floors_to_five_minutes(minute, floor):
    moment = datetime(2026, 1, 1, 12, minute, 59, 999, tzinfo=UTC)
    assert clock.cut(moment) == datetime(2026, 1, 1, 12, floor, tzinfo=UTC)


def test_at_knows_summer_and_winter():
    assert clock.at(date(2026, 1, 15), 10, 30).hour == 8
    assert clock.at(date(2026, 7, 15), 10, 30).hour == 7
