"""Every page passes axe: three languages, phone and desk, light and dark.

`make test` looks at a tenth of the pages, another tenth each day; `make proof` at all.
axe files text in the very colour of its ground under "incomplete", not under
violations, so that is asked too.
"""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from rinnalla.lib import clock
from rinnalla.tests.county import ROLES, walk
from rinnalla.tests.spider import shape

LANGUAGES = ["fi", "sv", "en"]
LIGHTS = list(product([390, 1280], ["light", "dark"]))
STILL = "document.getAnimations().every((one) => one.playState !== 'running')"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pages(cast, *, each_role):
    """Where people can get: (role, address); each kind of page once or once a role."""
    seen = set()
    for role in ROLES:
        _, spider = walk(cast, role)
        for address in spider.pages:
            key = (role, shape(address)) if each_role else shape(address)
            if key not in seen:
                seen.add(key)
                yield role, address


def faults(page):
    """What axe finds on a page, a line each."""
    found = Axe().run(page, options={"runOnly": RULES}).response
    for rule in found["violations"]:
        for node in rule["nodes"]:
            yield f"{page.url}: {rule['id']} {node['html'][:160]}"
    for rule in found["incomplete"]:
        for node in rule["nodes"]:
            if "equalRatio" in str(node["any"]):
                yield f"{page.url}: text as its ground {node['html']:.160}"


def look(open_page, cast, chosen, language):
    """Open each page in its light; return what axe finds. A window a role.

    A page that is open already is only lit anew: its light and width are asked by its
    style sheets, never by the server.
    """
    found, windows, shown = [], {}, {}
    for (role, address), (width, scheme) in chosen:
        if role not in windows:
            worker = getattr(cast, role) if role else None
            windows[role] = open_page("/health", worker, language=language)
            # A page that waits for a print reloads itself under the looking axe.
            windows[role].route("**/wait*.js", lambda route: route.abort())
        page = windows[role]
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if shown.get(role) != address:
            # A page for anybody has its language in the address.
            page.goto(address.replace("/open/fi/", f"/open/{language}/"))
            assert page.locator("html").get_attribute("lang") == language
            shown[role] = address
        page.wait_for_function(STILL)
        found += (f"{width} {scheme} {fault}" for fault in faults(page))
    return found


@pytest.mark.drawn
@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tenth_of_the_pages(small_county, open_page, language):
    turn = clock.today().toordinal() + LANGUAGES.index(language)
    everything = list(product(pages(small_county, each_role=False), LIGHTS))
    chosen = sorted(everything[turn % 10 :: 10], key=str)
    assert chosen
    found = look(open_page, small_county, chosen, language)
    assert found == [], "\n".join(found)


@pytest.mark.drawn
@pytest.mark.proof
@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page(small_county, open_page, language):
    """In Finnish as each role finds it; in the others each kind of page once."""
    chosen = product(pages(small_county, each_role=language == "fi"), LIGHTS)
    found = look(open_page, small_county, chosen, language)
    assert found == [], "\n".join(found)


@pytest.mark.drawn
@pytest.mark.browser
def test_axe_finds_what_is_wrong(open_page):
    """The tests above can fail: a picture without words, and hidden text."""
    page = open_page("/account/login/")
    page.evaluate("document.body.append(document.createElement('img'))")
    assert any("image-alt" in fault for fault in faults(page))


def test_every_language_is_looked_at():
    assert set(LANGUAGES) == dict(settings.LANGUAGES).keys()
