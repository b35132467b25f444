"""The field app in a real browser: a phone taken into use, a thumb, honest waiting."""

import pytest
from playwright.sync_api import expect

from rinnalla.phone.tests.phones import make_phone

APART = 250  # ms between two meant presses
PLUS = '[data-tap="met"]'
GUIDED = '[data-tap="guided"]'
ENROL = """async ([script, device, token]) => {
  const { openStore } = await import(script);
  const store = await openStore();
  await store.set("device", device);
  await store.set("token", token);
  store.close();
}"""


class Thumb:
    """Taps and counts them, as far apart as meant presses are.

    Nearer ones are a bounce, which the counter drops: a quick machine is no thumb.
    """

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, place):
        self.page.locator(place).locator("visible=true").first.tap()
        self.page.wait_for_timeout(APART)
        self.taps += 1

    def chip(self, label):
        self.tap(f".rn-sheet label.ds-chip:has-text('{label}')")


def take_into_use(page, phone, store="/static/phone/app/store.js"):
    """Give a page's browser the credential of this phone, as taking into use does."""
    page.goto("/health")
    page.evaluate(ENROL, [store, str(phone.pk), phone.token])


def go(page, hash):
    """Go to another screen of the app, as a link does."""
    page.evaluate("hash => { location.hash = hash; }", hash)


def own(page):
    """The phone's own figure, as the counter shows it."""
    return page.locator("[data-own]").locator("visible=true").first.inner_text()


def shows(page, number):
    """The own figure becomes this."""
    shown = page.locator("[data-own]").locator("visible=true").first
    expect(shown).to_have_text(str(number))


def stored(page):
    """The server has answered for everything."""
    state = page.locator("[data-state-text]").first
    expect(state).to_contain_text("Tallessa", timeout=15000)


@pytest.fixture
def open_app(cast, open_page):
    """Open the app on a phone in use: open_app("#/visit/…", phone=…, width=360)."""

    def open_it(hash="#/", *, phone=None, **options):
        phone = phone or make_phone(cast.aino)
        page = open_page("/health", **options)
        take_into_use(page, phone)
        page.goto("/phone/")
        page.locator("main[data-is-ready]").wait_for()
        if hash != "#/":
            go(page, hash)
            page.locator("main:not([data-is-today])").wait_for()
        return page

    return open_it
