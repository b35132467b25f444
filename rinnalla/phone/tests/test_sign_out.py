"""Signing out at the desk: its pages are forgotten, the field app's records are not."""

import pytest

from rinnalla.phone import installing
from rinnalla.phone.tests.app import PLUS, Thumb, go, ready, shows, take_into_use
from rinnalla.phone.tests.phones import make_phone
from rinnalla.phone.tests.test_worker_in_browser import TAKEN_OVER


def test_it_works(cast, sign_in):
    client = sign_in(cast.aino)
    assert "Clear-Site-Data" not in client.get("/account/logout/").headers
    left = client.post("/account/logout/")
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/planning/places/").status_code == 302


@pytest.mark.proof
@pytest.mark.browser
def test_unsent_records_outlive_a_sign_out(cast, visit, open_page):
    """One phone, one browser: the desk is left, the counter goes on with its number."""
    installing.kept_shell.cache_clear()
    page = open_page("/health", cast.aino)
    take_into_use(page, make_phone(cast.aino))
    page.goto("/phone/")
    ready(page)
    page.evaluate(TAKEN_OVER)
    page.context.route("**/phone/sync", lambda route: route.abort())
    go(page, f"#/visit/{visit.pk}")
    thumb = Thumb(page)
    for _number in range(3):
        thumb.tap(PLUS)
    shows(page, 3)
    page.goto("/account/logout/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/account/login/")
    page.context.set_offline(True)
    page.goto(f"/phone/#/visit/{visit.pk}")
    shows(page, 3)
