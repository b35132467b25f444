"""Entering a paper tally: rows of difference, once, and only what may still change."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.encounters import actions
from rinnalla.encounters.models import Count
from rinnalla.encounters.tally import (
    HoursField,
    TallyForm,
    planned_hours,
    recorded,
)
from rinnalla.lib import clock
from rinnalla.planning.models import StaleMonth, Visit
from rinnalla.testing import make_guided, make_met, make_visit

DAY_AFTER = "2026-03-13 09:00+02:00"


@pytest.fixture(autouse=True)
def the_day_after():
    with time_machine.travel(DAY_AFTER, tick=False):
        yield


@pytest.fixture
def visit(cast):
    return make_visit(cast)


def address(visit):
    return reverse("encounters:tally", args=[visit.pk])


def sheet(visit, **written):
    """What the page sends: what it showed, then what was written over it."""
    form = TallyForm(visit=visit)
    shown = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in shown.items() if value not in (None, False)}
    return sent | {name.replace("__", "-"): value for name, value in written.items()}


def test_it_works(visit, cast, sign_in):
    written = sheet(
        visit,
        met=78,
        guided=2,
        declined=5,
        topic__housing=2,
        topic__debt=1,
        method__information=2,
        result__meet_here=1,
        new=1,
        returning=1,
        hours="2,5",
        how="estimated",
    )
    answer = sign_in(cast.aino).post(address(visit), written)
    assert answer.status_code == 302
    assert answer.url == reverse("encounters:visit", args=[visit.pk])
    assert recorded(visit) == {
        ("met", ""): 78,
        ("guided", ""): 2,
        ("declined", ""): 5,
        ("topic", "housing"): 2,
        ("topic", "debt"): 1,
        ("method", "information"): 2,
        ("result", "meet_here"): 1,
        ("new", ""): 1,
        ("returning", ""): 1,
    }
    visit.refresh_from_db()
    assert (visit.status, visit.minutes) == (Visit.Status.DONE, 150)
    assert visit.wrap_up.how == "estimated"
    assert set(visit.counts.values_list("how", flat=True)) == {"estimated"}
    months = StaleMonth.objects.filter(site=visit.site)
    assert set(months.values_list("month", flat=True)) == {date(2026, 3, 1)}
    event = AuditEvent.objects.get(action="tally.entered")
    assert (event.worker_id, event.count) == (cast.aino.pk, 9)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ["Ei halunnut jutella", "Asumisen ongelmat", "Tallenna luvut"]),
        ("sv", ["Ville inte prata", "Problem med boendet", "Spara siffrorna"]),
        ("en", ["Did not want to talk", "Housing problems", "Store the numbers"]),
    ],
)
def test_every_language(visit, cast, sign_in, client, language, words):
    client.cookies["language"] = language
    page = sign_in(cast.aino).get(address(visit)).content.decode()
    assert [word for word in words if word not in page] == []


def test_rows_hold_no_clock_and_no_phone(visit, cast, sign_in):
    sign_in(cast.aino).post(address(visit), sheet(visit, met=3))
    row = visit.counts.get()
    assert (row.at, row.device) == (None, None)


def test_the_same_sheet_twice_is_counted_once(visit, cast, sign_in):
    written = sheet(visit, met=31, guided=1, topic__debt=1)
    first = sign_in(cast.aino).post(address(visit), written)
    second = sign_in(cast.aino).post(address(visit), written)
    assert (first.status_code, second.status_code) == (302, 302)
    assert visit.counts.count() == 3
    assert AuditEvent.objects.filter(action="tally.entered").count() == 1


def test_a_correction_is_a_new_row(visit, cast, sign_in):
    client = sign_in(cast.aino)
    client.post(address(visit), sheet(visit, met=31, topic__debt=0))
    visit = Visit.objects.get(pk=visit.pk)
    client.post(address(visit), sheet(visit, met=28))
    numbers = visit.counts.filter(kind="met").values_list("number", flat=True)
    assert sorted(numbers) == [-3, 31]


def test_what_the_phones_recorded_is_part_of_the_total(visit, cast, sign_in):
    make_met(visit, 10)
    make_guided(visit, 2, topics=["debt"], familiarity="new")
    sign_in(cast.aino).post(address(visit), sheet(visit, met=20, guided=3))
    assert recorded(visit)["met", ""] == 20
    assert visit.counts.total("met") == 18  # two of the guided count as met
    assert visit.counts.total("guided") == 1


def test_less_than_the_phones_recorded_is_refused(visit, cast, sign_in):
    make_guided(visit, 2)
    answer = sign_in(cast.aino).post(address(visit), sheet(visit, met=5, guided=1))
    assert answer.status_code == 200
    assert "guided" in answer.context["form"].errors
    assert not visit.counts.exists()


@pytest.mark.parametrize(
    "written",
    [
        {"met": 2, "guided": 3},
        {"met": 9, "topic__debt": 1},
        {"met": 9, "guided": 1, "topic__debt": 2},
        {"met": 9, "guided": 1, "result__meet_here": 1, "result__service": 1},
        {"met": 2, "new": 2, "returning": 1},
        {"met": 2, "is_nobody_reached": "on"},
        {"met": 0},
    ],
    ids=str,
)
def test_contradictions_are_asked_about_once(visit, cast, sign_in, written):
    client, sent = sign_in(cast.aino), sheet(visit, **written)
    answer = client.post(address(visit), sent)
    assert answer.status_code == 200
    assert len(answer.context["form"].asks) == 1
    assert 'type="checkbox" name="confirmed"' in answer.content.decode()
    assert not visit.counts.exists()
    assert client.post(address(visit), sent | {"confirmed": "on"}).status_code == 302
    asked_for = {k: v for k, v in written.items() if v and k != "is_nobody_reached"}
    stored = {
        f"{kind}__{code}" if code else str(kind): number
        for (kind, code), number in recorded(visit).items()
    }
    assert stored == asked_for


def test_nobody_reached_is_a_proper_result(visit, cast, sign_in):
    sent = sheet(visit, is_nobody_reached="on")
    assert sign_in(cast.aino).post(address(visit), sent).status_code == 302
    visit.refresh_from_db()
    assert visit.wrap_up.is_nobody_reached
    assert visit.status == Visit.Status.DONE


def test_minutes_survive_being_shown_as_hours(cast, sign_in):
    visit = make_visit(cast, status="done")
    for minutes in range(0, 24 * 60 + 1):
        visit.minutes = minutes
        shown = HoursField().prepare_value(planned_hours(visit))
        assert HoursField().clean(shown) == minutes
    visit.minutes = 125
    visit.save()
    sign_in(cast.aino).post(address(visit), sheet(visit, met=3))
    visit.refresh_from_db()
    assert visit.minutes == 125


def test_a_group_says_how_many_took_part(cast, sign_in):
    visit = make_visit(cast, is_group=True)
    sign_in(cast.aino).post(address(visit), sheet(visit, met=9, attended=8))
    assert recorded(visit)["attended", ""] == 8
    other = make_visit(cast, visit.site)
    assert "attended" not in TallyForm(visit=other).fields


def test_a_stale_page_is_told_what_stands_and_loses_nothing(visit, cast, sign_in):
    client, sent = sign_in(cast.aino), sheet(visit, met=25)
    make_met(visit, 30)
    answer = client.post(address(visit), sent)
    assert answer.status_code == 200
    assert "30" in answer.content.decode()
    assert recorded(visit)["met", ""] == 30
    form = answer.context["form"]
    again = sent | {"seen": form["seen"].value()}
    assert form["met"].value() == "25"
    assert client.post(address(visit), again).status_code == 302
    assert recorded(visit)["met", ""] == 25


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("met", "-1"),
        ("met", "1e9"),
        ("met", "99999999999999999999"),
        ("met", "kolme"),
        ("met", "3\x00"),
        ("met", "٣x"),
        ("topic__debt", "-5"),
        ("hours", "25"),
        ("hours", "2.30.1"),
        ("hours", "NaN"),
        ("hours", "-1"),
        ("how", "guessed"),
    ],
)
def test_bad_numbers_get_a_sentence_at_the_field(visit, cast, sign_in, field, value):
    sent = sheet(visit, **{"met": 5, field: value})
    answer = sign_in(cast.aino).post(address(visit), sent)
    assert answer.status_code == 200
    assert field.replace("__", "-") in answer.context["form"].errors
    assert not visit.counts.exists()


def test_storing_ends_a_visit_under_way_and_says_so(cast, sign_in):
    visit = make_visit(cast, status="under_way", started_at=clock.now())
    client = sign_in(cast.aino)
    assert "päättyy" in client.get(address(visit)).content.decode()
    client.post(address(visit), sheet(visit, met=5))
    visit.refresh_from_db()
    assert visit.status == Visit.Status.DONE
    assert visit.ended_at == clock.cut(clock.now())


def test_a_visit_to_come_takes_no_numbers(cast, sign_in):
    visit = make_visit(cast, day=date(2026, 3, 20))
    answer = sign_in(cast.aino).post(address(visit), sheet(visit, met=5))
    assert answer.context["why_not"] == actions.TOO_EARLY
    assert not Count.objects.exists()


def test_a_cancelled_visit_takes_no_numbers(cast, sign_in):
    visit = make_visit(cast, status="cancelled", cancel_reason="weather")
    answer = sign_in(cast.aino).post(address(visit), sheet(visit, met=5))
    assert answer.context["why_not"] == actions.CALLED_OFF
    assert not Count.objects.exists()


def test_later_only_the_coordinator_corrects(visit, cast, sign_in):
    sign_in(cast.aino).post(address(visit), sheet(visit, met=5))
    with time_machine.travel("2026-03-25 09:00+02:00", tick=False):
        visit = Visit.objects.get(pk=visit.pk)
        answer = sign_in(cast.aino).post(address(visit), sheet(visit, met=6))
        assert answer.context["why_not"] == actions.SEALED
        answer = sign_in(cast.kaisa).post(address(visit), sheet(visit, met=7))
        assert answer.status_code == 302
    assert recorded(visit)["met", ""] == 7


def test_a_purged_visit_takes_no_numbers(visit, cast, sign_in):
    with time_machine.travel("2027-05-02 09:00+02:00", tick=False):
        answer = sign_in(cast.kaisa).get(address(visit))
        assert answer.context["why_not"] == actions.PURGED


def test_the_action_refuses_too(visit, cast):
    visit.status, visit.cancel_reason = "cancelled", "weather"
    visit.save()
    with pytest.raises(actions.Refused):
        actions.enter_tally(
            cast.aino,
            visit,
            numbers={("met", ""): 3},
            how="counted",
            minutes=None,
            is_nobody_reached=False,
            seen="",
        )


def test_a_retired_code_that_holds_a_number_is_still_shown(visit, cast, sign_in):
    from rinnalla.access.models import Code

    make_guided(visit, topics=["debt"])
    Code.objects.filter(list="topic", code__in=["debt", "work"]).update(is_retired=True)
    page = sign_in(cast.aino).get(address(visit)).content.decode()
    assert 'name="topic-debt"' in page
    assert 'name="topic-work"' not in page


def test_whose_visits(visit, cast, sign_in):
    def get(worker):
        return sign_in(worker).get(address(visit)).status_code

    assert [get(w) for w in (cast.aino, cast.kaisa)] == [200, 200]
    assert [get(w) for w in (cast.leena, cast.hannu)] == [403, 403]
    assert [get(w) for w in (cast.outi, cast.reijo, cast.paula)] == [404, 404, 404]


def test_partners_enter_their_own(cast, sign_in):
    visit = make_visit(cast, organisation=cast.parish, workers=[cast.reijo])
    sent = sheet(visit, met=4)
    assert sign_in(cast.reijo).post(address(visit), sent).status_code == 302


def test_an_unseen_import_is_not_found(cast, sign_in):
    visit = make_visit(cast, is_seen=False)
    assert sign_in(cast.aino).get(address(visit)).status_code == 404


def test_strangers_sign_in_first(visit, client):
    assert client.get(address(visit)).status_code == 302


def test_a_bad_address_is_not_found(cast, sign_in):
    assert sign_in(cast.aino).get("/encounters/1234/tally").status_code == 404
