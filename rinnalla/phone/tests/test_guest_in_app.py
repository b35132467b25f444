"""A guest's link in the app: one visit's counter, a store of its own, nothing else."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.models import Count, Encounter
from rinnalla.encounters.totals import totals_of
from rinnalla.phone.tests.app import GUIDED, PLUS, Thumb, go, ready, shows, stored
from rinnalla.planning import actions as planning

pytestmark = pytest.mark.browser


@pytest.fixture
def link(cast, visit):
    cache.clear()
    link, link.token = planning.make_guest_link(cast.aino, visit, nonce="x")
    return link


@pytest.fixture
def guest(link, open_page):
    """Open the link on a guest's phone."""

    def open_it(**options):
        page = open_page(f"/phone/#guest={link.token}", **options)
        ready(page)
        return page

    return open_it


def test_it_works(guest, visit):
    page = guest()
    thumb = Thumb(page)
    thumb.tap(PLUS)
    thumb.tap(GUIDED)
    shows(page, 2)
    stored(page)
    totals = totals_of(visit)
    assert (totals.met, totals.guided) == (2, 1)
    assert Encounter.objects.count() == 1


def test_the_counter_alone(guest, visit):
    """No notes, no chips, no end, no other screen, and nothing of the team."""
    testing.make_guided(visit, 1, topics=["debt"], methods=["guidance"])
    page = guest()
    for name in ('[data-tap="mark"]', "a[data-end]", "[data-same-queue]"):
        assert page.locator(f"main {name}").locator("visible=true").count() == 0
    Thumb(page).tap(GUIDED)
    assert page.locator(".rn-sheet").count() == 0
    assert "Aino" not in page.locator("body").inner_text()
    go(page, "#/")
    expect(page.locator(f"main {PLUS}")).to_be_visible()


def test_two_guests_add_up(guest, visit):
    first, second = guest(), guest()
    Thumb(first).tap(PLUS)
    Thumb(second).tap(PLUS)
    stored(first)
    stored(second)
    assert totals_of(visit).met == 2
    shows(first, 1)


def test_it_counts_without_a_network(guest, visit):
    page = guest()
    page.context.set_offline(True)
    Thumb(page).tap(PLUS)
    shows(page, 1)
    assert not Count.objects.exists()
    page.context.set_offline(False)
    stored(page)
    assert totals_of(visit).met == 1


def test_the_phones_own_app_knows_nothing_of_it(guest):
    page = guest()
    Thumb(page).tap(PLUS)
    page.goto("/health")
    page.goto("/phone/")
    expect(page.locator("main a.rn-go")).to_have_text("Ota puhelin käyttöön")


def test_a_closed_link_says_so_kindly(guest, link):
    page = guest()
    Thumb(page).tap(PLUS)
    stored(page)
    link.is_revoked = True
    link.save()
    Thumb(page).tap(PLUS)
    heading = page.get_by_role("heading", name="Tämä linkki on suljettu")
    expect(heading).to_be_visible(timeout=15000)
    page.reload()
    expect(heading).to_be_visible(timeout=15000)


KEPT = """async (secret) => {
  const { openStore } = await import("/static/phone/app/store.js");
  const store = await openStore(`guest-${secret.slice(0, 16)}`);
  const names = ["meta", "outbox", "visits"];
  return JSON.stringify(await store.read(names, (tx) => Promise.all(
    names.map((name) => tx.objectStore(name).getAll()),
  )));
}"""


def test_a_closed_link_leaves_nothing_to_read(guest, link, visit):
    """A guest's phone is nobody's here: where and what goes when the link goes."""
    page = guest()
    Thumb(page).tap(PLUS)
    stored(page)
    assert visit.site.name in page.evaluate(KEPT, link.token)
    link.is_revoked = True
    link.save()
    Thumb(page).tap(PLUS)
    heading = page.get_by_role("heading", name="Tämä linkki on suljettu")
    expect(heading).to_be_visible(timeout=15000)
    kept = page.evaluate(KEPT, link.token)
    assert visit.site.name not in kept and '"kind"' not in kept
    assert str(visit.pk) not in kept


def test_a_wrong_link_is_a_closed_one(db, open_page):
    page = open_page("/phone/#guest=nonsense")
    heading = page.get_by_role("heading", name="Tämä linkki on suljettu")
    expect(heading).to_be_visible(timeout=15000)
