"""Today in the app: what comes next, what waits, and who holds the phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.models import Encounter
from rinnalla.lib import clock
from rinnalla.phone.models import Dismissal
from rinnalla.phone.tests.app import PLUS, Thumb, again, go, stored, take_into_use
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import SafetyPass

pytestmark = pytest.mark.browser


def title_of(page):
    """The visit on the one big card."""
    return page.locator("h2[data-next-title]")


def rows(page, section):
    """The rows of a part of the day."""
    return page.locator(f"section[data-{section}] li")


def test_it_works(cast, open_app):
    site = testing.make_site(cast)
    card = {"safety_note": "Piha on liukas.", "why": "Moni tulee."}
    testing.make_card(site, **card)
    more = {"has_car": True, "arrive_before_minutes": 15}
    pair = [cast.aino, cast.kaisa]
    testing.make_visit(cast, site, day=clock.today(), workers=pair, **more)
    page = open_app()
    expect(title_of(page)).to_contain_text("Leipätupa")
    about = page.locator("[data-next-about]")
    expect(about).to_have_text("Parina Kaisa. Auto on varattu. Paikalla 15 min ennen.")
    expect(page.locator("[data-card]")).to_contain_text("Piha on liukas.")
    expect(page.locator("button[data-go]")).to_have_text("Aloita käynti")
    page.locator("a[data-site-link]").tap()
    expect(page.locator("main")).to_contain_text("Moni tulee.")


def test_an_empty_day_says_so(cast, open_app):
    page = open_app()
    expect(page.locator("main [data-empty]")).to_contain_text("Tänään ei ole sovittuja")
    expect(page.locator(".rn-dock")).to_contain_text("Katu +1")


def test_a_visit_under_way_comes_first_and_says_what_is_counted(cast, open_app, visit):
    site = testing.make_site(cast, name="Aamupaikka")
    testing.make_visit(cast, site, day=clock.today(), starts="08:00")
    testing.make_met(visit, 12)
    page = open_app()
    expect(title_of(page)).to_contain_text("Leipätupa")
    about = page.locator("[data-next-about]")
    expect(about).to_have_text("Kohdattu 12, ohjattu 0. Käynti on vielä auki.")
    expect(page.locator("button[data-go]")).to_have_text("Jatka")
    expect(rows(page, "later")).to_contain_text("Aamupaikka")


def test_a_row_starts_nothing_by_itself(cast, open_app):
    """Two visits at the same moment: one press opens the other, and no more."""
    other = testing.make_site(cast, name="Torin teltta")
    for site in (testing.make_site(cast), other):
        testing.make_visit(cast, site, day=clock.today(), solo_reason="familiar_place")
    page = open_app()
    rows(page, "later").locator("a").tap()
    start = page.locator("main button[data-go]")
    expect(start).to_have_text("Aloita käynti")
    assert page.evaluate("location.hash").endswith("/card")
    start.tap()
    page.locator(f"main {PLUS}").wait_for()
    stored(page)


def test_the_pairs_other_visits_stand_apart(cast, open_app):
    testing.make_visit(cast, day=clock.today(), workers=[cast.kaisa])
    page = open_app()
    expect(page.locator("section[data-card]")).to_be_hidden()
    expect(rows(page, "team")).to_contain_text("Leipätupa")


def test_another_team_is_not_seen(cast, open_app):
    testing.make_visit(cast, day=clock.today())
    page = open_app(phone=make_phone(cast.outi))
    expect(page.locator("main [data-empty]")).to_be_visible()
    expect(page.locator("section[data-team]")).to_be_hidden()


def test_open_meetings_wait(cast, open_app):
    old = testing.make_visit(cast, day=clock.today() - timedelta(days=1), status="done")
    testing.make_guided(old, 2)
    testing.make_guided(old, 1, topics=["debt"], methods=["guidance"])
    row = rows(open_app(), "waiting")
    expect(row).to_contain_text("täydennettävää kohtaamista")
    expect(row.locator(".rn-count")).to_have_text("2")


def test_what_is_past_correcting_does_not_wait(cast, open_app):
    long_ago = clock.today() - timedelta(days=30)
    old = testing.make_visit(cast, day=long_ago, status="done")
    testing.make_guided(old, 2)
    expect(open_app().locator("section[data-waiting]")).to_be_hidden()


def test_a_partner_has_no_street_button(cast, open_app):
    page = open_app(phone=make_phone(cast.reijo))
    expect(page.locator(".rn-dock")).to_be_hidden()


def test_a_phone_nobody_took_into_use_shows_one_thing(cast, open_page):
    page = open_page("/phone/")
    link = page.locator("main a.rn-go")
    expect(link).to_have_text("Ota puhelin käyttöön")
    assert link.get_attribute("href").startswith("/phone/devices/new")
    assert page.locator("main .rn-go").count() == 1


def test_a_second_tab_says_that_it_only_looks_on(cast, open_app):
    page = open_app()
    other = page.context.new_page()
    other.goto("/phone/")
    expect(other.locator("[data-notes]")).to_contain_text("toisessa välilehdessä")
    expect(other.locator(".rn-dock")).to_be_hidden()
    page.close()
    expect(other.locator(".rn-dock")).to_be_visible()


def test_a_notice_is_put_away_by_one_press(cast, visit, open_app):
    lost = {"highest": 9, "received": [[1, 6]], "lost": [[7, 9]]}
    page = open_app(phone=make_phone(cast.aino, **lost))
    notice = page.locator(".rn-notice")
    expect(notice).to_contain_text("Tietoja on voinut kadota")
    with page.expect_response("**/phone/notices/seen") as told:
        notice.get_by_role("button", name="Luettu").tap()
    assert told.value.status == 204
    expect(notice).to_have_count(0)
    assert Dismissal.objects.count() == 1


def test_without_a_network_a_notice_stays(cast, visit, open_app):
    lost = {"highest": 9, "received": [[1, 6]], "lost": [[7, 9]]}
    page = open_app(phone=make_phone(cast.aino, **lost))
    page.locator(".rn-notice").wait_for()
    page.context.set_offline(True)
    page.locator(".rn-notice button").tap()
    page.wait_for_function("!navigator.onLine")
    expect(page.locator(".rn-notice")).to_be_visible()
    assert not Dismissal.objects.exists()


def test_without_a_network_the_desk_is_not_opened(cast, open_app):
    page = open_app()
    page.context.set_offline(True)
    page.locator(".rn-menu summary").tap()
    page.locator("[data-desk] a").first.tap()
    expect(page.locator("[data-desk-waits]")).to_be_visible()
    assert page.evaluate("location.pathname") == "/phone/"


def test_times_are_cut_and_said_in_the_readers_language(cast, open_app):
    times = {"status": "under_way", "started_at": clock.at(clock.today(), 0, 37)}
    testing.make_visit(cast, day=clock.today(), **times)
    page = open_app(language="en")
    told = page.locator("[data-eyebrow]")
    expect(told).to_contain_text(re.compile(r"\d:35"))
    stored_at = page.locator("[data-state-text]").first
    expect(stored_at).to_contain_text(re.compile(r"at \d+:\d\d$"))


def test_on_a_phone_of_ones_own_nobody_is_chosen(cast, visit, open_app):
    page = open_app()
    go(page, "#/who")
    page.wait_for_function("location.hash === '#/'")
    expect(title_of(page)).to_contain_text("Leipätupa")


# --- out of touch ---


def late(page, hours):
    """The phone's last contact was so many hours ago."""
    page.evaluate(
        """async hours => {
          const { openStore } = await import("/static/phone/app/store.js");
          const store = await openStore();
          await store.set("lastContact", Math.round(Date.now() / 1000) - hours * 3600);
        }""",
        hours,
    )


def test_after_the_limit_names_go_and_counting_goes_on(cast, open_app, visit):
    page = open_app()
    page.route(re.compile("/phone/(sync|reference)$"), lambda route: route.abort())
    again(page)  # what was asked before is not answered any more
    late(page, 73)
    page.reload()
    notes = page.locator("[data-notes]")
    expect(notes).to_contain_text("Yhteyttä ei ole ollut 72 tuntiin")
    expect(title_of(page)).to_have_text("Käynti klo 10–12, ilman tietoja")
    assert "Leipätupa" not in page.locator("main").inner_text()
    page.locator("button[data-go]").tap()
    Thumb(page).tap(PLUS)
    expect(page.locator("dd[data-own]")).to_have_text("1")
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    stored(page)


def test_the_place_in_60_seconds_is_a_press_away_with_a_network(cast, visit, open_app):
    page = open_app()
    link = page.locator("a[data-sixty]")
    expect(link).to_have_attribute("href", f"/encounters/places/{visit.site_id}")
    go(page, f"#/visit/{visit.pk}/card")
    page.context.set_offline(True)
    go(page, "#/")
    expect(title_of(page)).to_contain_text("Leipätupa")
    expect(link).to_be_hidden()


# --- a shared phone ---


@pytest.fixture
def shared(cast, open_page):
    """The team's phone, open where it asks who holds it."""
    page = open_page("/health")
    take_into_use(page, make_phone(team=cast.team))
    page.goto("/phone/#/")
    return page


def test_on_a_shared_phone_one_says_who_one_is(cast, visit, shared):
    page = shared
    page.get_by_role("button", name="Aino Aalto").tap()
    expect(page.locator("b[data-worker]")).to_have_text("Aino Aalto")
    expect(title_of(page)).to_contain_text("Leipätupa")
    page.locator("p[data-shared] a").tap()
    page.get_by_role("button", name="Kaisa Koski").tap()
    expect(page.locator("b[data-worker]")).to_have_text("Kaisa Koski")


def test_what_a_shared_phone_records_is_the_choosers(cast, visit, shared):
    page = shared
    page.get_by_role("button", name="Aino Aalto").tap()
    page.locator("button[data-go]").tap()
    Thumb(page).tap('[data-tap="guided"]')
    stored(page)
    assert Encounter.objects.count() == 1


def test_who_takes_the_phone_ends_the_way_home_of_the_one_before(cast, visit, shared):
    page = shared
    page.get_by_role("button", name="Aino Aalto").tap()
    page.locator("[data-way]").tap()
    page.wait_for_url("**/planning/safety/")
    assert SafetyPass.objects.get().worker == cast.aino
    page.goto("/phone/#/who")
    with page.expect_response("**/phone/safety"):
        page.get_by_role("button", name="Kaisa Koski").tap()
    assert not SafetyPass.objects.exists()
    page.goto("/planning/safety/")
    page.wait_for_url("**/account/login/**")


def test_without_a_network_it_ends_when_there_is_one(cast, visit, shared):
    page = shared
    page.get_by_role("button", name="Aino Aalto").tap()
    page.locator("[data-way]").tap()
    page.wait_for_url("**/planning/safety/")
    page.goto("/phone/#/who")
    page.get_by_role("button", name="Kaisa Koski").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="Kaisa Koski").tap()
    expect(page.locator("b[data-worker]")).to_have_text("Kaisa Koski")
    assert SafetyPass.objects.exists()
    with page.expect_response("**/phone/safety"):
        page.context.set_offline(False)
    assert not SafetyPass.objects.exists()


def test_yesterdays_choice_is_asked_anew(cast, visit, shared):
    page = shared
    page.get_by_role("button", name="Aino Aalto").tap()
    page.locator("b[data-worker]").wait_for()
    page.evaluate(
        """async () => {
          const { openStore } = await import("/static/phone/app/store.js");
          const store = await openStore();
          const holder = await store.get("holder");
          await store.set("holder", { ...holder, day: "2026-01-01" });
        }"""
    )
    page.reload()
    expect(page.get_by_role("heading", name="Kuka olet?")).to_be_visible()


def test_leaders_are_not_among_those_to_choose(cast, visit, shared):
    page = shared
    page.get_by_role("button", name="Aino Aalto").wait_for()
    names = page.locator("[data-workers] button").all_inner_texts()
    assert names == ["Aino Aalto", "Kaisa Koski"]
