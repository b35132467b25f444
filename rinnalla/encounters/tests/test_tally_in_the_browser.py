"""A sheet of paper is entered in at most a minute, by keyboard or by thumb.

The time is reckoned from what has to be done, at a calm person's pace (Card, Moran and
Newell's keystroke-level model for one who types with two fingers): a digit 0.5 s, a
step of a held Tab 0.25 s, a tap 1.1 s, a look at the paper 1.2 s.
"""

import pytest
from django.urls import reverse

from rinnalla.encounters.tally import recorded
from rinnalla.lib import clock
from rinnalla.testing import make_visit

KEY, TAB, TAP, LOOK = 0.5, 0.25, 1.1, 1.2
# A food queue of the size that is met on average, and what its sheet holds.
SHEET = {
    "met": "78",
    "guided": "3",
    "declined": "4",
    "topic-benefits": "2",
    "topic-housing": "1",
    "topic-debt": "2",
    "method-information": "3",
    "method-joint_contact": "1",
    "result-meet_here": "2",
    "new": "1",
    "returning": "2",
}


@pytest.fixture
def visit(cast):
    return make_visit(cast, day=clock.today())


def open_tally(open_page, visit, cast, **how):
    return open_page(reverse("encounters:tally", args=[visit.pk]), cast.aino, **how)


def stored(visit):
    return {
        f"{kind}-{code}" if code else str(kind): str(number)
        for (kind, code), number in recorded(visit).items()
    }


@pytest.mark.browser
def test_by_keyboard_in_a_minute(visit, cast, open_page):
    """Tab from field to field in the order of the paper; Enter stores."""
    page = open_tally(open_page, visit, cast, width=1280)
    page.focus("#id_met")
    seconds, wanted = 0, dict(SHEET)
    while wanted:
        digits = wanted.pop(page.evaluate("document.activeElement.name"), "")
        if digits:
            page.keyboard.type(digits)
            seconds += LOOK + len(digits) * KEY
        if wanted:
            page.keyboard.press("Tab")
            seconds += TAB
        assert seconds <= 60, f"still to enter: {wanted}"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('encounters:visit', args=[visit.pk])}")
    assert stored(visit) == SHEET
    assert seconds + KEY <= 60, seconds


@pytest.mark.browser
def test_by_thumb_in_a_minute(visit, cast, open_page):
    """On a phone at the width of 390: a tap a field, its digits, one tap to store."""
    page = open_tally(open_page, visit, cast)
    seconds = 0
    for name, digits in SHEET.items():
        field = page.locator(f"[name='{name}']")
        field.tap()
        page.keyboard.type(digits)
        seconds += LOOK + TAP + len(digits) * KEY
    page.get_by_role("button", name="Tallenna luvut").tap()
    page.wait_for_url(f"**{reverse('encounters:visit', args=[visit.pk])}")
    assert stored(visit) == SHEET
    assert seconds + TAP + LOOK <= 60, seconds


@pytest.mark.drawn
@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits(visit, cast, open_page, width):
    page = open_tally(open_page, visit, cast, width=width)
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= width


@pytest.mark.drawn
@pytest.mark.browser
def test_order_on_the_page_is_the_order_for_the_keyboard(visit, cast, open_page):
    """Down the columns as on the paper: each field is below or right of the last."""
    page = open_tally(open_page, visit, cast, width=1280)
    places = page.eval_on_selector_all(
        "[name^='topic-']",
        "all => all.map(e => { const r = e.getBoundingClientRect();"
        " return [Math.round(r.x), Math.round(r.y)] })",
    )
    assert places == sorted(places)


@pytest.mark.browser
def test_it_asks_once_and_takes_the_answer(visit, cast, open_page):
    page = open_tally(open_page, visit, cast)
    page.fill("#id_met", "2")
    page.fill("#id_guided", "3")
    page.get_by_role("button", name="Tallenna luvut").tap()
    page.locator("[role=alert]").wait_for()
    page.get_by_label("Luvut ovat niin kuin pitää").tap()
    page.get_by_role("button", name="Tallenna luvut").first.tap()
    page.wait_for_url(f"**{reverse('encounters:visit', args=[visit.pk])}")
    assert stored(visit) == {"met": "2", "guided": "3"}
