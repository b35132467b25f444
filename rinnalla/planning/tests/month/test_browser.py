"""The month in a real browser: dragged, carried by keyboard, planned from nothing."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.planning.models import Rhythm, Visit
from rinnalla.planning.month.span import month_of
from rinnalla.planning.tests.month.making import make_rhythm

DESK = 1280


@pytest.fixture
def month(db):
    """Next month: all of it is still to come."""
    return month_of(clock.today()).next


@pytest.fixture
def visit(cast, month):
    """On the first Tuesday from the 8th on: a day one may leave for the next."""
    return testing.make_visit(cast, day=tuesday(month))


def tuesday(month):
    day = month.first + timedelta(days=7)
    while day.weekday() != 1:
        day += timedelta(days=1)
    return day


def cell(page, day):
    return page.locator(f"[data-day='{day.isoformat()}']")


def drag(page, item, target):
    item.hover()
    page.mouse.down()
    target.hover(position={"x": 40, "y": 90})
    target.hover(position={"x": 42, "y": 92})
    page.mouse.up()


@pytest.mark.browser
def test_a_visit_is_dragged_to_another_day(cast, open_page, month, visit):
    page = open_page(month.url, cast.aino, width=DESK)
    target = visit.day + timedelta(days=1)
    drag(page, page.locator("[data-visit]"), cell(page, target))
    expect(cell(page, target).locator("[data-visit]")).to_be_visible()
    visit.refresh_from_db()
    assert (visit.day, visit.starts, visit.ends) == (target, time(10), time(12))


@pytest.mark.browser
def test_a_promised_day_asks_why_before_it_moves(cast, open_page, month):
    rhythm = make_rhythm(cast, "TU", people=[cast.aino])
    day = tuesday(month)
    visit = testing.make_visit(cast, rhythm.site, day=day, rhythm=rhythm, slot=day)
    page = open_page(month.url, cast.aino, width=DESK)
    target = day + timedelta(days=1)
    drag(page, page.locator("[data-visit]"), cell(page, target))
    menu = page.locator("dialog[open]")
    expect(menu.locator("[name=day]")).to_have_value(target.isoformat())
    menu.locator("[data-move] label:has-text('Sää')").click()
    menu.locator("[data-move] button").click()
    expect(cell(page, target).locator("[data-visit]")).to_be_visible()
    visit.refresh_from_db()
    assert (visit.day, visit.slot, visit.move_reason) == (target, day, "weather")


@pytest.mark.browser
def test_a_press_opens_the_menu_and_escape_closes_it(cast, open_page, month, visit):
    page = open_page(month.url, cast.aino, width=DESK)
    page.locator("[data-visit]").click()
    expect(page.locator("dialog[open] h1")).to_have_text("Leipätupa")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("[data-visit]").click()
    page.locator("dialog[open] form[method=dialog] button").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.url.endswith(month.url)


@pytest.mark.browser
def test_a_visit_is_carried_with_the_keyboard(cast, open_page, month, visit):
    page = open_page(month.url, cast.aino, width=DESK)
    page.locator("[data-visit]").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-said]")).to_contain_text("Otettu mukaan")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    target = visit.day + timedelta(days=8)
    expect(page.locator("[data-said]")).to_contain_text(f"{target.day}.")
    page.keyboard.press("Enter")
    expect(cell(page, target).locator("[data-visit]")).to_be_visible()
    visit.refresh_from_db()
    assert visit.day == target


@pytest.mark.browser
def test_what_is_carried_may_be_left(cast, open_page, month, visit):
    page = open_page(month.url, cast.aino, width=DESK)
    page.locator("[data-visit]").focus()
    for key in ("Space", "ArrowRight", "Escape"):
        page.keyboard.press(key)
    expect(page.locator("[data-said]")).to_contain_text("Jäi paikalleen")
    expect(page.locator(".mo-target")).to_have_count(0)
    assert Visit.objects.get().day == visit.day


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(cast, open_page, month, visit, width):
    make_rhythm(cast, people=[cast.aino], name="Kehitysvammaisten asumisyksikön kerho")
    testing.make_site(cast, name="Palveluohjaajatapaamisjärjestelyiden kerhohuone")
    for path in (
        month.url,
        f"{month.url}?by=place",
        reverse("planning:month_plan", args=[month]),
        reverse("planning:month_visit", args=[visit.pk]),
        reverse("planning:rhythm", args=[visit.site_id]),
    ):
        page = open_page(path, cast.aino, width=width)
        over = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(over) <= 0, path


# --- The model's month -----------------------------------------------------------


class Hand:
    """Does what a person does and counts it: presses, and fields typed into."""

    def __init__(self, page):
        self.page, self.actions = page, 0

    def press(self, what):
        self.actions += 1
        self.page.locator(what).first.click()

    def type(self, where, text):
        self.actions += 1
        self.page.fill(where, text)


def make_team(cast):
    """Six who go: four take turns at the day centre, pairs at the queues."""
    names = ("Bea Blom", "Carl Cederholm", "Dani Drake", "Eeva Eskola")
    more = [testing.make_worker(n, Role.WORKER, cast.county, cast.team) for n in names]
    return [cast.aino, cast.kaisa, *more]


def make_places(cast, team):
    """The places of Pohjois-Savo's model, as their cards say who goes."""
    wanted = {
        "rubla": ("Päiväkeskus", "day_centre", 1, team[:4]),
        "queue": ("Ruokajako", "food_distribution", 2, team[:2]),
        "aid": ("Ruoka-apu", "food_distribution", 2, team[2:4]),
        "cards": ("Ruokakorttijako", "food_card_event", 2, team[4:]),
        "centre": ("Keskusta", "street", 2, team[4:]),
        "suburb": ("Lähiö", "street", 2, team[2:4]),
    }
    sites = {}
    for key, (name, kind, staffing, people) in wanted.items():
        season = {"season_from": 1, "season_to": 12} if kind == "street" else {}
        sites[key] = testing.make_site(
            cast, name=name, kind=kind, required_staffing=staffing, **season
        )
        sites[key].responsible.set(people)
    return sites


@pytest.mark.browser
def test_the_models_month_from_nothing_in_25_actions(cast, open_page, month):
    sites = make_places(cast, make_team(cast))
    hand = Hand(open_page(month_of(clock.today()).url, cast.kaisa, width=DESK))
    hand.press(f"a[href='{month.url}']")
    hand.press(f"a[href='{reverse('planning:month_plan', args=[month])}']")
    rows = {"rubla": (2, "9"), "queue": (3, "10"), "aid": (1, "12")}
    rows |= {"centre": (1, "14"), "suburb": (3, "14")}
    for key, (weekday, hour) in rows.items():
        name = f"s{sites[key].pk}"
        hand.press(f"label:has([name={name}-weekdays][value='{weekday}'])")
        hand.type(f"[name={name}-starts]", f"{hour.zfill(2)}:00")
    hand.press("form[action$=rhythms] button")
    hand.press(".mo-plan button")
    # The card event, when there is one: on its day, by the pair that looks after it.
    hand.press("a:has-text('Paikoittain')")
    hand.press(f".mo-add[href$='site={sites['cards'].pk}']")
    event = tuesday(month) + timedelta(days=1)
    hand.type("[name=day]", event.isoformat())
    hand.type("[name=starts]", "12:00")
    for worker in sites["cards"].responsible.all():
        hand.press(f"label:has([name=workers][value='{worker.pk}'])")
    hand.press("main .pl-form > .rn-row button")
    hand.page.wait_for_selector("h1:has-text('Ruokakorttijako')")
    assert hand.actions <= 25, hand.actions
    check_the_month(sites, month)


def check_the_month(sites, month):
    """Each place as the model says, and nobody missing."""
    first, last = month.first, month.last
    made = {
        key: list(site.visits.filter(day__range=(first, last)).order_by("day"))
        for key, site in sites.items()
    }
    assert 3 <= len(made["rubla"]) <= 5
    assert all(visit.workers.count() == 1 for visit in made["rubla"])
    turns = [visit.workers.get() for visit in made["rubla"]]
    assert len(set(turns)) == min(4, len(turns))
    for key in ("queue", "aid"):
        (visit,) = made[key] or [None]
        assert visit is None or 16 <= visit.day.day <= 22
    (event,) = made["cards"]
    assert event.workers.count() == 2
    assert Rhythm.objects.get(site=sites["cards"]).is_only_events
    for key in ("centre", "suburb", "queue", "aid"):
        assert all(visit.workers.count() == 2 for visit in made[key]), key
    assert not [v for visits in made.values() for v in visits if v.lacks_pair]
