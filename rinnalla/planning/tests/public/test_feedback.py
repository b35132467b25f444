"""Feedback on the pages is answered within 14 days, by link."""

import pytest
import time_machine
from django.core import mail

from rinnalla.planning.models import PageFeedback
from rinnalla.planning.public.stamps import new_stamp
from rinnalla.planning.tests.working import run_jobs

FORM = "/open/fi/feedback"
LIST = "/planning/requests/feedback/"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False) as moved:
        yield moved


@pytest.fixture
def sent(now):
    stamp = new_stamp()
    now.shift(60)
    return {"text": "Nappi ei näy.", "email": "kaija@example.fi", "stamp": stamp}


def test_it_works(cast, client, sign_in, sent):
    link = client.post(FORM, sent)["Location"]
    assert "ma 7.12." in client.get(link).content.decode()
    row = PageFeedback.objects.get()
    desk = sign_in(cast.kaisa)
    assert "Nappi ei näy." in desk.get(LIST).content.decode()
    desk.post(f"{LIST}{row.pk}", {"answer": "Korjasimme napin."})
    assert "Korjasimme napin." in client.get(link).content.decode()


def test_the_answer_is_mailed_without_content_and_the_address_goes(
    cast, client, sign_in, sent
):
    client.post(FORM, sent)
    row = PageFeedback.objects.get()
    assert b"kaija" not in bytes(row.contact)
    sign_in(cast.kaisa).post(f"{LIST}{row.pk}", {"answer": "Korjasimme napin."})
    run_jobs()
    (letter,) = mail.outbox
    assert letter.to == ["kaija@example.fi"]
    assert "Korjasimme" not in letter.body
    assert PageFeedback.objects.get().contact is None


def test_late_after_fourteen_days(cast, client, sign_in, sent, now):
    client.post(FORM, sent)
    now.move_to("2026-12-08T08:00:00+00:00")
    assert 'data-color="warning"' in sign_in(cast.kaisa).get(LIST).content.decode()


def test_sent_twice_is_one(client, db, sent):
    assert client.post(FORM, sent)["Location"] == client.post(FORM, sent)["Location"]
    assert PageFeedback.objects.count() == 1


def test_too_quick_is_held_and_may_be_thrown_away(cast, client, sign_in, db):
    client.post(FORM, {"text": "Buy now", "stamp": new_stamp()})
    row = PageFeedback.objects.get()
    assert row.is_held
    sign_in(cast.kaisa).post(f"{LIST}{row.pk}/discard")
    assert not PageFeedback.objects.exists()


def test_real_feedback_cannot_be_thrown_away(cast, client, sign_in, sent):
    client.post(FORM, sent)
    sign_in(cast.kaisa).post(f"{LIST}{PageFeedback.objects.get().pk}/discard")
    assert PageFeedback.objects.exists()


@pytest.mark.parametrize("text", ["", "Soita 040 123 4567", "a@example.fi"])
def test_what_is_not_stored(client, db, sent, text):
    assert client.post(FORM, sent | {"text": text}).status_code == 200
    assert not PageFeedback.objects.exists()


@pytest.mark.parametrize("who", ["aino", "leena", "reijo", "hannu"])
def test_who_may_not(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("language", "site", "day"),
    [
        ("fi", "saavutettavuusvaatimukset.fi", "22.11.2026"),
        ("sv", "tillganglighetskrav.fi", "22.11.2026"),
        ("en", "webaccessibility.fi", "22 November 2026"),
    ],
)
def test_the_statement_names_the_authority_and_the_channel(
    client, db, language, site, day
):
    page = client.get(f"/open/{language}/accessibility").content.decode()
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Traficom" in page
    assert f'href="https://www.{site}"' in page
    assert "saavutettavuus@traficom.fi" in page and "029 534 5000" in page
    assert f"/open/{language}/feedback" in page
    assert "14" in page
    assert day in page and "306/2019" in page


def test_a_wrong_link(client, db):
    assert client.get(FORM + "/wrong").status_code == 404
