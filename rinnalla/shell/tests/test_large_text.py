"""Every page holds text made twice as large on a small screen, and ticks for fingers.

`make test` looks at a tenth of the pages, another tenth each day; `make proof` at all.
"""

import pytest

from rinnalla.lib import clock
from rinnalla.shell.tests.test_axe import pages

WIDTH = 320
LEAST = 22  # px of a bare tick; its whole row can be pressed too
DOUBLED = {"standard": 32, "fixed": 26}
# What runs over the side, where the page can be pushed sideways at all.
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
    .map((part) => part.outerHTML.slice(0, 120)).slice(0, 3)"""
SMALL = """(least) => [...document.querySelectorAll(
    "input[type=checkbox], input[type=radio]")]
  .filter((tick) => !tick.closest(".ds-chip") && tick.checkVisibility())
  .filter((tick) => tick.getBoundingClientRect().width < least)
  .map((tick) => tick.outerHTML.slice(0, 120))"""


def faults(page):
    """What is wrong on the page that is open, a line each."""
    for part in page.evaluate(SMALL, LEAST):
        yield f"{page.url}: small {part}"
    sizes = page.context.new_cdp_session(page)
    sizes.send("Page.setFontSizes", {"fontSizes": DOUBLED})
    page.wait_for_function(
        "getComputedStyle(document.documentElement).fontSize === '32px'"
    )
    for part in page.evaluate(WIDER):
        yield f"{page.url}: wider than {WIDTH} px {part}"
    sizes.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    sizes.detach()


def look(open_page, cast, chosen):
    """Open each page on a small screen; a window a role."""
    found, windows = [], {}
    for role, address in chosen:
        if role not in windows:
            worker = getattr(cast, role) if role else None
            windows[role] = open_page("/health", worker, width=WIDTH)
            # A page that waits for a print reloads itself under the one who looks.
            windows[role].route("**/wait*.js", lambda route: route.abort())
        windows[role].goto(address)
        found += faults(windows[role])
    return found


@pytest.mark.drawn
@pytest.mark.browser
def test_a_tenth_of_the_pages(small_county, open_page):
    everything = list(pages(small_county, each_role=False))
    chosen = everything[clock.today().toordinal() % 10 :: 10]
    assert chosen
    found = look(open_page, small_county, chosen)
    assert found == [], "\n".join(found)


@pytest.mark.drawn
@pytest.mark.proof
@pytest.mark.browser
def test_every_page(small_county, open_page):
    found = look(open_page, small_county, pages(small_county, each_role=False))
    assert found == [], "\n".join(found)


@pytest.mark.drawn
@pytest.mark.browser
def test_it_finds_what_is_wrong(open_page):
    """The tests above can fail: a word that cannot break, and a tick of the browser."""
    page = open_page("/account/login/", width=WIDTH)
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<nobr>' + 'x'.repeat(80) + '</nobr><input type=checkbox>')"
    )
    found = "\n".join(faults(page))
    assert "wider than" in found and "small" in found
