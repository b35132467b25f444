"""A real Chromium against a live server, for tests of what people see.

@pytest.mark.browser
def test_the_plus_counts(cast, open_page):
    page = open_page("/planning/places/", cast.aino)
"""

import os
import shutil
import socket
import threading
from contextlib import suppress

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
ANSWERED = 30  # seconds in which a server answers what it has accepted
# A state comes when it comes: on a machine that does other things too, not in 5 s.
expect.set_options(timeout=20_000)
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


@pytest.fixture
def open_page(chromium, live_server, connections):
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

    yield open_as
    for context in contexts:
        context.close()
    # A phone sends by itself: its last request must not write into empty tables.
    connections.end()


class Connections:
    """What a live server has accepted and not closed yet."""

    def __init__(self, server):
        self.server, self.change, self.open = server, threading.Condition(), {}
        self.take, self.serve = server.process_request, server.process_request_thread
        server.process_request = self._taken
        server.process_request_thread = self._served

    def _taken(self, request, address):
        with self.change:
            self.open[address] = request
            self.change.notify_all()
        self.take(request, address)

    def _served(self, request, address):
        try:
            self.serve(request, address)
        finally:
            with self.change:
                del self.open[address]
                self.change.notify_all()

    def end(self):
        """Answer whatever reached the server before this moment, and hear no more."""
        with socket.create_connection(self.server.server_address) as last:
            # They are taken in turn: when ours has been, so have all before it.
            self._wait(lambda: last.getsockname() in self.open)
            with self.change:
                for request in self.open.values():
                    with suppress(OSError):
                        request.shutdown(socket.SHUT_RD)
            self._wait(lambda: not self.open)

    def _wait(self, is_so):
        with self.change:
            assert self.change.wait_for(is_so, timeout=ANSWERED), self.open


@pytest.fixture(scope="session")
def connections(live_server):
    """The live server's connections; `connections.end()` leaves none of them."""
    return Connections(live_server.thread.httpd)


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
