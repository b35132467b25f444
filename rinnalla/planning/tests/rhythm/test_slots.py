"""The days a rhythm promises."""

from datetime import date

import pytest
from dateutil.rrule import rrulestr

from rinnalla import testing
from rinnalla.planning.models import Rhythm, RhythmException
from rinnalla.planning.rhythm import rules, slots

APRIL = date(2026, 4, 1), date(2026, 4, 30)


def make(cast, rule, site=None, **over):
    site = site or testing.make_site(cast)
    since = over.pop("since", date(2026, 1, 1))
    return Rhythm.objects.create(site=site, rule=rule, since=since, **over)


def days(first=APRIL[0], last=APRIL[1]):
    found = slots.between(Rhythm.objects.all(), first, last)
    return [slot.on.day for slot in found if not slot.is_skipped]


def test_it_works(cast):
    make(cast, "FREQ=WEEKLY;BYDAY=WE")
    assert days() == [1, 8, 15, 22, 29]


def test_the_latter_half_is_once_a_month_in_every_month(cast):
    make(cast, rules.Shape("latter", (3,)).rule)
    found = slots.between(Rhythm.objects.all(), date(2026, 1, 1), date(2027, 12, 31))
    assert len(found) == 24
    assert all(16 <= slot.day.day <= 22 for slot in found)


def test_every_third_week_is_counted_from_its_first(cast):
    make(cast, "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU", since=date(2026, 3, 31))
    assert days() == [21]


def test_a_public_holiday_is_left_out_and_named(cast):
    make(cast, "FREQ=WEEKLY;BYDAY=MO")
    assert days() == [13, 20, 27]
    easter = slots.between(Rhythm.objects.all(), *APRIL)[0]
    assert (easter.is_skipped, bool(easter.holiday)) == (True, True)


def test_a_place_may_keep_holidays(cast):
    make(cast, "FREQ=WEEKLY;BYDAY=MO", keeps_holidays=True)
    assert days() == [6, 13, 20, 27]


@pytest.mark.parametrize(
    ("season", "month", "is_gone_to"),
    [
        ((5, 9), 4, False),
        ((4, 9), 4, True),
        ((11, 4), 4, True),
        ((11, 3), 4, False),
        ((11, 3), 12, True),
    ],
)
def test_season(cast, season, month, is_gone_to):
    site = testing.make_site(cast, season_from=season[0], season_to=season[1])
    assert slots.in_season(site, date(2026, month, 15)) is is_gone_to


def test_left_out_and_moved(cast):
    rhythm = make(cast, "FREQ=WEEKLY;BYDAY=WE")
    leave = {"rhythm": rhythm, "reason": "host_cancelled"}
    RhythmException.objects.create(day=date(2026, 4, 8), **leave)
    RhythmException.objects.create(
        day=date(2026, 4, 15), moved_to=date(2026, 4, 16), **leave
    )
    RhythmException.objects.create(
        day=date(2026, 4, 29), moved_to=date(2026, 5, 4), **leave
    )
    assert days() == [1, 16, 22]
    assert days(date(2026, 5, 1), date(2026, 5, 10)) == [4, 6]


def test_after_its_end_there_is_none(cast):
    make(cast, "FREQ=WEEKLY;BYDAY=WE", until=date(2026, 4, 8))
    assert days() == [1, 8]


@pytest.mark.parametrize(
    "over",
    [
        {"until": date(2026, 4, 10)},
        {"since": date(2026, 4, 16)},
        {"rule": "FREQ=WEEKLY;BYDAY=FR"},
        {"rule": ""},
    ],
)
def test_a_day_the_rhythm_gives_no_more_is_not_moved(cast, over):
    rhythm = make(cast, "FREQ=WEEKLY;BYDAY=WE")
    moved = {"moved_to": date(2026, 4, 21), "reason": "host_cancelled"}
    RhythmException.objects.create(rhythm=rhythm, day=date(2026, 4, 15), **moved)
    assert 21 in days()
    Rhythm.objects.update(**over)
    assert 21 not in days()


def test_every_shape_can_be_kept_and_said_back():
    shapes = [rules.Shape("w1", (0, 4)), rules.Shape("latter", (6,)), rules.Shape("w6")]
    shapes = [s for s in shapes if s.weekdays]
    shapes += [rules.Shape(code, (day,)) for code in rules.MONTHS for day in range(7)]
    for shape in shapes:
        rrulestr(shape.rule)
        assert rules.shape_of(shape.rule) == shape


def test_a_rule_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="INTERVAL=5"):
        rules.shape_of("FREQ=WEEKLY;INTERVAL=5;BYDAY=MO")


def test_three_queries_however_many(cast, django_assert_max_num_queries):
    for number in range(5):
        site = testing.make_site(cast, name=f"Paikka {number}")
        make(cast, "FREQ=WEEKLY;BYDAY=WE", site=site)
    with django_assert_max_num_queries(3):
        assert len(slots.between(Rhythm.objects.all(), *APRIL)) == 25
