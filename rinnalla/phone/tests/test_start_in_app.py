"""Starting in the app: one press; alone asks why; the street; by mistake; the end."""

import re

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.models import Encounter
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.tests.app import PLUS, Thumb, go, stored
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import Site, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def planned(cast):
    """A visit of today for a pair."""
    return testing.make_visit(cast, day=clock.today(), workers=[cast.aino, cast.kaisa])


def test_it_works(planned, open_app):
    page = open_app()
    page.locator("button[data-go]").tap()
    page.locator(f"main {PLUS}").wait_for()
    stored(page)
    planned.refresh_from_db()
    assert planned.is_open and planned.started_at.minute % 5 == 0


def test_alone_asks_the_reason_in_one_step(cast, open_app):
    visit = testing.make_visit(cast, day=clock.today())
    page = open_app()
    page.locator("button[data-go]").tap()
    expect(page.locator("main")).to_contain_text("Menet yksin. Mikä on syy?")
    assert page.locator("p[data-why]").inner_text()
    page.locator("[data-reasons] button[data-id=pair_ill]").tap()
    page.locator(f"main {PLUS}").wait_for()
    stored(page)
    visit.refresh_from_db()
    assert (visit.solo_reason, visit.is_open) == ("pair_ill", True)


def test_one_may_not_start_yet(cast, open_app):
    testing.make_visit(cast, day=clock.today())
    page = open_app()
    page.locator("button[data-go]").tap()
    page.get_by_role("link", name="En aloita vielä").tap()
    expect(page.locator("button[data-go]")).to_have_text("Aloita käynti")
    assert Visit.objects.get().status == "planned"


def test_it_starts_without_a_network(planned, open_app):
    page = open_app()
    page.context.set_offline(True)
    page.locator("button[data-go]").tap()
    Thumb(page).tap(PLUS)
    expect(page.locator("dd[data-own]")).to_have_text("1")
    page.context.set_offline(False)
    stored(page)
    planned.refresh_from_db()
    assert planned.is_open and totals_of(planned).met == 1


def test_started_by_mistake_is_put_back(planned, open_app):
    page = open_app()
    page.locator("button[data-go]").tap()
    page.locator("a[data-end]").locator("visible=true").tap()
    page.locator("section[data-mistake] button").tap()
    expect(page.locator("button[data-go]")).to_have_text("Aloita käynti")
    stored(page)
    planned.refresh_from_db()
    assert planned.status == "planned" and planned.started_at is None


def test_ending_asks_once_more(visit, open_app):
    testing.make_met(visit, 7)
    page = open_app(f"#/visit/{visit.pk}")
    page.locator("a[data-end]").locator("visible=true").tap()
    told = page.locator("p[data-counted]")
    expect(told).to_have_text(
        "Kohdattu 7, ohjattu 0. Voit korjata lukuja vielä huomenna."
    )
    page.get_by_role("link", name="Jatka").tap()
    page.locator(f"main {PLUS}").wait_for()
    page.locator("a[data-end]").locator("visible=true").tap()
    page.get_by_role("button", name="Lopeta käynti").tap()
    page.get_by_role("button", name="Valmis, lähetä").wait_for()
    go(page, "#/")
    stored(page)
    visit.refresh_from_db()
    assert visit.status == "done"


# --- the street: one press, a visit and a guided person ---


@pytest.fixture
def street(cast):
    """A street where Aino was last."""
    site = testing.make_site(cast, name="Keskusta", kind="street", required_staffing=1)
    testing.make_visit(cast, site, status="done", day=clock.today())
    return site


def test_the_street_begins_where_one_was_last(street, open_app):
    page = open_app()
    button = page.locator("button[data-street]")
    expect(button).to_contain_text("yksi ohjattu, Keskusta")
    button.tap()
    expect(page.locator("[data-sheet-title]")).to_contain_text("Ohjattu 1, klo")
    stored(page)
    meeting = Encounter.objects.get()
    assert (meeting.visit.site, meeting.visit.is_open) == (street, True)


def test_the_next_person_stands_on_the_same_visit(street, open_app):
    page = open_app()
    for number in ("1", "2"):
        page.locator("button[data-street]").tap()
        title = page.locator("[data-sheet-title]")
        expect(title).to_contain_text(f"Ohjattu {number}, klo")
        go(page, "#/")
    stored(page)
    assert Visit.objects.filter(status="under_way").count() == 1
    assert Encounter.objects.count() == 2


def test_the_street_pressed_twice_is_one(street, open_app):
    page = open_app()
    page.evaluate(
        "const street = document.querySelector('.rn-dock [data-street]');"
        "street.click(); street.click();"
    )
    page.locator("[data-sheet-title]").wait_for()
    stored(page)
    assert Encounter.objects.count() == 1


def test_without_a_last_place_one_is_asked(cast, open_app):
    testing.make_site(cast)
    page = open_app()
    page.locator("button[data-street]").tap()
    expect(page.get_by_role("heading", name="Missä olet?")).to_be_visible()


def test_a_new_place_by_name(cast, open_app):
    page = open_app("#/place")
    page.locator("#place-name").fill("Tori")
    page.locator("form button.rn-plus").tap()
    expect(page.locator("[data-sheet-title]")).to_contain_text("Ohjattu 1, klo")
    expect(page.locator("main h1").first).to_contain_text("Tori")
    stored(page)
    site = Site.objects.get(name="Tori")
    assert site.is_ad_hoc and Encounter.objects.get().visit.site == site


def test_a_known_place_by_one_press(street, open_app):
    page = open_app("#/place")
    page.locator("[data-places] [data-one]").tap()
    page.locator("[data-sheet-title]").wait_for()
    stored(page)
    assert Visit.objects.filter(site=street, status="under_way").count() == 1


@pytest.mark.parametrize("place", ["known", "new"])
def test_a_visit_begins_with_nobody_guided_yet(street, open_app, place):
    page = open_app("#/place")
    if place == "known":
        page.locator("[data-places] [data-bare]").tap()
    else:
        page.locator("#place-name").fill("Tori")
        page.locator("form [data-bare]").tap()
    page.locator("main [data-tap=met]").wait_for()
    stored(page)
    visit = Visit.objects.get(status="under_way")
    assert visit.site.name == {"known": "Keskusta", "new": "Tori"}[place]
    assert not Encounter.objects.exists()


def test_a_persons_number_is_not_a_place(cast, open_app):
    page = open_app("#/place")
    page.locator("#place-name").fill("Soita 040 123 4567")
    page.locator("form button.rn-plus").tap()
    expect(page.locator("form [data-errors]")).to_contain_text("puhelinnumero")
    expect(page.locator("#place-name")).to_have_value("Soita 040 123 4567")
    assert not Visit.objects.exists()


def test_a_name_is_asked_about_once(cast, open_app):
    page = open_app("#/place")
    page.locator("#place-name").fill("Matti Virtasen aukio")
    page.locator("form button.rn-plus").tap()
    expect(page.locator("form [data-errors] .rn-note")).to_be_visible()
    page.locator("label[data-confirm]").tap()
    page.locator("form button.rn-plus").tap()
    page.locator("[data-sheet-title]").wait_for()
    stored(page)
    assert Site.objects.get().name == "Matti Virtasen aukio"


def test_an_empty_name_is_said_at_the_field(cast, open_app):
    page = open_app("#/place")
    page.locator("form button.rn-plus").tap()
    expect(page.locator("form [data-errors]")).to_contain_text("Kirjoita paikka")
    expect(page.locator("#place-name")).to_be_focused()


def test_a_partner_without_a_team_is_told(cast, open_app):
    page = open_app("#/place", phone=make_phone(cast.reijo))
    expect(page.locator("main")).to_contain_text(re.compile("Pyydä heitä"))
    expect(page.locator("form")).to_be_hidden()
