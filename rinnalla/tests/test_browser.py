"""The browser of the tests works: a signed-in page, in the language asked for."""

import pytest


@pytest.mark.browser
def test_it_works(cast, open_page):
    page = open_page("/planning/places/", cast.aino, language="sv")
    assert page.locator("html").get_attribute("lang") == "sv"


@pytest.mark.browser
def test_facts_are_there_for_the_next_one(small_county, open_page):
    """The test before emptied every table; the code lists are there all the same."""
    page = open_page("/health")
    assert '"ok"' in page.content()
    assert small_county.team.pk
