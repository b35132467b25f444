"""An address made and copied as a worker does it, on a phone."""

import pytest
from playwright.sync_api import expect

from rinnalla.planning.calendars import actions
from rinnalla.planning.models import CalendarFeed


@pytest.mark.browser
def test_it_works(cast, open_page):
    page = open_page("/planning/calendars/", cast.aino)
    page.get_by_role("button", name="Tee osoite").first.click()
    copy = page.get_by_role("button", name="Kopioi")
    copy.click()
    expect(page.get_by_role("button", name="Kopioitu")).to_be_visible()
    address = page.get_by_label("Kalenterin osoite").input_value()
    feed = CalendarFeed.objects.get()
    assert address.endswith(f"/{feed.token}.ics")
    assert actions.make_feed(cast.aino, feed.kind) == feed
