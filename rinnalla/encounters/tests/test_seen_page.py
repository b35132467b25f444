"""The desk page of what a visit showed: choices, and words of one's own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Observation, WrapUp
from rinnalla.lib import clock


@pytest.fixture
def visit(cast):
    return testing.make_visit(cast, status="done", day=clock.today())


@pytest.fixture
def say(sign_in, cast, visit):
    """Open the page, write there and send it; the answer."""

    def send(*, worker=None, meanwhile=lambda: None, **told):
        client = sign_in(worker or cast.aino)
        page = client.get(address(visit))
        shown = page.context["form"]["shown"].value()
        meanwhile()
        return client.post(address(visit), {"shown": shown} | told)

    return send


def address(visit):
    return reverse("encounters:seen", args=[visit.pk])


def seen():
    return Observation.objects.get()


def test_it_works(visit, say, cast, sign_in):
    answer = say(text="Moni kysyi sähkölaskusta.", phenomena=["price_rise"])
    assert answer.url == reverse("encounters:visit", args=[visit.pk])
    assert seen().text == "Moni kysyi sähkölaskusta."
    assert (seen().phenomena, seen().site) == (["price_rise"], visit.site)
    assert not WrapUp.objects.exists()
    assert AuditEvent.objects.filter(action="encounters.observed").count() == 1


def test_the_visit_leads_here(visit, sign_in, cast):
    page = sign_in(cast.aino).get(reverse("encounters:visit", args=[visit.pk]))
    assert address(visit) in page.content.decode()


def test_sent_twice_it_says_the_same(say):
    for _time in range(2):
        assert say(text="Hiljaista.").status_code == 302
    assert seen().text == "Hiljaista."


def test_what_the_pair_wrote_meanwhile_stays(visit, say):
    def pair():
        row = {"visit": visit, "site": visit.site, "day": visit.day}
        Observation.objects.create(text="Parin sanat.", phenomena=["new_faces"], **row)

    say(meanwhile=pair, phenomena=["price_rise"], text="")
    assert (seen().text, seen().phenomena) == (
        "Parin sanat.",
        ["new_faces", "price_rise"],
    )


def test_everything_taken_out_leaves_nothing(say):
    say(text="Hiljaista.", phenomena=["price_rise"])
    say(text="")
    assert not Observation.objects.exists()


def test_a_coordinator_may_correct_later(visit, say, cast):
    visit.day -= timedelta(days=20)
    visit.save()
    assert say(worker=cast.kaisa, text="Myöhemmin.").status_code == 302
    assert seen().text == "Myöhemmin."


# --- refusals ---


def test_a_phone_number_is_refused_and_the_text_kept(say):
    page = say(text="Soita 040 123 4567")
    assert "text" in page.context["form"].errors
    assert "040 123 4567" in page.content.decode()
    assert not Observation.objects.exists()


def test_a_name_is_asked_about_once(say):
    told = "Matti Virtanen oli jonossa"
    assert b"text_confirmed" in say(text=told).content
    assert say(text=told, text_confirmed="on").status_code == 302


@pytest.mark.parametrize(
    "bad", [{"text": "x" * 281}, {"text": "a\x00b"}, {"phenomena": ["no_such"]}]
)
def test_bad_input_is_said_and_nothing_is_stored(say, bad):
    assert say(**bad).context["form"].errors
    assert not Observation.objects.exists()


@pytest.mark.parametrize("shown", ["", "x", "[" * 9999, '{"phenomena": [[1], 3]}'])
def test_a_broken_note_of_what_was_shown_takes_nothing_away(say, shown):
    say(phenomena=["price_rise"])
    say(shown=shown, text="Ok.")
    assert seen().phenomena == ["price_rise"]


def test_a_worker_comes_too_late(visit, say):
    visit.day -= timedelta(days=20)
    visit.save()
    page = say(text="Myöhemmin.")
    assert page.context["why_not"] and not Observation.objects.exists()


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_a_visit_that_was_not_made_showed_nothing(visit, say, status):
    visit.status = status
    visit.cancel_reason = "weather" if status == "cancelled" else ""
    visit.save()
    assert say(text="Ok.").context["why_not"]
    assert not Observation.objects.exists()


def test_others_do_not_find_it(visit, cast, sign_in):
    assert sign_in(cast.outi).get(address(visit)).status_code == 404
    assert sign_in(cast.leena).get(address(visit)).status_code == 403


def test_who_sees_counts_only_does_not_find_it(visit, cast, sign_in):
    visit.organisation = cast.ngo
    visit.save()
    assert sign_in(cast.paula).get(address(visit)).status_code == 404
