"""The counter as a thumb meets it: the app in a real browser, on a phone in use."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.totals import totals_of
from rinnalla.phone.tests.app import (
    APART,
    GUIDED,
    PLUS,
    Thumb,
    again,
    begun,
    go,
    own,
    shows,
    stop_time,
    stored,
)
from rinnalla.planning.models import Visit

pytestmark = pytest.mark.browser
SYNC = re.compile("/phone/sync$")


def grow(page, percent):
    """Make text larger, as the phone's own setting does."""
    size = {"standard": 16 * percent // 100, "fixed": 13 * percent // 100}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": size})
    grown = "size => getComputedStyle(document.documentElement).fontSize === size"
    page.wait_for_function(grown, arg=f"{size['standard']}px")


@pytest.fixture
def counter(visit, open_app):
    """A started visit's counter, open on Aino's phone."""

    def open_it(**options):
        return open_app(f"#/visit/{visit.pk}", **options)

    open_it.visit = visit
    return open_it


def counts():
    """Every count in the database, oldest first."""
    return sorted(row.number for row in Count.objects.all())


def test_it_works(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(PLUS)
    shows(page, 1)
    stored(page)
    assert totals_of(counter.visit).met == 1


def test_a_minimum_record_takes_four_taps(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    thumb.chip("Etuudet")
    thumb.chip("Neuvottiin")
    thumb.tap("button[data-done]")
    assert thumb.taps == 4
    stored(page)
    [meeting] = Encounter.objects.all()
    assert (meeting.topics, meeting.methods) == (["benefits"], ["guidance"])


def test_a_typical_record_takes_six_taps(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    thumb.chip("Etuudet")
    thumb.chip("Asuminen")
    thumb.chip("Soitettiin yhdessä")
    thumb.chip("Ei jatkoa")
    thumb.tap("button[data-done]")
    assert thumb.taps == 6
    stored(page)
    meeting = Encounter.objects.get()
    assert meeting.topics == ["benefits", "housing"] and meeting.next_step == "none"


def test_one_tap_is_a_valid_record(counter):
    page = counter()
    Thumb(page).tap(GUIDED)
    stored(page)
    assert Encounter.objects.count() == 1
    expect(page.locator("[data-sheet-title]")).to_contain_text("Ohjattu 1, klo")


def test_the_counter_goes_on_under_the_sheet(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    thumb.tap(PLUS)
    shows(page, 2)
    assert page.locator(".rn-sheet").is_visible()
    stored(page)


@pytest.mark.drawn
def test_an_ignored_sheet_folds_away_and_one_press_opens_it_again(counter):
    page = counter()
    stop_time(page)
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    page.clock.run_for(15_000)
    thumb.tap(PLUS)
    page.clock.run_for(15_000)
    assert page.locator(".rn-sheet").is_visible()
    page.clock.run_for(5_500)
    expect(page.locator(".rn-sheet")).to_have_count(0)
    # A thumb on its way to a chip does not count anybody.
    page.locator(GUIDED).tap()
    page.clock.run_for(1_500)
    thumb.tap(PLUS)
    shows(page, 3)
    page.locator("button[data-complete]").tap()
    expect(page.locator("[data-sheet-title]")).to_contain_text("Ohjattu 1, klo")
    page.clock.run_for(60_000)
    assert page.locator(".rn-sheet").is_visible()


@pytest.mark.drawn
def test_a_sheet_somebody_is_at_stays_through_a_long_talk(counter):
    page = counter()
    stop_time(page)
    Thumb(page).tap(GUIDED)
    Thumb(page).chip("Etuudet")
    page.clock.run_for(600_000)
    chosen = page.locator(".rn-sheet label.ds-chip:has(:checked)")
    expect(chosen).to_have_text("Etuudet")


def test_a_complete_meeting_is_not_asked_about_again(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    thumb.tap("button[data-later]")
    expect(page.locator("button[data-complete]")).to_contain_text("Täydennä 1")
    thumb.tap("button[data-complete]")
    thumb.chip("Etuudet")
    thumb.chip("Neuvottiin")
    thumb.tap("button[data-done]")
    expect(page.locator("button[data-complete]")).to_be_hidden()


def test_a_bounce_is_one_and_two_meant_presses_are_two(counter):
    page = counter()
    page.evaluate(
        "const plus = document.querySelector('main [data-tap=met]');"
        "plus.click(); plus.click(); setTimeout(() => plus.click(), 250)"
    )
    shows(page, 2)
    stored(page)
    assert counts() == [1, 1]


def test_undo_takes_back_and_is_a_row(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap('[data-tap="ten"]')
    thumb.tap("[data-undo]")
    shows(page, 0)
    stored(page)
    assert counts() == [-10, 10]
    assert page.locator("button[data-undo]").is_disabled()


def test_undo_takes_back_a_guided_person_and_the_sheet(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(GUIDED)
    thumb.tap("button[data-later]")
    thumb.tap("[data-undo]")
    shows(page, 0)
    expect(page.locator("button[data-complete]")).to_be_hidden()
    stored(page)
    assert totals_of(counter.visit).guided == 0


def test_undo_takes_back_a_mark(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap('[data-tap="mark"]')
    expect(page.locator("dd[data-marks]")).to_have_text("1")
    thumb.tap("[data-undo]")
    expect(page.locator("dd[data-marks]")).to_have_text("0")
    stored(page)
    assert not Mark.objects.exists()
    assert page.locator(".rn-toast").inner_text() == ""


@pytest.mark.drawn
def test_undo_is_there_for_half_a_minute(counter):
    page = counter()
    stop_time(page)
    Thumb(page).tap(PLUS)
    expect(page.locator("button[data-undo]")).to_be_enabled()
    page.clock.run_for(32_000)
    expect(page.locator("button[data-undo]")).to_be_disabled()


def test_a_typed_total(counter):
    testing.make_met(counter.visit, 7, device=uuid4())
    page = counter()
    page.locator(".rn-total summary").tap()
    page.locator("#total").fill("31")
    page.locator("button[data-total]").tap()
    shows(page, 31)
    stored(page)
    assert totals_of(counter.visit).met == 38
    line = page.locator("[data-pair-line]")
    expect(line).to_contain_text("Yhdessä 38. Pari 7")


def test_enter_sets_a_typed_total(counter):
    page = counter()
    page.locator(".rn-total summary").tap()
    page.locator("#total").fill("12")
    page.locator("#total").press("Enter")
    shows(page, 12)


@pytest.mark.drawn
@pytest.mark.parametrize("bad", ["", "-1", "10000"])
def test_a_total_that_cannot_be_changes_nothing(counter, bad):
    page = counter()
    page.locator(".rn-total summary").tap()
    page.locator("#total").fill(bad)
    page.locator("button[data-total]").tap()
    expect(page.locator("#total")).to_be_focused()
    shows(page, 0)


def test_one_shared_queue_counts_once(counter):
    testing.make_met(counter.visit, 7, device=uuid4())
    page = counter()
    thumb = Thumb(page)
    thumb.tap(PLUS)
    page.locator(".rn-pairline summary").tap()
    thumb.tap("[data-same-queue]")
    line = page.locator("[data-pair-line]")
    expect(line).to_contain_text("Yhdessä 7")
    stored(page)
    expect(line).to_contain_text("Yhdessä 7")
    assert totals_of(counter.visit).met == 7


def test_the_pairs_figure_grows_old(counter):
    testing.make_met(counter.visit, 7, device=uuid4())
    page = counter()
    stop_time(page)
    page.context.set_offline(True)
    expect(page.locator("[data-pair-line]")).to_contain_text("Pari 7, tieto juuri nyt")
    page.clock.run_for(150_000)
    line = page.locator("[data-pair-line]")
    expect(line).to_contain_text("Pari 7, tieto 2 min sitten")


def test_whether_guided_is_met_is_said(cast, open_app, visit):
    page = open_app(f"#/visit/{visit.pk}")
    expect(page.locator("small[data-guided-says]")).to_have_text("myös kohdattu")
    visit.site.guided_counts_as_met = False
    visit.site.save()
    page = open_app(f"#/visit/{visit.pk}")
    expect(page.locator("small[data-guided-says]")).to_have_text("ei kohdattuihin")
    Thumb(page).tap(GUIDED)
    expect(page.locator("b[data-guided]")).to_have_text("1")
    shows(page, 0)


# --- without a network ---


def test_off_the_net_nothing_is_lost(counter):
    page = counter()
    thumb = Thumb(page)
    page.context.set_offline(True)
    for _number in range(5):
        thumb.tap(PLUS)
    shows(page, 5)
    page.wait_for_selector("text=Ei yhteyttä. Voit jatkaa ihan tavallisesti.")
    state = page.locator("[data-state-text]").first
    expect(state).to_have_text("Vain tässä puhelimessa (5)")
    assert not Count.objects.exists()
    page.context.set_offline(False)
    stored(page)
    assert counts() == [1] * 5


def test_a_killed_page_opens_with_its_figures(counter):
    page = counter()
    page.route(SYNC, lambda route: route.abort())
    Thumb(page).tap(PLUS)
    shows(page, 1)
    again(page)
    shows(page, 1)
    page.unroute(SYNC)
    page.evaluate("dispatchEvent(new Event('online'))")
    stored(page)
    assert counts() == [1]


def test_a_lost_answer_counts_once(counter):
    page = counter()

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route(SYNC, lose_the_answer, times=1)
    Thumb(page).tap(PLUS)
    stored(page)
    assert counts() == [1]


def test_what_waits_for_somebody_stays_in_sight(counter):
    page = counter()
    thumb = Thumb(page)
    thumb.tap(PLUS)
    stored(page)
    called_off = {"status": "cancelled", "cancel_reason": "weather"}
    Visit.objects.filter(pk=counter.visit.pk).update(**called_off)
    for number in ("1", "2"):
        thumb.tap(PLUS)
        told = page.locator(".rn-toast")
        expect(told).to_contain_text(f"Odottaa koordinaattoria: {number}.")
    assert own(page) == "3"


@pytest.mark.drawn
def test_a_full_memory_is_said_and_the_number_stays(counter):
    page = counter()
    page.evaluate(
        "() => { const full = () => {"
        " throw new DOMException('', 'QuotaExceededError'); };"
        " IDBObjectStore.prototype.add = full; IDBObjectStore.prototype.put = full; }"
    )
    Thumb(page).tap(PLUS)
    expect(page.locator(".rn-toast")).to_contain_text("muisti on täynnä")
    shows(page, 0)


# The store does not answer the outbox, until the test lets it.
SILENT = """const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (names, ...more) {
  const isOutbox = Array.isArray(names) && names.includes("outbox");
  if (isOutbox && !window.answers) throw new DOMException("", "InvalidStateError");
  return transaction.call(this, names, ...more);
};"""


def test_a_store_that_is_slow_to_answer_takes_no_screen_away(counter):
    """The counter stays, says that the press was not recorded, and then records."""
    page = counter()
    page.add_init_script(SILENT)
    page.reload()
    thumb = Thumb(page)
    thumb.tap(PLUS)
    expect(page.locator(".rn-toast")).to_contain_text("Paina uudelleen")
    shows(page, 0)
    page.evaluate("window.answers = true")
    begun(page)
    thumb.tap(PLUS)
    shows(page, 1)
    expect(page.locator(".rn-toast")).to_be_empty()
    stored(page)
    assert counts() == [1]


@pytest.mark.drawn
def test_no_room_for_a_trifle_takes_no_screen_away(counter):
    page = counter()
    page.add_init_script(
        "const { put } = IDBObjectStore.prototype;"
        " IDBObjectStore.prototype.put = function (value, ...key) {"
        " if (key[0] === 'kept') throw new DOMException('', 'QuotaExceededError');"
        " return put.call(this, value, ...key); }"
    )
    again(page)
    Thumb(page).tap(PLUS)
    shows(page, 1)
    stored(page)


def test_a_second_tab_only_looks_on(counter):
    page = counter()
    other = page.context.new_page()
    other.goto(f"/phone/#/visit/{counter.visit.pk}")
    expect(other.locator(".rn-toast")).to_contain_text("toisessa välilehdessä")
    Thumb(other).tap(PLUS)
    assert own(other) == "0"
    Thumb(page).tap(PLUS)
    shows(page, 1)
    expect(other.locator("dd[data-own]")).to_have_text("1")


# --- the hand and the eye ---


@pytest.mark.drawn
@pytest.mark.parametrize("size", [(360, 640), (390, 844)])
@pytest.mark.parametrize("percent", [100, 130])
def test_the_plus_is_large_and_the_targets_are_for_thumbs(counter, size, percent):
    width, height = size
    page = counter(width=width, height=height)
    grow(page, percent)
    plus = page.locator("main " + PLUS).bounding_box()
    assert plus["height"] >= 0.45 * height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in (GUIDED, '[data-tap="ten"]', "[data-undo]", "a[data-end]"):
        shown = page.locator(f"main {name}").locator("visible=true").first
        assert shown.bounding_box()["height"] >= 64, name
    Thumb(page).tap(GUIDED)
    chips = page.locator(".rn-sheet .ds-chip").locator("visible=true").all()
    assert min(chip.bounding_box()["height"] for chip in chips) >= 56
    strip = page.locator("main " + PLUS).bounding_box()
    assert strip["y"] + strip["height"] <= height


@pytest.mark.drawn
@pytest.mark.parametrize("width", [320, 360, 390])
def test_text_doubled_the_plus_is_first_and_whole(counter, width):
    page = counter(width=width, height=640)
    grow(page, 200)
    plus = page.locator("main " + PLUS).bounding_box()
    assert plus["height"] >= 96 and plus["y"] + plus["height"] <= 640
    first = page.locator("main .rn-acts").first.bounding_box()
    assert plus["y"] < first["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.drawn
@pytest.mark.parametrize("width", [320, 390])
def test_every_tick_is_a_row_to_press(counter, width):
    page = counter(width=width)
    page.locator(".rn-pairline summary").tap()
    for row in page.locator(".rn-options .rn-switch").all():
        assert row.bounding_box()["height"] >= 64
        assert row.locator("input").bounding_box()["height"] >= 24


@pytest.mark.drawn
def test_the_buttons_change_sides_for_the_other_hand(counter):
    """Kept on the phone; the +1 is as wide as ever and the words are not mirrored."""
    page = counter()
    left = [x_of(page, name) for name in (GUIDED, NOTE_IT)]
    assert left == sorted(left)
    page.locator(".rn-pairline summary").tap()
    page.locator("main [data-look=hand]").check()
    again(page)
    right = [x_of(page, name) for name in (NOTE_IT, GUIDED)]
    assert right == sorted(right)
    assert page.locator("main [data-look=hand]").is_checked()
    assert page.locator(f"main {PLUS}").bounding_box()["width"] > 300


NOTE_IT = '[data-tap="mark"]'


def x_of(page, name):
    """Where a button begins, from the left."""
    return page.locator(f"main {name}").bounding_box()["x"]


@pytest.mark.drawn
def test_the_pocket_guard_stops_presses_until_one_slides(counter):
    page = counter()
    page.locator(".rn-pairline summary").tap()
    page.locator("[data-pocket]").tap()
    guard = page.locator("[data-guard]")
    assert guard.is_visible()
    page.locator("[data-slide]").fill("100")
    assert guard.is_hidden()


@pytest.mark.drawn
def test_the_pocket_guard_comes_by_itself(counter):
    page = counter()
    stop_time(page)
    page.clock.run_for(31_000)
    expect(page.locator("[data-dim]")).to_be_visible()
    page.clock.run_for(150_000)
    expect(page.locator("[data-guard]")).to_be_visible()


# How many locks keep the screen on.
AWAKE = """window.locks = 0;
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
  window.locks += 1;
  return { release: async () => { window.locks -= 1; } };
} } });"""


@pytest.mark.drawn
def test_the_screen_stays_on_while_the_counter_is_open(counter):
    page = counter()
    page.add_init_script(AWAKE)
    again(page)
    page.wait_for_function("window.locks === 1")
    go(page, "#/")
    page.wait_for_function("window.locks === 0")


@pytest.mark.drawn
def test_sunlight_and_tick_are_kept_on_the_phone(counter):
    page = counter()
    page.locator(".rn-pairline summary").tap()
    page.locator("main [data-look=contrast]").check()
    page.locator("main [data-tick]").check()
    again(page)
    assert page.locator("html").get_attribute("data-contrast") == "sun"
    page.locator(".rn-pairline summary").tap()
    assert page.locator("main [data-look=contrast]").is_checked()
    assert page.locator("main [data-tick]").is_checked()


def test_the_counter_works_by_keyboard_alone(counter):
    page = counter(width=1280)
    page.locator("main " + PLUS).focus()
    page.keyboard.press("Enter")
    shows(page, 1)
    page.wait_for_timeout(APART)
    page.keyboard.press("Space")
    shows(page, 2)
    page.keyboard.press("Shift+Tab")
    focused = page.evaluate("document.activeElement.closest('main') !== null")
    assert focused


def test_started_by_mistake(counter):
    page = counter()
    page.locator(".rn-pairline summary").tap()
    page.locator("main button[data-mistaken]").locator("visible=true").tap()
    page.locator("main[data-is-today]").wait_for()
    stored(page)
    counter.visit.refresh_from_db()
    assert (counter.visit.status, counter.visit.started_at) == ("planned", None)


def test_what_is_counted_is_no_mistake(counter):
    page = counter()
    Thumb(page).tap(PLUS)
    page.locator(".rn-pairline summary").tap()
    expect(page.locator("main button[data-mistaken]")).to_be_hidden()
    go(page, f"#/visit/{counter.visit.pk}/end")
    expect(page.locator("section[data-mistake]")).to_be_hidden()


LIGHT = """(selector) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const digits = document.querySelector(selector);
  const below = (place) => getComputedStyle(place).backgroundColor;
  let ground = digits;
  while (below(ground) === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  const both = [getComputedStyle(digits).color, below(ground)].map(light);
  const [one, other] = both.sort((a, b) => a - b);
  return (other + 0.05) / (one + 0.05);
}"""


@pytest.mark.drawn
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_digits_are_read_in_the_sun(counter, scheme):
    page = counter(color_scheme=scheme)
    for name in ("own", "guided", "marks"):
        assert page.evaluate(LIGHT, f"main dd[data-{name}]") >= 7, name


@pytest.mark.drawn
@pytest.mark.parametrize("width", [360, 390])
def test_between_targets_is_room(counter, width):
    """Presses side by side or above each other stand 12 px apart."""
    page = counter(width=width)
    names = f"main button[data-tap], main [data-undo], main {PLUS}"
    shown = page.locator(names).locator("visible=true").all()
    boxes = [one.bounding_box() for one in shown]
    assert len(boxes) >= 5
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            across = max(one["x"], other["x"]) - min(
                one["x"] + one["width"], other["x"] + other["width"]
            )
            down = max(one["y"], other["y"]) - min(
                one["y"] + one["height"], other["y"] + other["height"]
            )
            assert max(across, down) >= 12
