"""Changing the language: for this browser, and for the worker on any other."""

import pytest
from django.conf import settings

from rinnalla.access.models import Worker


def test_it_works(cast, sign_in):
    client = sign_in(cast.hannu)
    answer = client.post("/language", {"language": "sv", "next": "/nights"})
    assert answer.url == "/nights"
    assert 'lang="sv"' in client.get("/nights").content.decode()
    assert Worker.objects.get(pk=cast.hannu.pk).language == "sv"


def test_another_device_speaks_the_worker_s_language(cast, sign_in):
    Worker.objects.filter(pk=cast.hannu.pk).update(language="en")
    page = sign_in(cast.hannu).get("/nights", headers={"accept-language": "fi"})
    assert '<html lang="en"' in page.content.decode()


def test_choice_of_this_browser_wins(cast, sign_in):
    client = sign_in(cast.hannu)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    assert '<html lang="sv"' in client.get("/nights").content.decode()


def test_stranger_may_choose_too(db, client):
    client.post("/language", {"language": "sv", "next": "/account/login/"})
    assert '<html lang="sv"' in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("language", ["", "xx", "\x00", "fi" * 500])
def test_unknown_language_changes_nothing(cast, sign_in, language):
    client = sign_in(cast.hannu)
    assert client.post("/language", {"language": language}).status_code == 302
    assert Worker.objects.get(pk=cast.hannu.pk).language == "fi"


@pytest.mark.parametrize("away", ["https://example.com/", "//example.com", "\x00"])
def test_it_never_leads_away(cast, sign_in, away):
    answer = sign_in(cast.hannu).post("/language", {"language": "sv", "next": away})
    assert "example.com" not in answer.url
