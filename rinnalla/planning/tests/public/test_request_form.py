"""A professional asks us to come, without an account."""

import pytest
import time_machine
from django.core import mail

from rinnalla.planning.models import OutreachRequest
from rinnalla.planning.public.stamps import CEILING
from rinnalla.planning.tests.requests.asked import make_request, written
from rinnalla.planning.tests.working import run_jobs

FORM = "/open/fi/request"


@pytest.fixture
def now():
    """A Monday morning, and a clock one can move."""
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False) as moved:
        yield moved


def test_it_works(db, client, now):
    answer = client.post(FORM, written(now))
    row = OutreachRequest.objects.get()
    assert (row.asker, row.place, row.status) == (
        "Rantalan seurakunta",
        "Rantatori",
        "new",
    )
    assert not row.is_held
    page = client.get(answer["Location"]).content.decode()
    assert "Pyyntönne on perillä" in page
    assert "ke 25.11." in page


def test_nobody_is_named_and_the_address_is_sealed(db, client, now):
    client.post(FORM, written(now))
    row = OutreachRequest.objects.get()
    assert b"diakonia" not in bytes(row.contact)
    assert row.received_at.minute % 5 == row.received_at.second == 0


def test_no_cookie_no_script_no_referrer(db, client, now):
    for answer in (client.get(FORM), client.post(FORM, written(now))):
        assert not answer.cookies
        assert "script-src" not in answer["Content-Security-Policy"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert b"<script" not in answer.content


def test_it_needs_no_cookie_of_csrf(db, now):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(FORM, written(now)).status_code == 302


def test_sent_twice_it_is_one_request_and_one_link(db, client, now):
    sent = written(now)
    first, second = client.post(FORM, sent), client.post(FORM, sent)
    assert first["Location"] == second["Location"]
    assert OutreachRequest.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["Soita 040 123 4567", "kirjoita pekka@example.fi", "010190-999P asuu"]
)
def test_what_names_somebody_is_refused_and_nothing_lost(db, client, now, text):
    answer = client.post(FORM, written(now, why=text))
    assert answer.status_code == 200
    assert "Rantatori" in answer.content.decode()
    assert not OutreachRequest.objects.exists()


def test_a_name_is_asked_about_once(db, client, now):
    sent = written(now, why="Siellä istuu Pekka Virtanen.")
    asked = client.post(FORM, sent).content.decode()
    assert 'type="checkbox" name="text_confirmed"' in asked
    assert client.post(FORM, sent | {"text_confirmed": "on"}).status_code == 302


def test_an_empty_form_says_what_is_missing(db, client, now):
    page = client.post(FORM, {"stamp": ""}).content.decode()
    assert page.count("Täytä tämä kohta.") == 3
    assert not OutreachRequest.objects.exists()


@pytest.mark.parametrize("over", [{"stamp": ""}, {"stamp": "x.1"}, {"website": "buy"}])
def test_what_looks_odd_is_held_never_refused(db, client, now, over):
    answer = client.post(FORM, written(now, **over))
    assert "Pyyntönne on perillä" in client.get(answer["Location"]).content.decode()
    assert OutreachRequest.objects.get().is_held


def test_what_comes_too_quickly_is_held(db, client, now):
    client.post(FORM, written())
    assert OutreachRequest.objects.get().is_held


def test_above_the_ceiling_the_rest_is_held(db, client, now):
    for _ in range(CEILING):
        make_request(email="")
    client.post(FORM, written(now))
    assert OutreachRequest.objects.filter(is_held=True).count() == 1


def test_held_ones_get_no_mail_before_somebody_has_looked(db, client, now):
    client.post(FORM, written(now, website="buy"))
    run_jobs()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("language", "word"), [("fi", "Pyydä meidät"), ("sv", "Be oss"), ("en", "Ask us")]
)
def test_in_each_language(db, client, language, word):
    answer = client.get(f"/open/{language}/request")
    assert word in answer.content.decode()
    assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/open/de/request", "/open/fi/request/wrong"])
def test_what_is_not_there(db, client, path):
    assert client.get(path).status_code == 404


def test_the_start_is_in_the_browsers_language(client, db):
    answer = client.get("/open/", headers={"Accept-Language": "sv"})
    assert answer["Location"] == "/open/sv/"
    assert not answer.cookies


def test_the_partners_line_is_named_where_there_is_one(db, client, settings):
    settings.DUTY_LINE_PHONE = ""
    assert "Kumppanilinja" not in client.get(FORM).content.decode()
    settings.DUTY_LINE_PHONE = "040 000 0000"
    assert "040 000 0000" in client.get(FORM).content.decode()
