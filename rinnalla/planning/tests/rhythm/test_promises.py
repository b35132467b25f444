"""What a rhythm promised is written down the night after and stays so."""

from datetime import date, timedelta

import pytest
import time_machine

from rinnalla import testing
from rinnalla.planning import actions as planning
from rinnalla.planning.models import PromisedDay, Rhythm, StaleMonth
from rinnalla.planning.rhythm import actions

WEDNESDAYS = "FREQ=WEEKLY;BYDAY=WE"
HOURS = {"starts": None, "ends": None, "keeps_holidays": False}


@pytest.fixture(autouse=True)
def noon():
    """Wednesday the 18th of March; two more have been since the month began."""
    with time_machine.travel("2026-03-18T10:00:00Z", tick=False) as moment:
        yield moment


@pytest.fixture
def rhythm(cast):
    """Wednesdays since the beginning of March, as it stands in an older database."""
    site = testing.make_site(cast)
    since = date(2026, 3, 1)
    return Rhythm.objects.create(site=site, rule=WEDNESDAYS, since=since)


def days(**over):
    rows = PromisedDay.objects.filter(**over).order_by("day")
    return [row.day.day for row in rows]


def test_it_works(rhythm):
    assert actions.note_promises() == 2
    assert days() == [4, 11], "today may still be kept"
    assert actions.note_promises() == 0
    assert {mark.month for mark in StaleMonth.objects.all()} == {date(2026, 3, 1)}


def test_a_missed_night_is_made_good(rhythm, noon):
    actions.note_promises()
    noon.shift(timedelta(days=15))
    actions.note_promises()
    assert days() == [4, 11, 18, 25, 1]


def test_a_rhythm_promises_nothing_before_it_was_written_down(cast):
    site = testing.make_site(cast)
    choice = {**HOURS, "rule": WEDNESDAYS, "since": date(2026, 1, 1)}
    actions.set_rhythm(cast.kaisa, site, **choice)
    assert actions.note_promises() == 0


def test_a_new_rhythm_changes_nothing_of_the_past(cast, rhythm, noon):
    actions.note_promises()
    choice = {**HOURS, "rule": "FREQ=WEEKLY;BYDAY=FR", "since": date(2026, 3, 18)}
    actions.set_rhythm(cast.kaisa, rhythm.site, **choice)
    noon.shift(timedelta(days=7))
    actions.note_promises()
    assert days() == [4, 11, 20]


def test_a_season_changed_later_changes_nothing_of_the_past(rhythm, noon):
    actions.note_promises()
    site = rhythm.site
    site.season_from, site.season_to = 5, 9
    site.save()
    noon.shift(timedelta(days=7))
    assert actions.note_promises() == 0
    site.season_from = site.season_to = None
    site.save()
    assert actions.note_promises() == 0, "what was not promised is not added"
    assert days() == [4, 11]


def test_exceptions_and_holidays_were_not_promised(cast, rhythm, noon):
    away, moved = date(2026, 3, 25), date(2026, 4, 1)
    actions.change_day(cast.kaisa, rhythm, day=away, reason="staff_ill")
    actions.change_day(
        cast.kaisa, rhythm, day=moved, reason="other_task", moved_to=date(2026, 4, 2)
    )
    Rhythm.objects.create(
        site=testing.make_site(cast, name="Tori"),
        rule="FREQ=WEEKLY;BYDAY=MO",
        since=date(2026, 4, 1),
    )
    noon.move_to("2026-04-08T10:00:00Z")
    actions.note_promises()
    assert days(is_holiday=True) == [6], "Easter Monday"
    assert days(reason="staff_ill") == [25]
    assert days(reason="other_task") == [1], "on its own day, not where it was moved"


def test_a_holiday_the_place_keeps_was_promised(cast, noon):
    Rhythm.objects.create(
        site=testing.make_site(cast),
        rule="FREQ=WEEKLY;BYDAY=MO",
        since=date(2026, 4, 1),
        keeps_holidays=True,
    )
    noon.move_to("2026-04-08T10:00:00Z")
    actions.note_promises()
    assert days(is_holiday=False) == [6]


def test_a_place_given_up_promises_nothing_more(cast, rhythm, noon):
    planning.retire_site(cast.kaisa, rhythm.site)
    noon.shift(timedelta(days=14))
    actions.note_promises()
    assert days() == [4, 11]


def test_a_visit_moved_to_another_month_marks_both(cast, rhythm):
    slot = date(2026, 3, 25)
    visit = testing.make_visit(cast, rhythm.site, day=slot, rhythm=rhythm, slot=slot)
    planning.move_visit(cast.kaisa, visit, day=date(2026, 4, 2))
    for change in (
        lambda: planning.cancel_visit(cast.kaisa, visit, reason="weather"),
        lambda: planning.reopen_visit(cast.kaisa, visit),
    ):
        StaleMonth.objects.all().delete()
        change()
        months = StaleMonth.objects.values_list("month", flat=True)
        assert sorted(months) == [date(2026, 3, 1), date(2026, 4, 1)]
