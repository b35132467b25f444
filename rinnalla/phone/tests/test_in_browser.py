"""The field screens as a thumb meets them, at 390 px in a real browser."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.planning.models import Visit

pytestmark = pytest.mark.browser
PLUS = '[data-tap="met"]'
GUIDED = '[data-tap="guided"]'
APART = 250  # ms between two meant presses
FACTS = re.compile("/field/facts$")


class Thumb:
    """Taps and counts them, as far apart as meant presses are.

    Nearer ones are a bounce, which the counter drops: a quick machine is no thumb.
    """

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, place):
        self.page.locator(place).locator("visible=true").first.tap()
        self.page.wait_for_timeout(APART)
        self.taps += 1

    def chip(self, label):
        self.tap(f".rn-sheet label.ds-chip:has-text('{label}')")


def ready(page):
    page.wait_for_selector("main[data-is-ready]")
    return Thumb(page)


def own(page):
    return page.locator("[data-own]").locator("visible=true").first.inner_text()


def stored(page):
    """The server has answered for everything."""
    expect(page.locator("[data-state-text]")).to_contain_text("Tallessa", timeout=15000)


@pytest.fixture
def counter(cast, open_page):
    """A started visit's counter, open on Aino's phone."""
    visit = testing.make_visit(
        cast, status="under_way", day=clock.today(), started_at=clock.cut(clock.now())
    )

    def open_it(worker=cast.aino, **options):
        page = open_page(f"/field/visits/{visit.pk}", worker, **options)
        ready(page)
        return page

    open_it.visit = visit
    return open_it


def test_it_works(cast, open_page):
    """The first visit: 12 met, 2 guided, one completed in 4 taps, wrapped up."""
    testing.make_visit(cast, day=clock.today(), workers=[cast.aino, cast.kaisa])
    page = open_page("/field/", cast.aino)
    page.get_by_role("button", name="Aloita käynti").first.tap()
    thumb = ready(page)
    for _number in range(10):
        thumb.tap(PLUS)
    thumb.tap(GUIDED)
    thumb.tap("[data-later]")
    thumb.taps = 0
    thumb.tap(GUIDED)
    thumb.chip("Etuudet")
    thumb.chip("Neuvottiin")
    thumb.tap("[data-done]")
    assert thumb.taps == 4
    assert own(page) == "12"
    stored(page)
    thumb.tap("[data-end]")
    page.get_by_role("button", name="Lopeta käynti").tap()
    page.get_by_role("button", name="Valmis, lähetä").tap()
    page.wait_for_url(re.compile("/field/$"))
    assert "Kohdattu 12, ohjattu 2" in page.content()
    visit = Visit.objects.get()
    assert (totals_of(visit).met, totals_of(visit).guided) == (12, 2)
    complete = [e for e in Encounter.objects.all() if e.is_complete]
    assert [(e.topics, e.methods) for e in complete] == [(["benefits"], ["guidance"])]


def test_a_typical_record_takes_six_taps(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    thumb.chip("Etuudet")
    thumb.chip("Asuminen")
    thumb.chip("Soitettiin yhdessä")
    thumb.chip("Ei jatkoa")
    thumb.tap("[data-done]")
    assert thumb.taps == 6
    stored(page)
    meeting = Encounter.objects.get()
    assert meeting.topics == ["benefits", "housing"] and meeting.next_step == "none"


def test_the_counter_goes_on_under_the_sheet(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    thumb.tap(PLUS)
    assert own(page) == "2"
    assert page.locator(".rn-sheet").is_visible()
    stored(page)


def test_the_sheet_folds_away_after_twenty_seconds(counter):
    page = counter()
    page.clock.install()
    page.reload()
    ready(page).tap(GUIDED)
    page.clock.run_for(15_000)
    Thumb(page).chip("Etuudet")
    page.clock.run_for(15_000)
    assert page.locator(".rn-sheet").is_visible()
    page.clock.run_for(6_000)
    assert page.locator(".rn-sheet").is_hidden()
    stored(page)


def test_a_bounce_is_one_and_two_meant_presses_are_two(counter):
    page = counter()
    page.evaluate(
        "const plus = document.querySelector('[data-tap=met]');"
        "plus.click(); plus.click(); setTimeout(() => plus.click(), 250)"
    )
    page.wait_for_timeout(400)
    assert own(page) == "2"
    stored(page)
    assert Count.objects.count() == 2


def test_undo_takes_back_and_is_a_row(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap('[data-tap="ten"]')
    thumb.tap("[data-undo]")
    assert own(page) == "0"
    stored(page)
    assert sorted(row.number for row in Count.objects.all()) == [-10, 10]
    assert page.locator("[data-undo]").is_disabled()


def test_undo_takes_back_a_mark(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap('[data-tap="mark"]')
    assert page.locator("[data-marks]").inner_text() == "1"
    thumb.tap("[data-undo]")
    assert page.locator("[data-marks]").inner_text() == "0"
    stored(page)
    assert not Mark.objects.exists()
    assert page.locator(".rn-toast").inner_text() == ""


def test_undo_is_there_for_half_a_minute(counter):
    page = counter()
    page.clock.install()
    page.reload()
    ready(page).tap(PLUS)
    assert page.locator("[data-undo]").is_enabled()
    page.clock.run_for(31_000)
    assert page.locator("[data-undo]").is_disabled()
    stored(page)


def test_a_typed_total(counter):
    testing.make_met(counter.visit, 7, device=uuid4())
    page = counter()
    page.locator(".rn-total summary").tap()
    page.locator("#total").fill("31")
    page.locator("[data-total]").tap()
    assert own(page) == "31"
    stored(page)
    assert totals_of(counter.visit).met == 38
    assert "Yhdessä 38. Pari 7" in page.locator("[data-pair-line]").inner_text()


def test_one_shared_queue_counts_once(counter):
    testing.make_met(counter.visit, 7, device=uuid4())
    page = counter()
    thumb = Thumb(page)
    thumb.tap(PLUS)
    page.locator(".rn-pairline summary").tap()
    thumb.tap("[data-same-queue]")
    assert "Yhdessä 7" in page.locator("[data-pair-line]").inner_text()
    stored(page)
    assert totals_of(counter.visit).met == 7


def test_off_the_net_nothing_is_lost(counter):
    page = counter()
    thumb = Thumb(page)
    page.route(FACTS, lambda route: route.abort())
    for _number in range(5):
        thumb.tap(PLUS)
        page.wait_for_timeout(130)
    assert own(page) == "5"
    page.wait_for_selector("text=Ei yhteyttä. Voit jatkaa ihan tavallisesti.")
    assert "Vain tässä puhelimessa: 5" in page.content()
    assert not Count.objects.exists()
    page.unroute(FACTS)
    page.evaluate("dispatchEvent(new Event('online'))")
    stored(page)
    assert totals_of(counter.visit).met == 5 and Count.objects.count() == 5


def test_a_lost_answer_counts_once(counter):
    page = counter()

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route(FACTS, lose_the_answer, times=1)
    Thumb(page).tap(PLUS)
    stored(page)
    assert own(page) == "1"
    assert Count.objects.count() == 1


def test_what_was_not_taken_stays_in_sight(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(PLUS)
    stored(page)
    called_off = {"status": "cancelled", "cancel_reason": "weather"}
    Visit.objects.filter(pk=counter.visit.pk).update(**called_off)
    for number in ("1", "2"):
        thumb.tap(PLUS)
        told = page.locator(".rn-toast")
        expect(told).to_contain_text(f"Ei voitu tallentaa: {number}.")
        expect(told).to_contain_text("käyntiä ei ole aloitettu")
    with page.expect_response(re.compile("/totals$")) as polled:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    polled.value.finished()
    expect(page.locator(".rn-toast")).to_contain_text("Ei voitu tallentaa: 2.")
    assert own(page) == "1"


def test_leaving_with_unsent_taps_warns(counter):
    page = counter()
    page.route(FACTS, lambda route: route.abort())
    Thumb(page).tap(PLUS)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_signed_out_keeps_the_taps(counter):
    page = counter()
    cookies = page.context.cookies()
    page.context.clear_cookies(name="session")
    Thumb(page).tap(PLUS)
    page.wait_for_selector("text=Olet kirjautunut ulos")
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('online'))")
    stored(page)
    assert totals_of(counter.visit).met == 1


def test_the_plus_is_large_and_the_targets_are_for_thumbs(counter):
    page = counter()
    assert page.locator(PLUS).bounding_box()["height"] >= 0.45 * 844
    for name in ('[data-tap="guided"]', '[data-tap="ten"]', "[data-undo]"):
        assert page.locator(name).bounding_box()["height"] >= 64
    Thumb(page).tap(GUIDED)
    chips = page.locator(".rn-sheet .ds-chip").locator("visible=true").all()
    assert min(chip.bounding_box()["height"] for chip in chips) >= 56
    assert page.locator(PLUS).bounding_box()["y"] + 100 < 844
    stored(page)


def test_the_pocket_guard_stops_presses_until_one_slides(counter):
    page = counter()
    page.locator(".rn-pairline summary").tap()
    page.locator("[data-pocket]").tap()
    guard = page.locator("[data-guard]")
    assert guard.is_visible()
    page.locator("[data-slide]").fill("100")
    assert guard.is_hidden()


def test_without_scripts_the_numbers_grow(cast, counter, open_page):
    address = f"/field/visits/{counter.visit.pk}"
    page = open_page(address, cast.aino, java_script_enabled=False)
    for number in ("1", "2"):
        page.locator(PLUS).tap()
        expect(page.locator("dd[data-own]")).to_have_text(number)
    page.locator(GUIDED).tap()
    page.locator(".rn-sheet label.ds-chip:has-text('Etuudet')").tap()
    page.locator("[data-done]").tap()
    expect(page.locator("dd[data-own]")).to_be_visible()
    assert own(page) == "3"
    assert Encounter.objects.get().topics == ["benefits"]


def test_sunlight_is_kept_on_the_phone(counter):
    page = counter()
    page.locator(".rn-pairline summary").tap()
    page.locator("[data-sun]").check()
    page.reload()
    assert page.locator("html").get_attribute("data-contrast") == "sun"
