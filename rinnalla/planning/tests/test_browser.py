"""Planning in a real browser, on a phone's width."""

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.planning.models import Visit


@pytest.mark.browser
def test_plan_a_visit_to_a_place_that_is_not_on_the_list(cast, open_page):
    page = open_page(reverse("planning:visit_new"), cast.aino)
    page.click("text=Paikka ei ole luettelossa")
    page.fill("[name=place_name]", "Sillan alla")
    page.select_option("[name=place_kind]", "street")
    page.select_option("[name=place_municipality]", "297")
    page.click("label:has-text('Kaisa Koski')")
    page.click("main .pl-form > .rn-row button")
    page.wait_for_selector("h1:has-text('Sillan alla')")
    visit = Visit.objects.get()
    assert set(visit.workers.all()) == {cast.aino, cast.kaisa}


@pytest.mark.browser
def test_what_is_asked_goes_when_it_is_mended(cast, open_page):
    page = open_page(reverse("planning:visit_new"), cast.kaisa)
    page.fill("[name=day]", "")
    page.click("main .pl-form > .rn-row button")
    page.wait_for_selector("#id_day_error")
    page.fill("[name=day]", "2026-03-12")
    page.wait_for_selector("#id_day_error", state="detached")
    assert page.locator(".pl-faults a[href='#id_day']").count() == 0
    assert page.locator("#id_workers_error").is_visible()
    page.click("label:has-text('Aino Aalto')")
    page.wait_for_selector("#id_workers_error", state="detached")


@pytest.mark.drawn
@pytest.mark.browser
def test_twice_the_text_at_320_scrolls_nothing_sideways(cast, open_page):
    site = testing.make_site(cast, name="Kehitysvammaisten asumisyksikön kerhohuone")
    visit = testing.make_visit(cast, site, solo_reason="familiar_place")
    done = testing.make_visit(cast, site, status="done", minutes=90)
    testing.make_met(done, 140)
    for path in (
        reverse("planning:visit", args=[visit.pk]),
        reverse("planning:visit", args=[done.pk]),
        reverse("planning:visits") + "?show=past",
        reverse("planning:visit_new"),
    ):
        page = open_page(path, cast.aino, width=320)
        page.evaluate(
            "() => { const sheet = new CSSStyleSheet();"
            " sheet.replaceSync('html { font-size: 200% !important }');"
            " document.adoptedStyleSheets = [sheet]; }"
        )
        over = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(over) <= 0, path


@pytest.mark.drawn
@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(cast, open_page, width):
    site = testing.make_site(cast, name="Kehitysvammaisten asumisyksikön kerhohuone")
    testing.make_card(site, why="Palveluohjaajatapaamisjärjestelyt " * 5)
    visit = testing.make_visit(cast, site, solo_reason="familiar_place")
    for path in (
        reverse("planning:sites"),
        reverse("planning:site", args=[site.pk]),
        reverse("planning:site_card_edit", args=[site.pk]),
        reverse("planning:visits") + "?show=past",
        reverse("planning:visit", args=[visit.pk]),
        reverse("planning:visit_new"),
    ):
        page = open_page(path, cast.aino, width=width)
        over = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(over) <= 0, path
