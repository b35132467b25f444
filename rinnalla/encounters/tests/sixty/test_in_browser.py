"""Read on the way: the whole page on one screen, with the longest texts there are."""

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.tests.sixty.test_page import been, note, taps
from rinnalla.planning.models.places import SiteCard

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

PHONES = {"iphone": (390, 844), "small": (360, 640)}
HEIGHTS = "[document.documentElement.scrollHeight, window.innerHeight]"
WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"
LONG = "Kohdataan jonossa olevia kiireettä ja rauhassa. " * 40


@pytest.fixture
def site(cast):
    """A place about which everything is known, at length."""
    cast.parish.name = "Rantalan seurakunnan diakoniakeskus ja ruoka-apu ry"
    cast.parish.save()
    site = testing.make_site(
        cast,
        name="Leipätupa ja asukastila Pihapiirin pihakeittiö",
        host=cast.parish,
        host_phone="+358400000101",
    )
    headings = ("why", "when", "where", "resources", "features")
    texts = dict.fromkeys(headings, LONG[:1900])
    limit = SiteCard._meta.get_field("safety_note").max_length
    testing.make_card(site, safety_note=LONG[:limit], **texts)
    for days in (3, 10, 17):
        taps(been(cast, site, days, [cast.aino, cast.kaisa]), 11, 8)
    for number in range(5):
        note(site, f"{number} {LONG[:150]}", is_promise=True)
        note(site, f"{number} {LONG[:150]}")
    return site


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_nothing_is_scrolled(cast, site, open_page, phone, language):
    width, height = PHONES[phone]
    page = open_page(f"/encounters/places/{site.pk}", cast.aino, language=language)
    page.set_viewport_size({"width": width, "height": height})
    tall, room = page.evaluate(HEIGHTS)
    assert tall <= room
    wide, across = page.evaluate(WIDTHS)
    assert wide <= across


def test_the_way_to_the_rest_is_in_sight(cast, site, open_page):
    """What is folded is not lost: the card is one press away, in full."""
    page = open_page(f"/encounters/places/{site.pk}", cast.aino)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_text("Laput, 5 lisää")).to_be_in_viewport()
    card = page.get_by_role("link", name="Koko kortti")
    expect(card).to_be_in_viewport()
    folded = page.locator("dl.en-card dd").first
    assert folded.evaluate("row => row.scrollHeight > row.clientHeight")
    card.click()
    expect(page.get_by_text(LONG[:1900].strip()).first).to_be_visible()
