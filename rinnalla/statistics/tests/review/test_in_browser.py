"""The review in a real browser: a place is looked at and its visits called off."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from rinnalla.lib import clock
from rinnalla.planning.models import Decision
from rinnalla.shell.tests.test_axe import faults
from rinnalla.testing import make_card, make_site, make_visit


@pytest.fixture
def now():
    """The day it is: the browser's clock and the server's are one."""


@pytest.fixture
def place(cast):
    site = make_site(cast)
    make_card(site, review_due_on=date(2026, 1, 1))
    make_visit(cast, site, day=clock.today() + timedelta(days=7))
    return site


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_it_works_from_the_list_to_the_last_day(cast, place, open_page, width):
    page = open_page("/planning/places/", cast.kaisa, width=width)
    page.get_by_role("link", name="Tarve on arvioitava 1 paikassa").click()
    page.get_by_role("link", name="Leipätupa").click()
    page.get_by_role("button", name="Jatka").click()
    expect(page.get_by_text("Valitse yksi neljästä.")).to_be_visible()
    page.get_by_role("radio", name="Lopetetaan").check()
    page.get_by_role("button", name="Jatka").click()
    page.get_by_label("Perustelu").fill("Väki on siirtynyt muualle.")
    page.get_by_label("Peru viimeisen päivän jälkeen").check()
    page.get_by_text("Muu syy").click()
    page.get_by_role("button", name="Tallenna päätös").click()
    expect(page.get_by_text("Leipätupa: Lopetetaan.")).to_be_visible()
    place.refresh_from_db()
    assert place.last_day == clock.today()
    assert place.visits.get().status == "cancelled"


@pytest.mark.drawn
@pytest.mark.browser
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_passes_axe(cast, place, open_page, language):
    for width in (390, 1280):
        page = open_page("/health", cast.kaisa, width=width, language=language)
        for end in ("", f"{place.pk}/", *(f"{place.pk}/{one}" for one in Decision)):
            page.goto(f"/figures/review/{end}")
            found = list(faults(page))
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert (found, wide) == ([], width)
