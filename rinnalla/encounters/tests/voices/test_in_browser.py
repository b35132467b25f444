"""Thoughts put under a theme by hand, on a desk and on a phone, without a script."""

import pytest
from playwright.sync_api import expect

from rinnalla.encounters.tests.voices.test_board import make_board


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_it_works(cast, open_page, width):
    board = make_board(cast, "Asunto ensin", "Oma avain", "Pelottaa")
    where = f"/encounters/boards/{board.pk}/"
    page = open_page(where, cast.aino, width=width, java_script_enabled=False)
    page.get_by_label("Asunto ensin").check()
    page.get_by_label("Oma avain").check()
    page.get_by_label("tai uusi teema").fill("Asunto")
    page.get_by_role("button", name="Vie teeman alle").click()
    expect(page.get_by_role("heading", name="Asunto 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Ei vielä ryhmitelty 1")).to_be_visible()
    page.get_by_label("Pelottaa").check()
    page.get_by_label("Teema", exact=True).select_option("Asunto")
    page.get_by_role("button", name="Vie teeman alle").click()
    expect(page.get_by_role("heading", name="Asunto 3")).to_be_visible()
