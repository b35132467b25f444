"""Every screen of the field app passes axe and is reached by keyboard alone.

`make test` looks at the screens in one language and light a day, `make proof` in all.
"""

from itertools import product

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.phone.tests.app import GUIDED, drawn, go
from rinnalla.shell.tests.test_axe import faults

LANGUAGES = ["fi", "sv", "en"]
LIGHTS = list(product(["light", "dark"], [390, 1280]))
# What runs over the side, where the page can be pushed sideways at all.
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("main *, header *")]
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
    .map((part) => part.outerHTML.slice(0, 120))"""
ALL = list(product(LANGUAGES, LIGHTS))
# Words smaller than 16 px, but for the line that says it is a demo.
SMALL = """() => [...document.querySelectorAll("main *, header *")]
  .filter((part) => part.checkVisibility()
    && parseFloat(getComputedStyle(part).fontSize) < 16
    && [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((part) => part.outerHTML.slice(0, 120))"""


@pytest.fixture
def day(cast, visit):
    """A day with a visit under way, one to come, and one that waits."""
    site = testing.make_site(cast, name="Keskusta", kind="street")
    testing.make_card(site, safety_note="Piha on liukas.")
    visit.coming = testing.make_visit(cast, site, day=clock.today())
    visit.past = testing.make_visit(cast, site, day=clock.today(), status="done")
    testing.make_guided(visit.past, 1)
    testing.make_met(visit, 12)
    return visit


def screens(day):
    """Where every screen is, and what is pressed there first."""
    yield "#/", ".rn-menu summary"
    yield f"#/visit/{day.coming.pk}/card", ""
    yield f"#/visit/{day.coming.pk}/alone", ""
    yield f"#/visit/{day.pk}", ""
    yield f"#/visit/{day.pk}", ".rn-pairline summary"
    yield f"#/visit/{day.pk}", ".rn-total summary"
    yield f"#/visit/{day.pk}", f"main {GUIDED}"
    yield f"#/visit/{day.pk}/end", ""
    yield f"#/visit/{day.past.pk}/wrap-up", ""
    yield "#/place", "form button.rn-plus"
    yield "#/who", ""
    yield "#/practice", "[data-face=intro] [data-start]"
    yield "#/device", ""


def walk(page, day):
    """Open one screen after the other, pressed where something is; its name."""
    for hash, press in screens(day):
        go(page, "#/nowhere")
        go(page, hash)
        drawn(page)
        if press:
            page.locator(press).first.click()
            drawn(page)
        yield f"{hash} {press}"


def look(open_app, day, language, light):
    """What axe finds on every screen, a line each."""
    scheme, width = light
    how = {"language": language, "color_scheme": scheme, "width": width}
    page = open_app(**how, reduced_motion="reduce")
    assert page.locator("html").get_attribute("lang") == language
    for screen in walk(page, day):
        yield from (f"{screen}: {fault}" for fault in faults(page))


@pytest.mark.drawn
@pytest.mark.browser
def test_it_works(day, open_app):
    turn = clock.today().toordinal()
    language, light = ALL[turn % len(ALL)]
    found = list(look(open_app, day, language, light))
    assert found == [], "\n".join(found)


@pytest.mark.drawn
@pytest.mark.proof
@pytest.mark.browser
@pytest.mark.parametrize(("language", "light"), ALL)
def test_every_language_and_light(day, open_app, language, light):
    found = list(look(open_app, day, language, light))
    assert found == [], "\n".join(found)


@pytest.mark.browser
def test_the_day_is_walked_by_keyboard(day, open_app):
    """Tab reaches the visit, Enter goes on with it, and the +1 answers to Enter."""
    page = open_app(width=1280)
    page.keyboard.press("Tab")
    for _press in range(30):
        if page.evaluate("document.activeElement.dataset.go !== undefined"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(f"main {GUIDED}").wait_for()
    for _press in range(30):
        if page.evaluate("document.activeElement.dataset.tap === 'met'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("dd[data-own]")).to_have_text("1")


@pytest.mark.drawn
@pytest.mark.browser
def test_nothing_runs_over_the_side_at_320(day, open_app):
    """At 320 px, and with text doubled, no screen is wider than the phone."""
    page = open_app(width=320, height=640)
    cdp = page.context.new_cdp_session(page)
    for size in (16, 32):
        cdp.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
        for screen in walk(page, day):
            assert page.evaluate(WIDER) == [], (screen, size)


@pytest.mark.drawn
@pytest.mark.browser
def test_no_word_is_smaller_than_sixteen_pixels(day, open_app):
    """Read at arm's length in the cold: the floor of the visual language."""
    page = open_app(width=390)
    for screen in walk(page, day):
        assert page.evaluate(SMALL) == [], screen
