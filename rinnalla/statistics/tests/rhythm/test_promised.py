"""I7: which of the promised days were kept, and what became of the others."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rinnalla.planning import actions as planning
from rinnalla.planning.models import PromisedDay, RhythmException, Visit
from rinnalla.planning.rhythm.actions import note_promises, set_rhythm
from rinnalla.statistics import actions
from rinnalla.statistics.counting import how_it_went
from rinnalla.statistics.indicators import INDICATORS
from rinnalla.statistics.models import MonthCount, SealedMonth
from rinnalla.statistics.rhythm.figures import PROMISED, by_month, reasons
from rinnalla.statistics.scope import Scope
from rinnalla.statistics.tests.rhythm.kept import make_rhythm, reckon, visit_of
from rinnalla.testing import make_visit

MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel("2026-04-20 12:00", tick=False) as moment:
        yield moment


@pytest.fixture
def rhythm(cast):
    """Ten promised days in March: one of each fate, the other five kept."""
    rhythm = make_rhythm(cast, MARCH, MARCH + timedelta(days=9))
    off = {"status": "cancelled", "cancel_reason": "staff_ill"}
    visit_of(cast, rhythm, date(2026, 3, 1), **off)
    visit_of(cast, rhythm, date(2026, 3, 2), away=1, move_reason="weather")
    visit_of(cast, rhythm, date(2026, 3, 3), away=30)
    visit_of(cast, rhythm, date(2026, 3, 4), status="planned")
    for day in range(6, 11):
        visit_of(cast, rhythm, date(2026, 3, day))
    return rhythm


def figures():
    return by_month(Scope(), MARCH, date(2026, 4, 1))


def test_it_works(rhythm):
    reckon()
    march = {name: figures()[MARCH][name] for name in ("promised", *PROMISED)}
    assert march == {
        "promised": 10,
        **{"kept": 5, "moved": 2, "cancelled": 1, "open": 1, "none": 1},
    }
    assert list(figures()) == [MARCH], "a day moved to April was promised in March"


def test_why_is_told_apart(rhythm):
    reckon()
    found = reasons(Scope(), MARCH, MARCH)
    assert found["rhythm_off"] == {"staff_ill": 1}
    assert found["rhythm_moved"] == {"weather": 1, "-": 1}


@pytest.mark.parametrize(
    ("over", "word"),
    [
        ({"status": "done"}, "kept"),
        ({"status": "under_way"}, "open"),
        ({"status": "cancelled", "cancel_reason": "weather"}, "cancelled"),
        ({"status": "cancelled", "cancel_reason": "mistaken"}, "none"),
        ({"status": "done", "is_outreach": False}, "none"),
    ],
)
def test_a_visit_planned_by_hand_on_the_promised_day(cast, rhythm, over, word):
    make_visit(cast, rhythm.site, day=date(2026, 3, 5), **over)
    make_visit(cast, rhythm.site, day=date(2026, 3, 4), status="done")
    reckon()
    march = figures()[MARCH]
    assert march[word] == {"kept": 6, "open": 2, "cancelled": 2, "none": 1}[word]
    assert march["promised"] == sum(march[name] for name in PROMISED) == 10


def test_exceptions_are_not_broken(cast, rhythm):
    for day, moved_to in ((5, None), (4, date(2026, 3, 20))):
        day = date(2026, 3, day)
        RhythmException.objects.create(
            rhythm=rhythm, day=day, reason="other_task", moved_to=moved_to
        )
    reckon()
    march = figures()[MARCH]
    assert (march["promised"], march["agreed"], march["none"]) == (8, 2, 0)


def test_a_holiday_is_not_broken(cast):
    rhythm = make_rhythm(cast, date(2026, 4, 1), date(2026, 4, 10))
    rhythm.keeps_holidays = False
    rhythm.save()
    reckon()
    april = by_month(Scope(), date(2026, 4, 1), date(2026, 4, 1))[date(2026, 4, 1)]
    assert (april["holiday"], april["promised"]) == (3, 7), "Easter"


def test_the_past_stays_when_the_rhythm_changes(cast, rhythm):
    rhythm.until = None
    rhythm.save()
    reckon()
    before = figures()
    today = date(2026, 4, 20)
    choice = {"starts": None, "ends": None, "keeps_holidays": False, "since": today}
    set_rhythm(cast.kaisa, rhythm.site, rule="FREQ=WEEKLY;BYDAY=TH", **choice)
    reckon()
    assert figures() == before


def test_a_change_is_seen_after_the_recount(cast, rhythm):
    reckon()
    visit = Visit.objects.get(slot=date(2026, 3, 4))
    planning.cancel_visit(cast.kaisa, visit, reason="weather")
    actions.recount_stale()
    assert figures()[MARCH]["cancelled"] == 2


def test_the_proof_of_the_night_holds(rhythm, april):
    reckon()
    assert actions.prove_counts() == []
    april.shift(timedelta(days=3))
    note_promises()
    assert actions.prove_counts() == []


def test_a_promised_month_without_visits_is_proved_too(cast):
    make_rhythm(cast, MARCH, date(2026, 3, 4))
    reckon()
    MonthCount.objects.update(value=1)
    [alarm] = actions.prove_counts()
    assert alarm["what"] == "differs"


def test_a_sealed_month_keeps_its_days(rhythm):
    reckon()
    before = figures()
    actions.seal_before(date(2026, 4, 1), purge=lambda before: None)
    assert SealedMonth.objects.filter(month=MARCH).exists()
    PromisedDay.objects.all().delete()
    actions.mark_all()
    actions.recount_stale()
    assert figures()[MARCH] == before[MARCH]
    assert actions.prove_counts() == []


SLOW = HealthCheck.function_scoped_fixture
FATES = st.lists(
    st.tuples(
        st.sampled_from([None, "planned", "under_way", "done", "cancelled"]),
        st.integers(-3, 40),
        st.sampled_from(["", "weather"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=31,
)


@given(FATES)
@settings(max_examples=200, deadline=None, suppress_health_check=[SLOW])
def test_every_day_has_one_word_and_kept_is_never_more(april, fates):
    words = Counter()
    for number, (status, away, reason, is_holiday) in enumerate(fates):
        day = MARCH + timedelta(days=number)
        promise = PromisedDay(day=day, reason=reason, is_holiday=is_holiday)
        if reason and is_holiday:
            promise.is_holiday = False
        visit = status and Visit(
            slot=day, day=day + timedelta(days=away), status=status
        )
        word = how_it_went(promise, visit or None)
        words[word] += 1
        was_there = status == "done" and away == 0
        assert (word == "kept") == (was_there and promise.is_promised)
    promised = sum(words[name] for name in PROMISED)
    assert promised + words["agreed"] + words["holiday"] == len(fates)
    assert words["kept"] <= promised
    part = INDICATORS["I7"].figure({"kept": words["kept"], "promised": promised})
    assert part is None if promised < 20 else 0 <= part <= 100
