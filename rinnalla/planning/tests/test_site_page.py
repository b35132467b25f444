"""The site card: what one must know of a place before going."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock


def show(client, site):
    return client.get(reverse("planning:site", args=[site.pk]))


def test_it_works(cast, sign_in):
    site = testing.make_site(cast, host=cast.parish, season_from=5, season_to=9)
    site.responsible.add(cast.aino)
    testing.make_card(site, safety_note="Mene parina.")
    text = show(sign_in(cast.aino), site).content.decode()
    for said in (
        *("Ruokajako, Leipätupa", "Mene parina.", "Kerralla kohdataan paljon ihmisiä."),
        *("Milloin", "Minne", "Resurssit", "Erityispiirteet", "Rantalan seurakunta"),
        *("14.1.2026", "Aino Aalto", "Toukokuu–syyskuu"),
    ):
        assert said in text, said


def test_last_visits_say_how_many_were_met(cast, sign_in):
    site = testing.make_site(cast)
    for n in range(1, 6):
        visit = testing.make_visit(cast, site, day=date(2026, 3, n), status="done")
        testing.make_met(visit, 10 * n)
    testing.make_guided(visit, 2)
    text = show(sign_in(cast.aino), site).content.decode().replace("&nbsp;", " ")
    text = " ".join(text.split())
    assert "5.3.</a> kohdattu 52" in text
    assert "4.3.</a> kohdattu 40" in text
    assert "3.3.</a> kohdattu 30" in text
    assert "2.3.</a>" not in text


def test_a_review_due_is_said(cast, sign_in):
    site = testing.make_site(cast)
    card = testing.make_card(site, review_due_on=clock.today())
    client = sign_in(cast.aino)
    assert "Tarkista kortti" in show(client, site).content.decode()
    card.review_due_on = clock.today() + timedelta(days=1)
    card.save()
    assert "Tarkista kortti" not in show(client, site).content.decode()


def test_without_a_card(cast, sign_in):
    site = testing.make_site(cast)
    text = show(sign_in(cast.aino), site).content.decode()
    assert "Kirjoita kortti" in text
    assert reverse("planning:site_print", args=[site.pk]) not in text


def test_other_teams_places_are_read_but_not_written(cast, sign_in):
    site = testing.make_site(cast, team=cast.other_team)
    testing.make_card(site)
    client = sign_in(cast.aino)
    text = show(client, site).content.decode()
    edit = reverse("planning:site_card_edit", args=[site.pk])
    assert edit not in text
    assert client.get(edit).status_code == 404


def test_a_partner_reads_no_card_of_a_place_it_does_not_go_to(cast, sign_in):
    site = testing.make_site(cast)
    site.responsible.add(cast.aino)
    testing.make_card(site, why="Vain meille.", safety_note="Mene parina.")
    for who in (cast.reijo, cast.paula):
        text = show(sign_in(who), site).content.decode()
        assert "Leipätupa" in text and "Kortti avautuu" in text
        for closed in ("Vain meille.", "Mene parina.", "Aino Aalto"):
            assert closed not in text


@pytest.mark.parametrize(
    "goes",
    [
        lambda cast, site: site.__class__.objects.update(host=cast.parish),
        lambda cast, site: testing.make_visit(cast, site, organisation=cast.parish),
        lambda cast, site: testing.make_visit(cast, site, partner=cast.parish),
    ],
    ids=["its house", "its visit", "along"],
)
def test_a_partner_reads_the_card_where_it_goes_but_not_our_names(cast, sign_in, goes):
    site = testing.make_site(cast)
    site.responsible.add(cast.aino, cast.reijo)
    testing.make_card(site, why="Vain meille.")
    goes(cast, site)
    text = show(sign_in(cast.reijo), site).content.decode()
    assert "Vain meille." in text and "Reijo Ranta" in text
    assert "Aino Aalto" not in text


def test_a_visit_called_off_opens_no_card(cast, sign_in):
    site = testing.make_site(cast)
    testing.make_card(site, why="Vain meille.")
    off = {"status": "cancelled", "cancel_reason": "weather"}
    testing.make_visit(cast, site, organisation=cast.parish, **off)
    assert "Vain meille." not in show(sign_in(cast.reijo), site).content.decode()


@pytest.mark.parametrize("who", ["leena", "hannu"])
def test_not_for_leaders_and_administrators(cast, sign_in, who):
    site = testing.make_site(cast)
    assert show(sign_in(getattr(cast, who)), site).status_code == 403


@pytest.mark.parametrize("key", ["0", "-1", "x", "99999999999999999999999", "%00"])
def test_unknown(cast, sign_in, key):
    assert sign_in(cast.aino).get(f"/planning/places/{key}/").status_code == 404


def test_text_is_never_markup(cast, sign_in):
    site = testing.make_site(cast, name="<script>alert(1)</script>")
    testing.make_card(site, why="<b>x</b>")
    text = show(sign_in(cast.aino), site).content.decode()
    assert "<script>alert" not in text
    assert "<b>x</b>" not in text


def test_the_figures_of_the_place_open_for_those_who_see_the_link(cast, sign_in):
    site = testing.make_site(cast)
    testing.make_visit(cast, site, status="done")
    theirs = testing.make_site(cast, team=cast.other_team)
    figures = reverse("statistics:place_now", args=[site.pk])
    for who in (cast.aino, cast.kaisa):
        client = sign_in(who)
        assert figures in show(client, site).content.decode(), who
        assert client.get(figures).status_code == 200, who
    other = reverse("statistics:place_now", args=[theirs.pk])
    assert other not in show(sign_in(cast.aino), theirs).content.decode()
    assert figures not in show(sign_in(cast.reijo), site).content.decode()
