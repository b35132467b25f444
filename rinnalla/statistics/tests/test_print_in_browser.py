"""A month or a year printed from the page fits two sheets of A4."""

from io import BytesIO

import pikepdf
import pytest

from rinnalla.lib import clock
from rinnalla.statistics import actions
from rinnalla.statistics.counting import months_before
from rinnalla.testing import make_guided, make_met, make_site, make_visit

pytestmark = [pytest.mark.browser, pytest.mark.drawn]
TOPICS = ["benefits", "debt", "housing", "homelessness", "mental_health", "work"]


@pytest.fixture
def a_year(cast):
    """Thirteen months of a food queue, with topics enough for every row."""
    site = make_site(cast)
    this_month = clock.today().replace(day=1)
    for back in range(13):
        day = months_before(this_month, back)
        visit = make_visit(cast, site, day=day, status="done", staff=2, minutes=120)
        make_met(visit, 60 + back)
        for topic in TOPICS:
            make_guided(visit, 7, topics=[topic], age_band="30_44", familiarity="new")
    actions.mark_all()
    actions.refresh()
    return this_month


@pytest.mark.parametrize("which", ["month", "year"])
def test_it_fits_two_pages(a_year, cast, open_page, which):
    closed = months_before(a_year, 2)
    address = {
        "month": f"/figures/month/{closed:%Y-%m}/",
        "year": f"/figures/year/{closed.year}/",
    }[which]
    page = open_page(address, cast.leena, width=1280, height=900)
    page.reload()
    edge = dict.fromkeys(("top", "right", "bottom", "left"), "12mm")
    with pikepdf.open(BytesIO(page.pdf(format="A4", margin=edge))) as printed:
        assert len(printed.pages) <= 2
