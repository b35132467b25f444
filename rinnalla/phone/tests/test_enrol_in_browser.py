"""A browser takes itself into use by one press, and is seen in the list of phones."""

import pytest

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.phone.models import Device

pytestmark = pytest.mark.browser


@pytest.fixture
def enrolled(cast, open_page):
    """Aino's browser after the one press."""
    testing.make_visit(cast, day=clock.today())
    page = open_page("/phone/devices/new?here", cast.aino)
    page.get_by_role("button", name="Ota tämä puhelin käyttöön").click()
    page.get_by_text("Puhelin on käytössä").wait_for()
    return page


def test_one_press_takes_this_browser_into_use(cast, enrolled):
    assert Device.objects.get().worker == cast.aino
    enrolled.get_by_text("Leipätupa").first.wait_for()


def test_it_is_seen_in_the_list(cast, enrolled, open_page):
    enrolled.get_by_text("Leipätupa").first.wait_for()
    page = open_page("/phone/devices/", cast.kaisa, width=1280)
    page.get_by_text("Viimeksi yhteydessä tänään").wait_for()
    page.get_by_role("link", name="Poista käytöstä").click()
    page.get_by_role("button", name="Poista käytöstä").click()
    page.get_by_text("Puhelin on poistettu käytöstä").wait_for()
    assert Device.objects.get().is_revoked


def test_the_code_works_once(cast, open_page):
    page = open_page("/phone/devices/new", cast.aino)
    page.get_by_role("button", name="Näytä koodi").click()
    link = page.get_by_role("link", name="Ota tämä puhelin käyttöön")
    address = link.get_attribute("href")
    link.click()
    page.get_by_text("Puhelin on käytössä").wait_for()
    other = open_page(address)
    other.get_by_text("Koodi on väärä, käytetty tai vanhentunut").or_(
        other.get_by_text("Koodia ei enää tunneta")
    ).first.wait_for()
    assert Device.objects.count() == 1
