"""A pair in a real browser: the proposal follows the form, and one press takes it."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.planning.models import Visit

NEW = reverse("planning:visit_new")


@pytest.fixture
def site(cast):
    """Bo looks after it, Aino has been there, and tomorrow at ten Bo is elsewhere."""
    cast.bo = testing.make_worker("Bo Berg", Role.WORKER, cast.county, cast.team)
    site = testing.make_site(cast)
    site.responsible.set([cast.bo])
    today = clock.today()
    testing.make_visit(cast, site, day=today - timedelta(days=7), status="done")
    elsewhere = {"day": today + timedelta(days=1), "ends": time(11)}
    tori = testing.make_site(cast, name="Tori")
    testing.make_visit(cast, tori, [cast.bo], **elsewhere)
    return site


def proposal(page):
    return page.locator("[data-proposal]")


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_proposal_follows_the_form(cast, site, open_page, width):
    page = open_page(NEW, cast.kaisa, width=width)
    page.locator("[name=site]").select_option(label="Leipätupa")
    expect(proposal(page)).to_contain_text("Bo ja Aino")
    page.locator("[name=day]").fill((clock.today() + timedelta(days=1)).isoformat())
    page.locator("[name=day]").dispatch_event("change")
    expect(page.locator("[data-people]")).to_contain_text("muualla klo 10")
    expect(proposal(page)).to_contain_text("Aino ja Kaisa")
    page.locator("[name=starts]").fill("12:00")
    page.locator("[name=starts]").dispatch_event("change")
    expect(proposal(page)).to_contain_text("Bo ja Aino")
    page.locator("button[value=take]").click()
    expect(page.locator("label:has-text('Bo Berg') input")).to_be_checked()
    expect(proposal(page)).to_have_text("")
    assert not Visit.objects.filter(site=site, status="planned").exists()
    page.locator("form.pl-form > .rn-row button").click()
    expect(page.locator("h1")).to_have_text("Leipätupa")
    planned = Visit.objects.get(site=site, status="planned")
    assert {worker.first_name for worker in planned.workers.all()} == {"Bo", "Aino"}


@pytest.mark.browser
def test_without_a_script_the_buttons_do_the_same(cast, site, open_page):
    options = {"java_script_enabled": False}
    page = open_page(NEW, cast.kaisa, width=390, **options)
    page.locator("[name=site]").select_option(label="Leipätupa")
    page.locator("button[value=look]").click()
    expect(proposal(page)).to_contain_text("Bo ja Aino")
    page.locator("button[value=take]").click()
    expect(page.locator("[name=workers]:checked")).to_have_count(2)
    assert page.locator("[name=site]").input_value() == str(site.pk)


@pytest.mark.browser
def test_enter_plans_and_takes_no_proposal(cast, site, open_page):
    page = open_page(f"{NEW}?site={site.pk}", cast.aino, width=1280)
    page.locator("[name=arrive_before_minutes]").press("Enter")
    # One goes alone where pairs are asked for: the form was sent, and asks why.
    expect(page.locator("[data-faults]")).to_be_visible()
    expect(page.locator("[name=workers]:checked")).to_have_count(1)


@pytest.mark.browser
def test_from_the_list_to_a_pair_in_two_presses(cast, site, open_page):
    testing.make_visit(cast, site, day=clock.today() + timedelta(days=2))
    page = open_page(reverse("planning:visits"), cast.aino)
    page.locator(".pr-missing a:has-text('Leipätupa')").click()
    page.locator("#pair li:has-text('Bo') button").click()
    expect(page.locator(".rn-flash")).to_contain_text("Bo lähtee mukaan.")
    expect(page.locator("#pair")).to_have_count(0)


@pytest.mark.browser
def test_a_thing_is_ticked_with_one_press(cast, site, open_page):
    site.needed_kit = ["laptop"]
    site.save()
    visit = testing.make_visit(cast, site, day=clock.today())
    page = open_page(reverse("planning:visit", args=[visit.pk]), cast.aino)
    expect(page.locator("#along")).to_contain_text("Kannettava tietokone: puuttuu")
    page.locator("#along button").click()
    expect(page.locator("#along")).to_contain_text("Puuttuu sittenkin")
    visit.refresh_from_db()
    assert visit.kit == ["laptop"]
