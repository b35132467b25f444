"""What a phone installs: the document, the worker, the manifest; no data in any."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from rinnalla.phone import installing

LANGUAGES = ("fi", "sv", "en")


@pytest.fixture(autouse=True)
def drawn_anew():
    """Draw the app for this test, and let the next one draw its own."""
    installing.kept_shell.cache_clear()
    yield
    installing.kept_shell.cache_clear()


def shell_of(client):
    """What the worker says it keeps."""
    script = client.get("/phone/sw.js").content.decode()
    return json.loads(re.search(r"const SHELL = (\{.*\});", script)[1])


def test_it_works(client):
    page = client.get("/phone/")
    told = shell_of(client)
    assert page.status_code == 200
    assert f'data-version="{told["version"]}"' in page.content.decode()
    assert told["document"] == "/phone/"
    assert "/static/phone/app/start.js" in told["files"]
    assert "/static/phone/app/store.js" in told["files"]  # imported, not linked


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_asked_for(client, language):
    page = client.get("/phone/", {"language": language})
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page.content.decode()
    assert page.headers["X-Shell"] == shell_of(client)["version"]


def test_the_page_is_the_same_for_everybody(client, cast, sign_in):
    asked = {"language": "fi"}
    before = client.get("/phone/", asked).content
    assert sign_in(cast.aino).get("/phone/", asked).content == before
    assert b"Aino" not in before and b"csrf" not in before.lower()


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_the_page_is_sent_small(client, coding):
    plain = client.get("/phone/")
    small = client.get("/phone/", headers={"Accept-Encoding": coding})
    assert small.headers["Content-Encoding"] == coding
    assert len(small.content) < len(plain.content) / 3
    assert "Accept-Encoding" in small.headers["Vary"]


def test_an_unchanged_page_is_not_sent_again(client):
    first = client.get("/phone/")
    again = client.get("/phone/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize("path", ["/phone/", "/phone/sw.js"])
def test_it_is_asked_for_each_time(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-cache"


def test_everything_the_worker_keeps_is_there(client):
    for path in shell_of(client)["files"]:
        name = path.removeprefix("/static/")
        assert finders.find(name), path


def test_the_worker_keeps_no_page_with_data(client):
    told = shell_of(client)
    assert all(path.startswith("/static/") for path in told["files"])


def test_another_file_is_another_version(client, settings):
    before = shell_of(client)["version"]
    settings.VERSION = "99"
    installing.kept_shell.cache_clear()
    assert shell_of(client)["version"] != before


def test_switched_off_it_takes_itself_off(client, settings):
    settings.OFFLINE_APP = False
    script = client.get("/phone/sw.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert b"unregister" in script.content and b"SHELL" not in script.content
    assert 'data-keeps="no"' in client.get("/phone/").content.decode()


def test_the_manifest_can_be_installed(client):
    answer = client.get("/phone/manifest.webmanifest")
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (told["start_url"], told["scope"]) == ("/phone/", "/phone/")
    assert told["display"] == "standalone"
    sizes = {(icon["sizes"], icon["purpose"]) for icon in told["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} == sizes


def test_the_icons_are_as_large_as_they_say(client):
    for icon in client.get("/phone/manifest.webmanifest").json()["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        with Image.open(path) as picture:
            assert icon["sizes"] == "{}x{}".format(*picture.size)


@pytest.mark.parametrize("path", ["", "sw.js", "manifest.webmanifest"])
def test_nobody_posts_here(client, path):
    assert client.post(f"/phone/{path}").status_code == 405


@pytest.mark.parametrize("asked", ["xx", "\x00", "", "fi" * 400, "../en"])
def test_an_odd_language_is_passed_over(client, asked):
    page = client.get("/phone/", {"language": asked})
    assert page.status_code == 200
    assert page.headers["Content-Language"] in LANGUAGES
