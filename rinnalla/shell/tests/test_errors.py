"""What is said when a page cannot be shown: kindly, in three languages, no detail."""

import re
from pathlib import Path

import pytest
from django.test import Client

from rinnalla.shell import views

HERE = Path(views.__file__).parent


def test_it_works(cast, sign_in):
    answer = sign_in(cast.aino).get("/no/such/page")
    assert answer.status_code == 404
    assert "Tätä sivua ei ole täällä" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "Den här sidan finns inte här"), ("en", "This page is not here")],
)
def test_stranger_reads_it_in_their_language(db, client, language, words):
    answer = client.get("/no/such/page", headers={"accept-language": language})
    assert words in answer.content.decode()


def test_what_is_not_ones_role(cast, sign_in):
    answer = sign_in(cast.leena).get("/nights")
    assert answer.status_code == 403
    assert "Tämä ei kuulu rooliisi" in answer.content.decode()


def test_old_form_says_what_to_do(cast):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/language", {"language": "sv"})
    assert answer.status_code == 403
    assert "oli pitkään auki" in answer.content.decode()


def test_address_that_cannot_be_read(db, client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Tämä osoite on vajaa" in answer.content.decode()


def test_fault_of_ours_tells_nothing_of_itself(cast, sign_in, monkeypatch):
    def broken(worker):
        raise ValueError("secret detail")

    monkeypatch.setattr(views, "home_of", broken)
    client = sign_in(cast.aino)
    client.raise_request_exception = False
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    for words in ("Palvelu on hetken poissa", "Tjänsten är borta", "112"):
        assert words in page
    assert "secret" not in page


def test_maintenance_page_needs_nothing_else():
    page = (HERE / "static/shell/maintenance.html").read_text()
    assert not re.search(r"\b(href|src|url)\b\s*[=(]", page)
    for language in ("fi", "sv", "en"):
        assert f'lang="{language}"' in page
