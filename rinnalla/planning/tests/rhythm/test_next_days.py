"""The next days at a place, as visits and rhythm stand together."""

from datetime import date, time

import pytest
import time_machine

from rinnalla import testing
from rinnalla.planning import actions
from rinnalla.planning.models import Rhythm
from rinnalla.planning.rhythm import slots

TODAY = date(2026, 3, 20)  # a Friday
THURSDAYS = [date(2026, 3, 26), date(2026, 4, 2), date(2026, 4, 9)]


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-03-20T08:00:00+00:00", tick=False):
        yield


@pytest.fixture
def rhythm(cast):
    return Rhythm.objects.create(
        site=testing.make_site(cast),
        rule="FREQ=WEEKLY;BYDAY=TH",
        since=date(2026, 1, 8),
        starts=time(10),
    )


def planned(cast, rhythm, slot, **over):
    told = {"rhythm": rhythm, "slot": slot, "day": slot} | over
    return testing.make_visit(cast, rhythm.site, **told)


def days(rhythm):
    return slots.next_days(rhythm, TODAY)


def test_it_works(cast, rhythm):
    assert days(rhythm) == THURSDAYS
    planned(cast, rhythm, THURSDAYS[0])
    assert days(rhythm) == THURSDAYS


def test_a_visit_moved_by_hand_is_on_its_new_day(cast, rhythm, sign_in):
    visit = planned(cast, rhythm, THURSDAYS[0])
    actions.move_visit(cast.aino, visit, day=date(2026, 3, 27), reason="weather")
    assert days(rhythm) == [date(2026, 3, 27), *THURSDAYS[1:]]
    page = sign_in(cast.aino).get(f"/planning/places/{rhythm.site_id}/")
    assert "pe 27.3." in page.content.decode()
    assert "to 26.3." not in page.content.decode()


def test_a_visit_called_off_is_on_no_day(cast, rhythm):
    planned(cast, rhythm, THURSDAYS[0], status="cancelled", cancel_reason="weather")
    assert days(rhythm) == [*THURSDAYS[1:], date(2026, 4, 16)]


def test_a_visit_besides_the_rhythm_is_a_day_too(cast, rhythm):
    testing.make_visit(cast, rhythm.site, day=date(2026, 3, 24))
    assert days(rhythm) == [date(2026, 3, 24), *THURSDAYS[:2]]


def test_another_places_visit_is_not(cast, rhythm):
    other = testing.make_site(cast, name="Puisto")
    testing.make_visit(cast, other, day=date(2026, 3, 24))
    assert days(rhythm) == THURSDAYS
