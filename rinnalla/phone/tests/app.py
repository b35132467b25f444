"""The field app in a real browser: a phone taken into use, a thumb, honest waiting."""

import pytest
from playwright.sync_api import expect

from rinnalla.phone.tests.phones import make_phone

APART = 150  # ms between two meant presses; within 120 it is a bounce
PLUS = '[data-tap="met"]'
GUIDED = '[data-tap="guided"]'
ENROL = """async ([script, device, token]) => {
  const { openStore } = await import(script);
  const store = await openStore();
  await store.set("device", device);
  await store.set("token", token);
  store.close();
}"""
# How many facts of this browser wait for the server. The store answers in turn: what
# was pressed before this is asked has been written by the time it is answered.
WAITING = """async () => {
  const ask = (name) => new Promise((tell) => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => {
      const db = asked.result;
      if (!db.objectStoreNames.contains("outbox")) return tell(db.close() ?? 0);
      const tx = db.transaction("outbox");
      const waits = tx.objectStore("outbox").index("waits").count();
      tx.oncomplete = () => { db.close(); tell(waits.result); };
    };
  });
  const known = await indexedDB.databases();
  const each = await Promise.all(known.map(({ name }) => ask(name)));
  return each.reduce((sum, one) => sum + one, 0);
}"""
# Whether what the server told is on the phone.
KNOWN = """() => new Promise((tell) => {
  const asked = indexedDB.open("rinnalla");
  asked.onsuccess = () => {
    const got = asked.result.transaction("meta").objectStore("meta").get("etag");
    got.onsuccess = () => { asked.result.close(); tell(Boolean(got.result)); };
  };
})"""
# The screen of an address, in place of the one that stood.
GO = """async (hash) => {
  if (location.hash === hash) return;
  const left = document.querySelector("main");
  location.hash = hash;
  while (left.isConnected) await new Promise((go) => setTimeout(go, 5));
}"""
# Nothing moves any more.
STILL = "Promise.all(document.getAnimations().map(({ finished }) => finished))"


class Thumb:
    """Taps and counts them, as far apart as meant presses are.

    Nearer ones of one button are a bounce, which the counter drops: a quick machine is
    no thumb.
    """

    def __init__(self, page):
        self.page, self.taps, self.last = page, 0, ""

    def tap(self, place):
        if place == self.last:
            self.page.wait_for_timeout(APART)
        self.page.locator(place).locator("visible=true").first.tap()
        self.page.evaluate(WAITING)
        self.taps, self.last = self.taps + 1, place

    def chip(self, label):
        self.tap(f".rn-sheet label.ds-chip:has-text('{label}')")


def take_into_use(page, phone, store="/static/phone/app/store.js"):
    """Give a page's browser the credential of this phone, as taking into use does."""
    page.goto("/health")
    page.evaluate(ENROL, [store, str(phone.pk), phone.token])


def begun(page):
    """The app stands, and nothing more begins by itself."""
    page.locator("html[data-has-begun]").wait_for()


def ready(page):
    """The app has begun, and its screen knows what the server told."""
    begun(page)
    page.locator("main[data-is-ready]").wait_for()


def again(page):
    """Open the page anew, as after a crash."""
    page.reload()
    begun(page)


def stop_time(page):
    """Begin anew with a clock that stands still, but for what the test lets pass."""
    page.clock.install()
    again(page)
    soon = page.evaluate("Date.now() / 1000") + 10
    page.clock.pause_at(soon)


def go(page, hash):
    """Go to another screen of the app, as a link does."""
    page.evaluate(GO, hash)


def drawn(page):
    """What was pressed is written down and drawn, and nothing moves any more."""
    page.evaluate(WAITING)
    page.evaluate(STILL)


def own(page):
    """The phone's own figure, as the counter shows it."""
    return page.locator("[data-own]").locator("visible=true").first.inner_text()


def shows(page, number):
    """The own figure becomes this."""
    shown = page.locator("[data-own]").locator("visible=true").first
    expect(shown).to_have_text(str(number))


def stored(page):
    """The server has answered for everything, and the app says so."""
    page.wait_for_function(f"async () => !(await ({WAITING})())")
    expect(page.locator("[data-state-text]").first).to_contain_text("Tallessa")


@pytest.fixture
def open_app(cast, open_page):
    """Open the app on a phone in use: open_app("#/visit/…", phone=…, width=360)."""

    def open_it(hash="#/", *, phone=None, **options):
        phone = phone or make_phone(cast.aino)
        page = open_page("/health", **options)
        take_into_use(page, phone)
        page.goto("/phone/")
        ready(page)
        if hash != "#/":
            go(page, hash)
        return page

    return open_it
