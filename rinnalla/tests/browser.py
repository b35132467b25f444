"""A real Chromium against a live server, for tests of what people see.

@pytest.mark.browser
def test_the_plus_counts(cast, open_page):
    page = open_page("/planning/places/", cast.aino)
"""

import os
import shutil
import threading
from contextlib import contextmanager
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import sync_playwright

from rinnalla.access.models import Municipality

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def find_chromium():
    """The system's Chromium; None means the one Playwright downloaded itself."""
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("CHROMIUM") or next(filter(None, found), None)


@pytest.fixture(scope="session")
def chromium():
    """One browser for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=QUIET
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def facts_are_there(request):
    """Load the facts anew where a test before emptied every table, before the cast.

    Tests with a live server, and those of real transactions, end so.
    """
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        if not Municipality.objects.exists():
            call_command("load_facts", verbosity=0, stdout=StringIO())


@pytest.fixture
def open_page(chromium, live_server):
    """Open a page as a worker: open_page(path, worker, width=390, language="fi")."""
    contexts = []

    def open_as(path, worker=None, *, width=390, height=844, language="fi", **options):
        options.setdefault("has_touch", width < 600)
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=live_server.url,
            locale=language,
            **options,
        )
        contexts.append(context)
        context.add_cookies(_cookies(worker, language, live_server.url))
        page = context.new_page()
        page.goto(path)
        return page

    with _requests_under_way() as is_quiet:
        yield open_as
        for context in contexts:
            context.close()
        # A phone sends by itself: its last request must not write into empty tables.
        assert is_quiet(), "the server is still answering a page that was closed"


@contextmanager
def _requests_under_way():
    """Follow what the server is answering; the yielded call waits until it is quiet."""
    change, open_ones = threading.Condition(), []

    def begin(**_):
        with change:
            open_ones.append(1)

    def end(**_):
        with change:
            if open_ones:
                open_ones.pop()
            change.notify_all()

    def is_quiet():
        with change:
            return change.wait_for(lambda: not open_ones, timeout=10)

    request_started.connect(begin)
    request_finished.connect(end)
    yield is_quiet
    request_started.disconnect(begin)
    request_finished.disconnect(end)


def _cookies(worker, language, url):
    """The cookies of somebody who signed in and chose a language."""
    values = {settings.LANGUAGE_COOKIE_NAME: language}
    if worker:
        client = Client()
        client.force_login(worker, backend=BACKEND)
        name = settings.SESSION_COOKIE_NAME
        values[name] = client.cookies[name].value
    return [
        {"name": name, "value": value, "url": url} for name, value in values.items()
    ]
