"""The end of a visit as a phone tells it: facts that join what the pair said."""

from datetime import timedelta

import pytest

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Count, Encounter, Mark, Observation, WrapUp
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.models import Fact, Quarantined
from rinnalla.phone.tests.doors import Sending, fact_of, sealed
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import StaleMonth

NUMBERS = ("met", "guided", "declined")
NOTHING = {f"{kind}{name}": 0 for kind in ("", "shown_") for name in NUMBERS}


@pytest.fixture
def tell(sending, visit):
    """Tell of the visit's end as the phone does; how the last fact was answered."""

    def send(*, before=(), by=sending, left=False, shown=None, **told):
        body = NOTHING | told | {"shown": shown or {}, "left": left}
        facts = [fact_of(visit, kind, body) for kind, body in before]
        return by(*facts, fact_of(visit, "wrap_up", body))[-1]

    return send


def seen():
    return Observation.objects.get()


def test_it_works(visit, tell):
    testing.make_met(visit, 30)
    answer = tell(
        met=31, shown_met=30, how="estimated", phenomena=["price_rise"], safety="fine"
    )
    assert answer == "stored"
    visit.refresh_from_db()
    assert visit.status == "done" and totals_of(visit).met == 31
    assert (visit.wrap_up.how, visit.wrap_up.safety) == ("estimated", "fine")
    assert (seen().phenomena, seen().site) == (["price_rise"], visit.site)
    assert StaleMonth.objects.filter(site=visit.site).exists()
    assert AuditEvent.objects.filter(action="encounters.wrapped_up").count() == 1


def test_a_partners_tap_meanwhile_stays(visit, tell):
    testing.make_met(visit, 15)
    tell(met=12, shown_met=10)
    assert totals_of(visit).met == 17


def test_a_corrected_number_is_a_difference(visit, tell):
    tell(met=5)
    tell(met=4, shown_met=5)
    assert totals_of(visit).met == 4


def test_two_phones_tell_of_one_end(cast, client, visit, tell):
    visit.workers.add(cast.kaisa)
    pair = Sending(client, make_phone(cast.kaisa))
    tell(met=5, how="estimated", phenomena=["price_rise"])
    tell(met=2, by=pair, phenomena=["new_faces"], atmosphere="calm")
    assert totals_of(visit).met == 7
    kept = WrapUp.objects.get()
    assert (kept.how, kept.atmosphere) == ("estimated", "calm")
    assert seen().phenomena == ["price_rise", "new_faces"]


def test_meetings_wrong_taps_and_marks_come_before_it(visit, tell):
    one, wrong = testing.make_guided(visit, 2, topics=["housing"])
    mark = Mark.objects.create(visit=visit, at=visit.started_at)
    Encounter.objects.filter(pk=one.pk).update(topics=["housing", "debt"])
    detail = {"encounter": str(one.pk), "methods": ["guidance"], "topics": ["benefits"]}
    tell(
        before=[
            ("encounter_detail", detail | {"shown": {"topics": ["housing"]}}),
            ("undo", {"of": str(wrong.pk)}),
            ("mark_detail", {"mark": str(mark.pk), "is_done": True, "shown": {}}),
        ]
    )
    one.refresh_from_db()
    mark.refresh_from_db()
    assert (one.topics, one.methods) == (["debt", "benefits"], ["guidance"])
    assert totals_of(visit).guided == 1 and mark.is_done


def test_guided_people_are_added_without_counting_them_met_twice(visit, tell):
    tell(met=5, guided=2)
    totals = totals_of(visit)
    assert (totals.guided, totals.met) == (2, 5)


def test_a_group_says_how_many_took_part(visit, tell):
    tell(attended=9, shown_attended=0)
    assert Count.objects.total("attended") == 9


def test_left_it_waits_and_once_wrapped_up_it_stays(tell):
    tell(left=True)
    assert WrapUp.objects.get().is_left_for_tomorrow
    tell()
    tell(left=True)
    assert not WrapUp.objects.get().is_left_for_tomorrow


def test_the_reason_for_going_alone_comes_along(visit, tell):
    type(visit).objects.update(solo_reason="")
    tell(solo_reason="urgent")
    visit.refresh_from_db()
    assert visit.solo_reason == "urgent"


def test_what_the_phone_should_have_asked_stops_nothing_here(visit, tell):
    type(visit).objects.update(solo_reason="")
    testing.make_met(visit, 3)
    assert tell(is_nobody_reached=True, met=3, shown_met=3) == "stored"
    assert WrapUp.objects.exists()


def test_sent_again_it_is_known(sending, visit):
    body = NOTHING | {"met": 3, "left": False}
    fact = sending.numbered(fact_of(visit, "wrap_up", body))
    assert [sending(fact), sending(fact)] == [["stored"], ["duplicate"]]
    assert totals_of(visit).met == 3


# --- own words ---


def test_words_come_sealed(sending, visit):
    fact = fact_of(visit, "note", {"text": "Moni kysyi sähköstä.", "shown": ""}, seq=1)
    assert sending(sealed(fact)) == ["stored"]
    assert seen().text == "Moni kysyi sähköstä."
    assert not WrapUp.objects.exists()


def test_new_words_replace_and_no_words_take_away(sending, visit):
    for text, shown in (("Eka.", ""), ("Toka.", "Eka.")):
        sending(fact_of(visit, "note", {"text": text, "shown": shown}))
    assert seen().text == "Toka."
    sending(fact_of(visit, "note", {"text": "", "shown": "Toka."}))
    assert not Observation.objects.exists()


def test_the_wrap_up_leaves_words_and_words_leave_the_wrap_up(sending, visit, tell):
    sending(fact_of(visit, "note", {"text": "Hiljaista."}))
    tell(phenomena=["price_rise"], safety="fine")
    sending(fact_of(visit, "note", {"text": "Vilkasta.", "shown": "Hiljaista."}))
    assert (seen().text, seen().phenomena) == ("Vilkasta.", ["price_rise"])
    assert WrapUp.objects.get().safety == "fine"


def test_a_phone_number_waits_sealed_for_a_coordinator(sending, visit):
    fact = fact_of(visit, "note", {"text": "Soita 040 123 4567"})
    assert sending(fact) == ["stored"]
    assert sending.reply["facts"][0]["text"] is True
    assert not Observation.objects.exists()
    [row] = Quarantined.objects.all()
    assert row.reason == "text" and b"040" not in bytes(row.sealed)


# --- refusals ---


@pytest.mark.parametrize(
    "bad",
    [
        {"met": -1},
        {"met": "9" * 40},
        {"met": "kolme"},
        {"met": "\x00"},
        {"guided": 99},
        {"shown_met": "x"},
        {"how": "\x00"},
        {"phenomena": ["no_such"]},
        {"phenomena": 3},
        {"left": []},
    ],
)
def test_what_cannot_be_read_waits_and_stores_nothing(visit, tell, bad):
    answer = tell(**bad)
    if answer == "stored":
        assert bad == {"left": []}
        return
    assert not Count.objects.exists() and not WrapUp.objects.exists()
    assert Quarantined.objects.filter(kind="wrap_up").exists()


@pytest.mark.parametrize("shown", ["x", [], {"phenomena": [[1], 3]}, {"how": {}}])
def test_a_broken_note_of_what_was_shown_takes_nothing_away(visit, tell, shown):
    tell(phenomena=["price_rise"])
    is_stored = tell(phenomena=["new_faces"], shown=shown) == "stored"
    assert seen().phenomena == ["price_rise"] + ["new_faces"] * is_stored


def test_later_than_tomorrow_it_waits_for_a_coordinator(visit, tell):
    tell(met=3)
    visit.refresh_from_db()
    visit.day -= timedelta(days=4)
    visit.started_at -= timedelta(days=4)
    visit.ended_at -= timedelta(days=4)
    visit.save()
    assert tell(met=9, shown_met=3) == "quarantined"
    assert totals_of(visit).met == 3
    assert Quarantined.objects.get().reason == "closed"


def test_a_called_off_visit_is_not_wrapped_up(visit, tell):
    visit.status, visit.cancel_reason = "cancelled", "weather"
    visit.save()
    assert tell(met=3) == "quarantined"
    assert not WrapUp.objects.exists()


def test_the_door_keeps_no_word_of_it(visit, tell, sending):
    tell(met=3)
    [fact] = Fact.objects.all()
    assert fact.day == clock.today() and not hasattr(fact, "body")
