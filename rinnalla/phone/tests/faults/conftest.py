"""A phone in a real Chromium, and a server process that can be killed."""

import contextlib
from pathlib import Path

import pytest
from playwright.sync_api import Error

from rinnalla.phone.tests.faults.process import Server

DRIVER = (Path(__file__).parent / "phone.js").read_text()
# A page of the same origin with nothing on it; the app's own modules are loaded there.
BARE = "/health"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The server process, one for all fault tests of this run."""
    server = Server(tmp_path_factory.mktemp("faults"))
    yield server
    server.end()


class Phone:
    """A phone of Aino's with one started visit, and what hurts it."""

    def __init__(self, context, server, visit=None, room=None):
        self.context, self.server, self.room = context, server, room
        self.mine = server.make_phone()
        self.visit = visit or server.make_visit()
        self.open()

    def open(self):
        """Start the app anew, as after a crash: everything comes from the disk."""
        self.page = self.context.new_page()
        self.page.goto(self.server.url + BARE)
        if self.room:
            self.give_room(self.room)
        return self.page.evaluate(DRIVER, {"name": "phone", **self.mine})

    def do(self, script, argument=None):
        """Run a piece of script with the phone and the visit at hand."""
        names = {"visit": self.visit, "argument": argument}
        return self.page.evaluate(
            f"async ({{ visit, argument }}) => {{ {script} }}", names
        )

    def tap(self, times=1):
        self.do("await phone.tap(visit, argument)", times)

    def send(self):
        """Press the button until nothing waits any more; the status then."""
        return self.do("return await phone.send()")

    def status(self):
        return self.do("return phone.outbox.status")

    def offline(self, is_off=True):
        self.context.set_offline(is_off)

    def crash(self):
        """The browser kills the page at once, in the middle of whatever it does."""
        with self.page.expect_event("crash"), contextlib.suppress(Error):
            self.page.goto("chrome://crash", timeout=2000)
        self.page.close()

    def give_room(self, size=None):
        """Let the browser grant so many bytes; without a size as many as usual."""
        quota = {"quotaSize": size} if size else {}
        told = {"origin": self.server.url, **quota}
        self.protocol().send("Storage.overrideQuotaForOrigin", told)

    def protocol(self):
        return self.context.new_cdp_session(self.page)


@pytest.fixture
def make_phone(chromium, server):
    """Make a phone with storage of its own."""
    contexts = []

    def make(**more):
        contexts.append(chromium.new_context(locale="fi"))
        return Phone(contexts[-1], server, **more)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def phone(make_phone):
    return make_phone()


@pytest.fixture
def settled(server):
    """Ask that everything is on the server, once."""

    def ask(phone, taps, *, facts=None):
        assert phone.send()["mine"] == 0
        assert server.figures(visit=phone.visit)["met"] == taps
        door = server.door(device=phone.mine["device"])
        facts = taps if facts is None else facts
        assert door["received"] == ([[1, facts]] if facts else [])
        assert door["lost"] == [] and door["quarantined"] == []
        assert server.rows(visit=phone.visit) == facts

    return ask
