"""Signing in as people do it: in a browser, with digits from an app, with a passkey."""

import pytest
from playwright.sync_api import expect

from rinnalla.access.tests.test_sign_in import digits_now
from rinnalla.testing import PASSWORD

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def sign_in_page(small_county, open_page, settings):
    """The sign-in page in a browser, where a second step is required."""
    settings.REQUIRE_SECOND_FACTOR = True
    page = open_page("/account/login/")
    page.complaints = []
    page.on("console", lambda line: _note(page.complaints, line))
    return page


def _note(complaints, line):
    """Keep what the browser complains of; that it emptied its cache is as asked."""
    if line.type in ("error", "warning"):
        complaints.append(line.text)


def hold_passkeys(page):
    """Give the browser a device that holds passkeys and says yes to each question."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def type_password(page, email="aino@example.fi"):
    page.get_by_label("Sähköposti").fill(email)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu", exact=True).click()


def sign_out(page):
    page.goto("/account/logout/")
    page.get_by_role("button", name="Kirjaudu ulos").click()


def test_it_works(sign_in_page):
    """Password, then an app taken into use, then both at the next time."""
    page = sign_in_page
    type_password(page)
    page.get_by_role("link", name="Tunnistussovellus").click()
    page.get_by_text("Kirjoita käsin").click()
    expect(page.locator(".ac-secret")).to_be_visible()
    secret = page.locator(".ac-secret").inner_text()
    page.locator("input[name=code]").fill(digits_now(secret))
    page.get_by_role("button", name="Ota käyttöön").click()
    expect(page.get_by_role("heading", name="Varakoodisi")).to_be_visible()
    first_code = page.locator(".ac-codes li").first.inner_text()
    sign_out(page)
    type_password(page)
    page.locator("input[name=code]").fill(first_code)
    page.get_by_role("button", name="Kirjaudu", exact=True).click()
    page.goto("/access/me")
    expect(page.get_by_text("aino@example.fi")).to_be_visible()
    assert page.complaints == []


def test_a_passkey_opens_without_a_password(sign_in_page):
    page = sign_in_page
    hold_passkeys(page)
    type_password(page)
    page.get_by_role("link", name="Pääsyavain").click()
    page.get_by_role("button", name="Luo pääsyavain").click()
    expect(page.get_by_role("heading", name="Varakoodisi")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    page.wait_for_url(lambda url: "/account/" not in url)
    page.goto("/access/me")
    expect(page.get_by_text("aino@example.fi")).to_be_visible()
    assert page.complaints == []


def test_a_passkey_is_the_second_step_too(sign_in_page):
    page = sign_in_page
    hold_passkeys(page)
    type_password(page)
    page.get_by_role("link", name="Pääsyavain").click()
    page.get_by_role("button", name="Luo pääsyavain").click()
    expect(page.get_by_role("heading", name="Varakoodisi")).to_be_visible()
    sign_out(page)
    type_password(page)
    page.get_by_role("button", name="Käytä mieluummin pääsyavainta").click()
    page.wait_for_url(lambda url: "/account/" not in url)
    page.goto("/access/me")
    expect(page.get_by_text("aino@example.fi")).to_be_visible()


def test_a_device_without_a_passkey_is_told_kindly(sign_in_page):
    page = sign_in_page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    no_consent = DEVICE | {"isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": no_consent})
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    expect(page.get_by_text("Vielä ei tapahtunut mitään")).to_be_visible()
    type_password(page)
    expect(page.get_by_role("heading", name="Suojaa ensin tunnuksesi")).to_be_visible()
