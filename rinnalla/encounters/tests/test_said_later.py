"""What a phone says of a visit's end later: joined to what the pair said meanwhile."""

import pytest

from rinnalla import testing
from rinnalla.encounters import actions
from rinnalla.encounters.forms import NoteForm, WrapUpForm, codes_in_use
from rinnalla.encounters.models import Encounter, Observation, WrapUp
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock


@pytest.fixture
def visit(cast):
    return testing.make_visit(cast, status="under_way", day=clock.today())


def tell(cast, visit, shown=None, *, is_left=False, **body):
    form = WrapUpForm(body, codes=codes_in_use(), only=set(body))
    assert form.is_valid(), form.errors
    said = form.cleaned_data
    return actions.wrap_up(cast.aino, visit, said, shown=shown or {}, is_left=is_left)


def seen(visit):
    return Observation.objects.get(visit=visit)


def test_it_works(cast, visit):
    testing.make_met(visit, 10)
    tell(cast, visit, met=12, shown_met=10, how="estimated", phenomena=["price_rise"])
    assert totals_of(visit).met == 12
    assert WrapUp.objects.get().how == "estimated"
    assert seen(visit).phenomena == ["price_rise"]


def test_what_is_not_told_stays(cast, visit):
    tell(cast, visit, how="estimated", safety="fine", phenomena=["price_rise"])
    actions.note(cast.aino, visit, text="Hiljaista.")
    tell(cast, visit, met=3, shown_met=0)
    kept = WrapUp.objects.get()
    assert (kept.how, kept.safety) == ("estimated", "fine")
    assert (seen(visit).phenomena, seen(visit).text) == (["price_rise"], "Hiljaista.")


def test_a_choice_is_added_to_what_the_phone_no_longer_knows(cast, visit):
    tell(cast, visit, phenomena=["price_rise"])
    tell(cast, visit, phenomena=["new_faces"])
    assert seen(visit).phenomena == ["price_rise", "new_faces"]


def test_what_was_shown_and_let_go_is_taken_out(cast, visit):
    tell(cast, visit, phenomena=["price_rise", "new_faces"])
    tell(cast, visit, {"phenomena": ["price_rise"]}, phenomena=[])
    assert seen(visit).phenomena == ["new_faces"]


def test_an_untouched_choice_does_not_undo_the_pairs(cast, visit):
    tell(cast, visit, how="estimated", is_nobody_reached=True)
    shown = {"how": "counted", "is_nobody_reached": False}
    tell(cast, visit, shown, how="counted", is_nobody_reached=False)
    kept = WrapUp.objects.get()
    assert (kept.how, kept.is_nobody_reached) == ("estimated", True)


def test_leaving_it_does_not_open_what_is_wrapped_up(cast, visit):
    tell(cast, visit, is_left=True)
    assert WrapUp.objects.get().is_left_for_tomorrow
    tell(cast, visit)
    tell(cast, visit, is_left=True)
    assert not WrapUp.objects.get().is_left_for_tomorrow


@pytest.mark.parametrize("shown", ["x", [], {"topics": 3}])
def test_a_broken_note_of_what_was_shown_showed_nothing(cast, visit, shown):
    [meeting] = testing.make_guided(visit, topics=["housing"])
    fact = actions.Fact(
        visit,
        "encounter_detail",
        data={"encounter": meeting.pk, "topics": ["debt"], "shown": shown},
    )
    assert actions.record_facts(cast.aino, [fact]) == [None]
    assert Encounter.objects.get().topics == ["housing", "debt"]


def test_a_detail_without_a_note_replaces(cast, visit):
    [meeting] = testing.make_guided(visit, topics=["housing"])
    data = {"encounter": meeting.pk, "topics": ["debt"]}
    actions.record_facts(
        cast.aino, [actions.Fact(visit, "encounter_detail", data=data)]
    )
    assert Encounter.objects.get().topics == ["debt"]


# --- own words ---


def test_words_come_alone(cast, visit):
    tell(cast, visit, phenomena=["price_rise"])
    actions.note(cast.aino, visit, text="Hiljaista.")
    assert (seen(visit).phenomena, seen(visit).text) == (["price_rise"], "Hiljaista.")
    assert not visit.wrap_up.is_left_for_tomorrow


def test_untouched_words_leave_the_pairs(cast, visit):
    actions.note(cast.aino, visit, text="Parin sanat.")
    actions.note(cast.aino, visit, text="", shown="")
    assert seen(visit).text == "Parin sanat."


def test_words_can_be_taken_away(cast, visit):
    actions.note(cast.aino, visit, text="Eka.")
    actions.note(cast.aino, visit, text="", shown="Eka.")
    assert not Observation.objects.exists()


def test_a_closed_visit_takes_no_words(cast, visit):
    visit.status, visit.day = "done", clock.today().replace(year=2020)
    visit.save()
    with pytest.raises(actions.Refused):
        actions.note(cast.aino, visit, text="Myöhään.")


@pytest.mark.parametrize("text", ["soita 040 123 4567", "x" * 281, "a\x00b"])
def test_the_guard_reads_words_here_too(db, text):
    assert "text" in NoteForm({"text": text}).errors
