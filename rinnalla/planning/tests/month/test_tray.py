"""Requests without a day beside the month: pressed or dragged onto one."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rinnalla.lib import clock
from rinnalla.planning.month.span import month_of
from rinnalla.planning.tests.requests.asked import make_request


@pytest.fixture
def month(db):
    """Next month: all of it is still to come."""
    return month_of(clock.today()).next


def test_it_works(cast, sign_in, month):
    row = make_request()
    page = sign_in(cast.aino).get(month.url).content.decode()
    assert "Pyynnöt ilman päivää" in page
    assert reverse("planning:request_agree", args=[row.pk]) in page


def test_without_requests_there_is_no_tray(cast, sign_in, month):
    page = sign_in(cast.aino).get(month.url).content.decode()
    assert "Pyynnöt ilman päivää" not in page


def test_the_day_it_was_dropped_on_is_filled_in(cast, sign_in):
    row = make_request()
    address = reverse("planning:request_agree", args=[row.pk])
    client = sign_in(cast.aino)
    page = client.get(f"{address}?day=2026-04-10").content.decode()
    assert 'value="2026-04-10"' in page
    for odd in ("x", "%00", "2026-02-30"):
        assert client.get(f"{address}?day={odd}").status_code == 200


@pytest.mark.browser
def test_dragged_onto_a_day(cast, open_page, month):
    make_request()
    page = open_page(month.url, cast.aino, width=1280)
    day = date(month.first.year, month.first.month, 10)
    page.locator("[data-request] b").hover()
    page.mouse.down()
    cell = page.locator(f"[data-day='{day.isoformat()}']")
    for x in (40, 44):
        cell.hover(position={"x": x, "y": 60})
    page.mouse.up()
    expect(page.locator("[name=day]")).to_have_value(day.isoformat())
