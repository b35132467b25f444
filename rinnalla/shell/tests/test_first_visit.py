"""The whole first issue in one walk: from the pavement to the leader's screen."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from rinnalla.encounters.models import Encounter
from rinnalla.lib import clock
from rinnalla.phone import installing
from rinnalla.planning.models import Visit
from rinnalla.shell.demo import county


@pytest.fixture
def demo(transactional_db, settings):
    """A county of the demo, whose phones say so."""
    settings.DEMO = True
    installing.kept_shell.cache_clear()
    call_command("load_demo", months=1, stdout=StringIO())
    yield
    installing.kept_shell.cache_clear()


def enter(page, name):
    """Choose a demo person on the sign-in page, as a guest of the demo would."""
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def month_of(page):
    """This month's met, guided and visits, as the leader's page shows them."""
    page.goto("/figures/")
    row = page.locator("article").first.locator("tbody tr").last
    cells = row.locator("td").all_text_contents()
    met, _estimated, guided, visits = (int(re.sub(r"\D", "", c) or 0) for c in cells)
    return {"met": met, "guided": guided, "visits": visits}


@pytest.mark.browser
def test_the_first_visit(demo, open_page):
    leader = open_page("/account/login/", width=1280)
    enter(leader, "Päivi")
    before = month_of(leader)

    page = open_page("/account/login/", width=390)
    enter(page, "Anna")
    take_into_use(page)
    page.get_by_role("button", name="Aloita käynti").tap()
    meet(page, 12)
    complete_in_four_taps(page)
    again = page.get_by_role("button", name=re.compile("Ohjattu.*1"))
    expect(again).not_to_have_class(re.compile("is-hit"))
    again.tap()
    page.get_by_role("button", name="Myöhemmin").tap()
    end_and_wrap_up(page)

    visit = Visit.objects.get(site__name=county.FOOD_QUEUE.name, day=clock.today())
    assert visit.status == Visit.Status.DONE
    after = month_of(leader)
    grown = {name: after[name] - before[name] for name in before}
    assert grown == {"met": 12, "guided": 2, "visits": 1}
    assert Encounter.objects.unfinished().filter(visit=visit).count() == 1


def take_into_use(page):
    """From the one thing on the first page to today's visits, on the phone itself."""
    page.get_by_role("link", name="Ota puhelin käyttöön").tap()
    page.get_by_role("button", name="Ota tämä puhelin käyttöön").tap()


def meet(page, number):
    """Press +1 so many times, as fast as a thumb and no faster."""
    plus = page.get_by_role("button", name=re.compile("Kohdattu.*1"))
    for pressed in range(number):
        # A second touch within the flash of the first is a bounce of the same press.
        expect(plus).not_to_have_class(re.compile("is-hit"))
        plus.tap()
        expect(page.locator(".big [data-own]")).to_have_text(str(pressed + 1))


def complete_in_four_taps(page):
    """One guided person, with a topic and what was done."""
    page.get_by_role("button", name=re.compile("Ohjattu.*1")).tap()
    page.locator("main [data-field=topics] .ds-chip").first.tap()
    page.locator("main [data-field=methods] .ds-chip").first.tap()
    page.locator("button[data-done]").tap()


def end_and_wrap_up(page):
    """End the visit and send the wrap-up as it is offered; all of it is stored."""
    page.get_by_role("link", name="Lopeta").locator("visible=true").tap()
    page.get_by_role("button", name="Lopeta käynti").tap()
    page.get_by_role("button", name="Valmis, lähetä").tap()
    page.locator("main[data-is-today]").wait_for()
    state = page.locator("[data-state-text]").first
    expect(state).to_contain_text("Tallessa palvelimella")
