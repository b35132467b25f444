"""A chart that is not drawn yet comes to the page by itself, without a reload."""

from datetime import date

import pytest

from rinnalla.lib import clock
from rinnalla.statistics import actions
from rinnalla.testing import make_met, make_visit


@pytest.mark.browser
def test_it_works_the_chart_comes_when_it_has_been_drawn(cast, open_page):
    visit = make_visit(cast, day=clock.today().replace(day=1), status="done")
    make_met(visit, 12)
    month = date(visit.day.year, visit.day.month, 1)
    actions.recount(visit.site_id, month)

    page = open_page("/figures/", cast.leena, width=1280)
    page.locator("#unit-met .rn-chart-waits").wait_for()
    assert page.locator("#unit-met table").is_visible(), "the table stands in"

    actions.draw_waiting()
    page.locator("#unit-met .rn-chart--wide svg").wait_for(timeout=15_000)
