"""The audit log on a phone: it scrolls in its own frame and its rows stay low."""

import pytest

from rinnalla import testing
from rinnalla.access import audit

pytestmark = pytest.mark.browser


def test_rows_stay_low_on_a_phone(cast, open_page):
    visit = testing.make_visit(cast)
    audit.log(cast.aino, "visit.ended", visit)
    page = open_page("/access/audit", cast.hannu, width=390)
    row = page.locator("tbody tr", has_text=str(visit.pk))
    assert row.bounding_box()["height"] < 110
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
