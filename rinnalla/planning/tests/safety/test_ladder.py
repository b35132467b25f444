"""The ladder by any rows and any clock: nobody is lost, nothing ends by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from rinnalla.planning.safety import ladder
from rinnalla.planning.safety.ladder import HELP_ROUND, Call, Facts, calls

NOON = datetime(2026, 3, 12, 10, tzinfo=UTC)
PAIR, NAMED, NEXT, OTHER, OUT = "pair", "named", "next", "other", "out"
ALL = frozenset({PAIR, NAMED, NEXT, OTHER, OUT})


def overdue(**over):
    """Out is late; the pair stayed behind."""
    told = {
        "is_overdue": True,
        "raised_at": NOON,
        "due_at": NOON,
        "out": frozenset({OUT}),
        "everybody": ALL,
        "named": (NAMED, NEXT),
        "pair": PAIR,
    }
    return Facts(**told | over)


def after(minutes):
    return NOON + timedelta(minutes=minutes)


def called(facts, minutes):
    """Who is called by then, and in which round."""
    found = calls(facts, after(minutes))
    return {(call.worker, call.round) for call in found if call.kind == ladder.CALL}


def test_it_works():
    facts = overdue()
    assert called(facts, 0) == {(PAIR, 0)}
    assert called(facts, 5) == {(PAIR, 0), (NAMED, 0)}
    assert called(facts, 10) == {(PAIR, 0), (NAMED, 0), (NEXT, 0)}
    everybody = {(one, 0) for one in ALL - {OUT}}
    assert called(facts, 15) == everybody
    assert called(facts, 25) == everybody | {(one, 1) for one in ALL - {OUT}}


def test_who_is_late_is_asked_too_but_never_alone():
    found = calls(overdue(), NOON)
    assert Call(ladder.NUDGE, 0, OUT) in found
    assert any(call.worker != OUT for call in found)


def test_without_a_pair_the_named_person_comes_first():
    assert called(overdue(pair=None), 0) == {(NAMED, 0)}


def test_who_is_out_as_well_is_no_step():
    facts = overdue(out=frozenset({OUT, PAIR}))
    assert called(facts, 0) == {(NAMED, 0)}


def test_without_a_ladder_everybody_is_called_at_once():
    facts = overdue(pair=None, named=())
    assert called(facts, 0) == {(one, 0) for one in ALL - {OUT}}


def test_a_call_for_help_asks_the_first_three_at_once():
    facts = overdue(is_overdue=False)
    assert called(facts, 0) == {(one, HELP_ROUND) for one in (PAIR, NAMED, NEXT)}
    assert (OTHER, HELP_ROUND) in called(facts, 2)


def test_somebody_who_holds_it_rests_the_ladder_for_a_while():
    facts = overdue(owner=PAIR, taken_at=after(6), called=frozenset({PAIR, NAMED}))
    found = calls(facts, after(12))
    assert {call.worker for call in found if call.kind == ladder.TAKEN} == {NAMED}
    assert not called(facts, 12)
    assert (OTHER, 2) in called(facts, 36)


def test_being_home_late_rests_it_but_a_call_for_help_goes_on():
    facts = overdue(is_home=True, said_safe_at=after(1), called=frozenset({PAIR}))
    assert calls(facts, after(9)) == {Call(ladder.SAID_SAFE, 1, PAIR)}
    assert called(replace(facts, is_overdue=False), 9)


def test_who_holds_it_hears_that_they_say_they_are_home():
    facts = overdue(owner=PAIR, taken_at=after(2), said_safe_at=after(4), is_home=True)
    assert Call(ladder.SAID_SAFE, 4, PAIR) in calls(facts, after(5))
    again = replace(facts, said_safe_at=after(9))
    assert calls(again, after(9)) - calls(facts, after(9))


def test_late_a_second_time_it_climbs_on():
    facts = overdue(said_safe_at=after(1), due_at=after(31))
    assert not called(facts, 30)
    assert (OTHER, 0) in called(facts, 31)


def test_closing_is_told_to_whom_it_reached():
    reached = frozenset({PAIR, NAMED})
    facts = overdue(owner=PAIR, taken_at=after(1), closed_at=after(9), called=reached)
    assert calls(facts, after(10)) == {Call(ladder.CLOSED, 0, NAMED)}


def test_a_clock_set_back_calls_everybody_rather_than_nobody():
    assert {one for one, _round in called(overdue(), -90)} == ALL - {OUT}


people = some.sampled_from(sorted(ALL))
moments = some.integers(-120, 600).map(after)
alarms = some.builds(
    overdue,
    is_overdue=some.booleans(),
    out=some.frozensets(people, min_size=1),
    everybody=some.frozensets(people),
    named=some.lists(people, max_size=3).map(tuple),
    pair=some.none() | people,
)


@given(alarms, moments)
def test_never_only_who_is_out(facts, now):
    """Whoever else there is, one of them is called from the first moment on."""
    others = facts.everybody - facts.out
    reached = {call.worker for call in calls(facts, now) if call.kind == ladder.CALL}
    assert bool(reached) == bool(others)
    assert reached <= others


@given(alarms, some.integers(0, 600), some.integers(0, 600))
def test_nobody_is_forgotten_as_time_goes(facts, first, later):
    """Who had to be called by a moment has to be at any later one."""
    before, after_it = sorted((first, later))
    first_round = {one for one in called(facts, before) if one[1] in (0, HELP_ROUND)}
    assert first_round <= called(facts, after_it)


@given(alarms, some.integers(15, 600))
def test_in_a_quarter_of_an_hour_everybody_knows(facts, minutes):
    late = minutes + 5 * len(facts.named)
    assert {one for one, _ in called(facts, late)} == facts.everybody - facts.out


@given(alarms, some.integers(0, 600), people, some.integers(0, 600))
def test_holding_it_never_ends_it(facts, taken, owner, wait):
    """Half an hour after somebody took it and did not close it, all are asked anew."""
    held = replace(facts, owner=owner, taken_at=after(taken))
    before = called(facts, taken)
    then = called(held, taken + 30 + wait)
    if facts.everybody - facts.out:
        assert then - before


@given(alarms, some.integers(0, 600))
def test_lateness_that_becomes_a_call_for_help_calls_anew(facts, minutes):
    """Nobody whom it calls at once is taken for one who was called before."""
    late = replace(facts, is_overdue=True)
    help = replace(late, is_overdue=False, raised_at=after(minutes))
    assert called(late, minutes).isdisjoint(called(help, minutes))


@given(alarms, some.integers(0, 10**8), some.integers(0, 10**8))
def test_a_round_fits_where_it_is_kept(facts, taken, minutes):
    """An alarm of years, or a clock that jumps so far."""
    held = replace(facts, owner=PAIR, taken_at=after(taken), called=ALL)
    for one in (facts, held):
        assert all(0 <= call.round <= 32_767 for call in calls(one, after(minutes)))


@given(alarms, moments)
def test_the_same_rows_ask_the_same(facts, now):
    assert calls(facts, now) == calls(facts, now)
