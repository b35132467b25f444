"""Practice: two minutes of an invented queue; nothing of it is recorded."""

import pytest

from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.phone.practice import QUEUE, SECONDS_EACH
from rinnalla.phone.tests.app import stop_time
from rinnalla.planning.models import Visit

KEPT = """async () => {
  const { openStore } = await import("/static/phone/app/store.js");
  const store = await openStore();
  const rows = await store.read(["outbox"], (tx) => tx.objectStore("outbox").count());
  return rows + (await store.visits()).length;
}"""


def test_it_takes_two_minutes():
    assert SECONDS_EACH * len(QUEUE) == 120


def practise(page):
    """Count the whole queue as it goes by, by the rules of the lines."""
    for place, moment in enumerate(QUEUE):
        page.locator("p[data-moment]", has_text=str(moment.text)).wait_for()
        for _ in range(moment.number):
            if moment.kind == "met":
                page.locator("main [data-tap=met]").click()
            elif moment.kind == "guided":
                page.locator("main [data-tap=guided]").click()
                page.locator("main [data-field=topics] label").first.click()
                page.get_by_role("button", name="Valmis").click()
            elif moment.kind == "undo":
                page.locator("main [data-tap=met]").click()
                page.locator("main [data-undo]").click()
        if place < len(QUEUE) - 1:
            page.clock.run_for(SECONDS_EACH * 1000)
    page.locator("main [data-end]").first.click()


@pytest.fixture
def start(open_app):
    """Open practice with a clock of the test's own and press start."""

    def open_and_start(**how):
        page = open_app("#/practice", **how)
        stop_time(page)
        page.get_by_role("button", name="Aloita harjoittelu").click()
        return page

    return open_and_start


def numbers(page, name):
    return page.locator(f"[data-face=end] {name}").first.inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_it_works(start, width):
    page = start(width=width)
    page.context.set_offline(True)
    cookies = page.context.cookies()
    practise(page)
    assert (numbers(page, "[data-met]"), numbers(page, "[data-guided]")) == ("11", "3")
    assert numbers(page, "[data-there=met]") == "11"
    assert numbers(page, "[data-there=guided]") == "3"
    assert numbers(page, "[data-there=by]") == "6"
    assert page.locator(".pr-tried .is-tried").count() == 5
    assert page.context.cookies() == cookies
    page.context.set_offline(False)
    assert page.evaluate(KEPT) == 0
    for model in (Count, Encounter, Mark, Visit):
        assert not model.objects.exists()


@pytest.mark.browser
@pytest.mark.drawn
def test_the_counter_counts_and_takes_back(start):
    page = start()
    met = page.locator(".rn-digits [data-met]").first
    page.locator("main [data-tap=met]").click(click_count=3)
    assert met.inner_text() == "3"
    page.locator("main [data-undo]").click()
    assert met.inner_text() == "2"
    page.locator("main [data-tap=guided]").click()
    strip = page.locator("main .rn-strip")
    assert strip.locator("[data-guided]").inner_text() == "1"
    page.locator("main [data-tap=met]").click()  # the sheet is never in the way
    assert strip.locator("[data-met]").inner_text() == "4"


@pytest.mark.browser
@pytest.mark.drawn
def test_a_pause_stops_the_queue(start):
    page = start()
    line = page.locator("p[data-moment]")
    first = line.inner_text()
    page.get_by_role("button", name="Tauko").click()
    page.clock.run_for(60_000)
    assert line.inner_text() == first
    page.get_by_role("button", name="Jatka").click()
    page.clock.run_for(SECONDS_EACH * 1000)
    assert line.inner_text() != first


@pytest.mark.browser
@pytest.mark.drawn
def test_ending_early_is_fine(start):
    page = start()
    page.locator("main [data-tap=met]").click()
    page.locator("main [data-end]").first.click()
    assert "kesken" in page.locator("[data-verdict]").inner_text()
    page.get_by_role("button", name="Uudelleen").click()
    assert page.locator(".rn-digits [data-met]").first.inner_text() == "0"


@pytest.mark.browser
@pytest.mark.drawn
def test_nothing_moves_for_those_who_asked_for_it(start):
    page = start(reduced_motion="reduce")
    moves = "e => getComputedStyle(e).transitionDuration"
    assert page.locator(".pr-queue .rn-i").first.evaluate(moves) in ("0s", "1e-05s")
    page.locator("main [data-tap=met]").click()
    assert page.locator(".rn-digits [data-met]").first.inner_text() == "1"


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_fits_and_the_plus_is_large(start, width):
    page = start(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("main [data-tap=met]").bounding_box()["height"] >= 844 * 0.39
