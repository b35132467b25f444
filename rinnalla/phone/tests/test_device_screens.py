"""Is the phone in order? Taking it into use, what it promises, emptying it."""

import re
import uuid
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.models import Count
from rinnalla.lib import clock
from rinnalla.phone import actions, installing
from rinnalla.phone.models import Device, EnrolCode
from rinnalla.phone.tests.app import PLUS, Thumb
from rinnalla.shell.tests.test_axe import faults

pytestmark = pytest.mark.browser

KEPT = "navigator.storage.persisted = navigator.storage.persist = async () => true;"
# As Safari often answers: it exists, and says no.
NOT_KEPT = KEPT.replace("true", "false")
PRIVATE = """navigator.storage.getDirectory = () => Promise.reject(
  new DOMException("not allowed", "SecurityError"));"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
IN_USE = re.compile("ilman verkkoa|utan nät|without a network")
MINUTE = 60_000  # of a running clock, in ms
HOUR = 3600  # of a set clock, in seconds
# Until the worker answers for this page.
TAKEN_OVER = """async () => {
  const soon = () => new Promise((go) => setTimeout(go, 50));
  while (!navigator.serviceWorker.controller) await soon();
}"""
# What the phone keeps of the outbox: whether each row is still readable.
ROWS = """() => new Promise((tell) => {
  const asked = indexedDB.open("rinnalla");
  asked.onsuccess = () => {
    const tx = asked.result.transaction(["outbox", "visits", "meta"]);
    const rows = tx.objectStore("outbox").getAll();
    const visits = tx.objectStore("visits").count();
    const keys = tx.objectStore("meta").getAllKeys();
    tx.oncomplete = () => {
      asked.result.close();
      tell({ plain: rows.result.filter(({ fact }) => fact).length,
        sealed: rows.result.filter(({ sealed }) => sealed).length,
        visits: visits.result, keys: keys.result });
    };
  };
})"""
LOG = """() => new Promise((tell) => {
  const asked = indexedDB.open("rinnalla");
  asked.onsuccess = () => {
    const got = asked.result.transaction("log").objectStore("log").getAll();
    got.onsuccess = () => { asked.result.close(); tell(got.result); };
  };
})"""
TOKEN = """() => new Promise((tell) => {
  const asked = indexedDB.open("rinnalla");
  asked.onsuccess = () => {
    const got = asked.result.transaction("meta").objectStore("meta").get("token");
    got.onsuccess = () => { asked.result.close(); tell(got.result ?? null); };
  };
})"""


@pytest.fixture
def drawn_anew():
    """Let the next test draw its own app."""
    yield
    installing.kept_shell.cache_clear()


@pytest.fixture
def code(cast):
    """A code that takes a phone of Aino's into use."""
    name = "Ainon puhelin"
    worker = cast.aino
    return actions.make_code(worker, nonce=uuid.uuid4(), name=name, worker=worker)[1]


@pytest.fixture
def phone_of(cast, code, open_page):
    """Aino's phone, taken into use by the link; `also` runs before every page."""

    def open_it(also="", **options):
        page = open_page("/health", **options)
        page.context.add_init_script(also or KEPT)
        page.goto(f"/phone/#enrol={code}")
        expect(page.locator("main [data-notes]")).to_contain_text(
            IN_USE, timeout=20_000
        )
        return page

    return open_it


def today_of(page):
    """From whichever screen to the day, with the app able to open offline."""
    page.goto("/phone/#/")
    page.evaluate(TAKEN_OVER)
    expect(page.locator("header h1")).to_be_visible()
    return page


def device_of(page):
    page.goto("/phone/#/device")
    expect(page.locator("main [data-head]")).not_to_be_empty()
    return page


def start_visit(page):
    """Begin the first visit of the day; its counter is open."""
    page.get_by_role("button", name="Aloita käynti").tap()
    page.wait_for_selector(PLUS)


def tap(page, times):
    thumb = Thumb(page)
    for _number in range(times):
        thumb.tap(PLUS)


def own(page):
    return page.locator("dd[data-own]").first.inner_text()


@pytest.fixture
def planned(cast):
    """Today's visit of Aino and Kaisa to the food queue."""
    return testing.make_visit(
        cast, day=clock.today(), workers=[cast.aino, cast.kaisa], solo_reason="urgent"
    )


def test_it_works(phone_of, planned):
    """Cold start without a network: start, count, reload in the visit, send later."""
    page = today_of(phone_of())
    page.context.set_offline(True)
    page.close()
    page = page.context.new_page()
    page.goto("/phone/")
    expect(page.locator("main [data-card]")).to_contain_text("Leipätupa")
    start_visit(page)
    tap(page, 3)
    page.reload()
    expect(page.locator("dd[data-own]").first).to_have_text("3")
    assert not Count.objects.exists()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("header [data-state-text]").first).to_contain_text(
        "Tallessa", timeout=15_000
    )
    assert sum(row.number for row in Count.objects.all()) == 3


def test_taken_into_use(phone_of):
    page = phone_of()
    expect(page.locator("main [data-notes]")).to_contain_text("Ainon puhelin")
    assert page.url.endswith("/phone/#/")
    assert Device.objects.get().name == "Ainon puhelin"


@pytest.mark.proof
def test_a_code_written_by_hand(code, open_page):
    page = open_page("/phone/#/enrol=")
    spaced = " ".join(code[at : at + 4] for at in (0, 4, 8)).lower()
    page.get_by_label("Koodi").fill(spaced)
    page.get_by_role("button", name="Ota käyttöön").tap()
    expect(page.locator("main [data-notes]")).to_contain_text(IN_USE, timeout=20_000)


def test_a_wrong_code_is_said_at_the_field(cast, open_page):
    page = open_page("/phone/#/enrol=")
    page.get_by_role("button", name="Ota käyttöön").tap()
    expect(page.get_by_role("alert")).to_have_text("Kirjoita koodi tähän.")
    page.get_by_label("Koodi").fill("AAAA BBBB CCCC")
    page.get_by_role("button", name="Ota käyttöön").tap()
    expect(page.get_by_role("alert")).to_contain_text("Koodi on väärä")
    assert page.get_by_label("Koodi").input_value() == "AAAA BBBB CCCC"
    assert not Device.objects.exists()


@pytest.mark.proof
def test_without_a_network_the_code_is_kept(code, open_page):
    page = open_page("/phone/#/enrol=")
    page.get_by_label("Koodi").fill(code)
    page.context.set_offline(True)
    page.get_by_role("button", name="Ota käyttöön").tap()
    expect(page.get_by_role("alert")).to_contain_text("tarvitsee yhteyden")
    page.context.set_offline(False)
    page.get_by_role("button", name="Ota käyttöön").tap()
    expect(page.locator("main [data-notes]")).to_contain_text(IN_USE, timeout=20_000)


def test_a_private_window_is_refused(code, open_page):
    page = open_page("/health")
    page.context.add_init_script(PRIVATE)
    page.goto(f"/phone/#enrol={code}")
    expect(page.locator("main [data-private]")).to_contain_text("yksityinen ikkuna")
    assert page.locator("form[data-enrol]").is_hidden()
    assert EnrolCode.objects.open().count() == 1


def test_an_iphone_is_led_to_the_home_screen_first(code, open_page):
    """Its home screen keeps apart from its browser: the code must not be spent here."""
    page = open_page("/health", user_agent=IPHONE)
    page.context.add_init_script(NOT_KEPT)
    page.goto(f"/phone/#enrol={code}")
    expect(page.locator("main [data-ios]")).to_contain_text("Koti-valikkoon")
    assert page.get_by_label("Koodi").input_value() == code
    assert EnrolCode.objects.open().count() == 1
    page.get_by_role("button", name="Ota käyttöön").tap()
    expect(page.locator("main [data-notes]")).to_contain_text(IN_USE, timeout=20_000)


@pytest.mark.drawn
def test_what_the_phone_says_of_itself(phone_of):
    page = device_of(phone_of())
    rows = page.locator(".rn-states-list")
    expect(page.locator("main [data-head]")).to_have_text("Puhelin on kunnossa.")
    expect(rows).to_contain_text("Puhelin on luvannut säilyttää kirjaukset.")
    expect(rows).to_contain_text(re.compile(r"Tänään klo \d+\.\d\d"))
    expect(rows).to_contain_text("Avattu selaimessa.")
    expect(rows).to_contain_text("vielä 7")
    expect(rows).to_contain_text(re.compile("avaimella [0-9a-f]{4} "))
    expect(rows).to_contain_text("Ainon puhelin")
    expect(rows).to_contain_text(re.compile(r"Vapaana [\d,]+ [GM]t"))
    expect(rows).to_contain_text("Kyllä. Sovellus aukeaa ilman verkkoa.")


def test_where_nothing_is_promised_it_asks_to_send(phone_of, planned):
    """Safari refuses to keep: a note on the day, every 15 minutes a prompt to send."""
    page = today_of(phone_of(NOT_KEPT))
    expect(page.locator("main [data-notes]")).to_contain_text("mikään ei odota")
    page.clock.install()
    page.reload()
    expect(page.locator("main [data-notes]")).to_contain_text("ei lupaa säilyttää")
    page.clock.run_for(16 * MINUTE)
    assert page.locator(".rn-keep").count() == 0  # nothing waits
    start_visit(page)
    page.context.set_offline(True)
    tap(page, 2)
    page.goto("/phone/#/")
    expect(page.locator("main [data-notes]")).to_contain_text("ennen kuin suljet")
    page.clock.run_for(16 * MINUTE)
    prompt = page.locator(".rn-keep")
    expect(prompt).to_contain_text("joita palvelimella ei ole")
    assert list(faults(page)) == []
    page.context.set_offline(False)
    prompt.get_by_role("button", name="Lähetä nyt").tap()
    expect(prompt).to_have_count(0)
    device_of(page)
    expect(page.locator("main [data-head]")).to_have_text("Yksi asia odottaa sinua.")


@pytest.mark.proof
def test_where_it_is_promised_nothing_is_asked(phone_of):
    page = today_of(phone_of())
    page.reload()
    expect(page.locator("main [data-empty]")).to_be_visible()
    assert page.locator("main [data-notes] .rn-note").count() == 0


def test_after_the_hours_names_are_hidden_and_counting_goes_on(phone_of, cast):
    """72 hours without contact, by the phone's clock; with contact all is back."""
    day = clock.today() + timedelta(days=3)
    visit = testing.make_visit(cast, day=day, solo_reason="urgent")
    page = today_of(phone_of())
    page.context.set_offline(True)
    now = clock.now().timestamp()
    page.clock.install(time=now + 71.9 * HOUR)
    page.goto("/phone/")
    page.reload()
    expect(page.locator("main [data-card]")).to_contain_text("Leipätupa")
    page.clock.set_system_time(now + 73 * HOUR)
    page.reload()
    expect(page.locator("main [data-notes]")).to_contain_text("tiedot on piilotettu")
    assert "Leipätupa" not in page.locator("body").inner_text()
    device_of(page)
    expect(page.locator("main [data-hours]")).to_contain_text("Laskeminen jatkuu.")
    page.goto("/phone/#/")
    start_visit(page)
    page.locator(PLUS).tap()
    expect(page.locator("dd[data-own]").first).to_have_text("1")
    page.context.set_offline(False)
    page.goto("/phone/#/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("main [data-card]")).to_contain_text("Leipätupa")
    visit.refresh_from_db()
    assert visit.status == "under_way"


def test_emptying_the_phone_keeps_what_was_not_sent(phone_of, planned):
    page = today_of(phone_of())
    start_visit(page)
    page.context.set_offline(True)
    tap(page, 3)
    device_of(page)
    page.get_by_text("Poista tiedot tästä puhelimesta").tap()
    expect(page.locator("main [data-wipe-says]")).to_contain_text("sinetöidään ja jää")
    page.get_by_role("button", name="Poista tiedot").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tiedot on poistettu")
    expect(page.locator("main")).to_contain_text("sinetöityä kirjausta odottaa")
    held = page.evaluate(ROWS)
    assert held["plain"] == 0 and held["sealed"] >= 3 and held["visits"] == 0
    assert "reference" not in held["keys"]
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("main")).to_contain_text("Mikään ei odota", timeout=15_000)
    assert sum(row.number for row in Count.objects.all()) == 3
    assert page.evaluate(TOKEN) is None
    # Who the phone was goes last, and is written down: its number and its token.
    settings = [told for told in page.evaluate(LOG) if told["what"] == "settings"]
    assert settings[-1]["count"] == 2
    page.goto("/phone/#/")
    expect(page.get_by_role("link", name="Ota puhelin käyttöön")).to_be_visible()


@pytest.mark.proof
def test_what_was_removed_is_written_down(phone_of):
    page = device_of(phone_of())
    page.get_by_text("Mitä tästä puhelimesta on poistettu").tap()
    expect(page.locator("main [data-log]")).to_have_text(
        "Tästä puhelimesta ei ole poistettu mitään."
    )
    page.get_by_text("Poista tiedot tästä puhelimesta").tap()
    page.get_by_role("button", name="Poista tiedot").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tiedot on poistettu")
    page.reload()
    page.get_by_text("Mitä tästä puhelimesta on poistettu").tap()
    expect(page.locator("main [data-log]")).to_contain_text(
        "asetusta, kuten tässä pyydettiin"
    )


@pytest.mark.proof
def test_another_language_on_the_phone(phone_of):
    page = today_of(phone_of())
    device_of(page)
    page.get_by_role("button", name="Svenska").tap()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.locator("h1")).to_have_text("Är telefonen i skick?")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("Är telefonen i skick?")
    page.get_by_role("button", name="English").tap()
    expect(page.locator("main [data-language-text]")).to_contain_text("förbindelse")


def test_the_app_is_updated_when_the_visit_has_ended(
    phone_of, planned, settings, drawn_anew
):
    page = today_of(phone_of())
    before = page.locator("#app").get_attribute("data-version")
    start_visit(page)
    tap(page, 2)
    settings.VERSION = "next"
    installing.kept_shell.cache_clear()
    device_of(page)
    page.get_by_role("button", name="Päivitä").tap()
    expect(page.locator("main [data-newer]")).to_contain_text("kun käynti on lopetettu")
    page.goto(f"/phone/#/visit/{planned.pk}")
    page.reload()
    page.wait_for_selector(PLUS)
    assert page.locator("#app").get_attribute("data-version") == before
    assert own(page) == "2"
    page.goto(f"/phone/#/visit/{planned.pk}/end")
    page.get_by_role("button", name="Lopeta käynti").tap()
    page.wait_for_url(re.compile("wrap-up"))
    device_of(page)
    page.get_by_role("button", name="Päivitä").tap()
    expect(page.locator("#app")).not_to_have_attribute("data-version", before)
    version = page.locator("main [data-version]")
    expect(version).to_contain_text("otettu käyttöön")


@pytest.mark.drawn
@pytest.mark.proof
def test_targets_are_for_thumbs(phone_of):
    page = device_of(phone_of())
    for place in page.locator("main button, main summary, main label, header a").all():
        if place.is_visible():
            assert place.bounding_box()["height"] >= 64, place.inner_text()


def looked_at(page, code):
    """What axe finds on the screens of this file, one after another."""
    yield from faults(device_of(page))
    for details in page.locator("details").all():
        details.locator("summary").click()
    yield from faults(page)
    page.get_by_role("button", name=re.compile("Poista tiedot|Ta bort|Remove")).click()
    page.wait_for_selector("main [data-wiped]")
    yield from faults(page)
    page.goto("/phone/#/enrol=")
    yield from faults(page)


@pytest.mark.drawn
def test_axe_finds_nothing(phone_of, code):
    assert list(looked_at(phone_of(NOT_KEPT), code)) == []


@pytest.mark.drawn
@pytest.mark.proof
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing_in_any_light(phone_of, code, language, scheme, width):
    options = {"language": language, "width": width, "color_scheme": scheme}
    page = phone_of(NOT_KEPT, **options)
    assert list(looked_at(page, code)) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_every_reason_of_a_deletion_has_its_words(client):
    """What outbox.js and store.js write down is said in the page's language."""
    scripts = "".join(
        installing._read(f"/static/phone/app/{name}.js").decode()
        for name in ("outbox", "store", "device")
    )
    calls = r'(?:drop\(|note\(tx, |wipe\()"([^"]+)"(?:,\s*"([^"]+)")?'
    told = {word for pair in re.findall(calls, scripts) for word in pair if word}
    told |= {"visits", "copies", "settings"}
    page = client.get("/phone/").content.decode()
    known = set(re.findall(r"<dt>([^<]+)</dt><dd>", page))
    assert len(told) > 8 and told <= known
