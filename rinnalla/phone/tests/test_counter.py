"""The counter without scripts, its totals, and who may open it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock


def press(client, visit, do, **data):
    data = {"id": str(uuid4()), "do": do} | data
    response = client.post(reverse("phone:tap", args=[visit.pk]), data)
    assert response.status_code == 302
    return response


def open_counter(client, visit, ending=""):
    return client.get(reverse("phone:counter", args=[visit.pk]) + ending)


def test_it_works(cast, sign_in, visit):
    page = open_counter(sign_in(cast.aino), visit)
    assert page.status_code == 200
    assert page.context["totals"]["own"] == 0
    assert "device" in page.cookies


def test_pressing_without_scripts(cast, sign_in, visit):
    client = sign_in(cast.aino)
    open_counter(client, visit)
    press(client, visit, "met")
    press(client, visit, "ten")
    press(client, visit, "mark")
    response = press(client, visit, "guided")
    page = client.get(response.url)
    figures = page.context["totals"]
    assert (figures["own"], figures["guided"], figures["marks"]) == (12, 1, 1)
    assert page.context["meeting"] == Encounter.objects.get()


def test_undo_takes_back_the_last(cast, sign_in, visit):
    client = sign_in(cast.aino)
    press(client, visit, "met")
    press(client, visit, "ten")
    last = open_counter(client, visit).context["last"]
    press(client, visit, "undo", of=last)
    assert totals_of(visit).met == 1
    assert open_counter(client, visit).context["last"] == ""


def test_a_mark_is_undone_too(cast, sign_in, visit):
    client = sign_in(cast.aino)
    press(client, visit, "mark")
    last = open_counter(client, visit).context["last"]
    page = client.get(press(client, visit, "undo", of=last).url)
    assert page.context["totals"]["marks"] == 0
    assert list(page.context["messages"]) == []
    assert not Mark.objects.exists()


def test_the_counter_stays_open_in_the_pairs_pocket(cast, sign_in, visit):
    client = sign_in(cast.aino)
    open_counter(client, visit)
    end = max(clock.at(visit.day, 12), clock.now())
    kept = (end + timedelta(hours=2)).timestamp()
    assert client.session["field_until"] == pytest.approx(kept, abs=60)


def test_an_ended_visit_keeps_no_session(cast, sign_in):
    client = sign_in(cast.aino)
    open_counter(client, testing.make_visit(cast, status="done"))
    assert "field_until" not in client.session


def test_a_typed_total(cast, sign_in, visit):
    client = sign_in(cast.aino)
    press(client, visit, "met")
    press(client, visit, "total", total="30")
    assert totals_of(visit).met == 30


def test_the_same_press_twice_is_once(cast, sign_in, visit):
    client = sign_in(cast.aino)
    id = str(uuid4())
    press(client, visit, "met", id=id)
    press(client, visit, "met", id=id)
    assert totals_of(visit).met == 1


@pytest.mark.parametrize(
    "bad",
    [{"do": "x"}, {"id": "\x00"}, {"do": "total"}, {"do": "total", "total": "9" * 30}],
)
def test_a_bad_press_is_said_and_changes_nothing(cast, sign_in, visit, bad):
    client = sign_in(cast.aino)
    page = client.get(press(client, visit, **({"do": "met"} | bad)).url)
    assert [str(message) for message in page.context["messages"]]
    assert not Count.objects.exists()


def test_the_sheet_without_scripts(cast, sign_in, visit):
    client = sign_in(cast.aino)
    press(client, visit, "guided")
    meeting = Encounter.objects.get()
    client.post(
        reverse("phone:detail", args=[visit.pk, meeting.pk]),
        {
            "id": str(uuid4()),
            "matter_id": str(uuid4()),
            "topics": ["debt", "housing"],
            "methods": "guidance",
            "age_band": "30_44",
            "tickets": "2",
            "has_language_barrier": "on",
            "matter_opened": "1",
        },
    )
    meeting.refresh_from_db()
    assert (meeting.topics, meeting.age_band) == (["debt", "housing"], "30_44")
    assert (meeting.tickets, meeting.has_language_barrier) == (2, True)
    assert Count.objects.get(kind="matter_opened").number == 1


def test_the_most_used_topics_of_the_site_come_first(cast, sign_in, visit):
    testing.make_guided(visit, 3, topics=["legal"])
    page = open_counter(sign_in(cast.aino), visit)
    topics = page.context["sheet"]["first"][0]
    assert topics.first[0].code == "legal"
    assert len(topics.first) == 8 and len(topics.rest) == 15


def test_the_switch_of_one_shared_queue(cast, sign_in, visit):
    testing.make_met(visit, 5, device=uuid4())
    client = sign_in(cast.aino)
    open_counter(client, visit)
    press(client, visit, "met")
    press(client, visit, "same_on")
    assert totals_of(visit).met == 5
    press(client, visit, "same_off")
    assert totals_of(visit).met == 6


def test_a_planned_visit_is_started_first(cast, sign_in):
    planned = testing.make_visit(cast)
    response = open_counter(sign_in(cast.aino), planned)
    assert response.url == reverse("phone:today")


def test_an_ended_visit_goes_to_its_wrap_up(cast, sign_in):
    done = testing.make_visit(cast, status="done")
    response = open_counter(sign_in(cast.aino), done)
    assert response.url == reverse("phone:wrap_up", args=[done.pk])


def test_another_teams_visit_does_not_exist(cast, sign_in, visit):
    client = sign_in(cast.outi)
    assert open_counter(client, visit).status_code == 404
    address = reverse("phone:totals", args=[visit.pk])
    assert client.get(address).status_code == 404


def test_an_old_or_broken_meeting_in_the_address_is_let_go(cast, sign_in, visit):
    page = open_counter(sign_in(cast.aino), visit, "?meeting=%00")
    assert page.status_code == 200 and page.context["meeting"] is None


# --- totals for the light poll ---


def test_totals_answer_304_until_something_changes(cast, sign_in, visit):
    client = sign_in(cast.aino)
    address = reverse("phone:totals", args=[visit.pk])
    first = client.get(address)
    assert first.json()["together"] == 0 and first.headers["X-Token"]
    known = {"HTTP_IF_NONE_MATCH": first.headers["ETag"]}
    assert client.get(address, **known).status_code == 304
    testing.make_met(visit, 1)
    assert client.get(address, **known).json()["together"] == 1


def test_marks_are_counted_for_the_own_phone(cast, sign_in, visit):
    client = sign_in(cast.aino)
    press(client, visit, "mark")
    Mark.objects.update(is_done=True)
    assert open_counter(client, visit).context["totals"]["marks"] == 0
