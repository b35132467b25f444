"""The list of places by the day their need is looked at."""

from datetime import date

import pytest

from rinnalla.planning.models import Site
from rinnalla.testing import make_card, make_site

URL = "/figures/review/"


def names(answer):
    return [site.name for site in answer.context["page"]]


@pytest.fixture
def places(cast, site):
    """One due, one later, one of which nobody has said a day."""
    make_card(make_site(cast, name="Aukio"), review_due_on=date(2027, 3, 1))
    make_card(make_site(cast, name="Ostari"))
    make_site(cast, name="Vanha", retired_on=date(2026, 1, 1))
    make_site(cast, name="Kulma", is_ad_hoc=True)
    theirs = make_site(cast, name="Muiden", team=cast.other_team)
    make_card(theirs, review_due_on=date(2026, 1, 1))


def test_it_works_soonest_first(cast, places, sign_in):
    answer = sign_in(cast.aino).get(URL)
    assert names(answer) == ["Leipätupa", "Aukio", "Ostari"]
    html = answer.content.decode()
    assert html.index("Nyt") < html.index("Myöhemmin") < html.index("Päivää ei ole")
    assert "1.11.2026" in html


def test_the_newest_card_says_the_day(cast, site, places, sign_in):
    make_card(site, version=2, review_due_on=date(2027, 6, 1))
    assert names(sign_in(cast.aino).get(URL)) == ["Aukio", "Leipätupa", "Ostari"]


def test_a_place_whose_last_day_is_decided_waits_for_no_review(
    cast, site, places, sign_in
):
    Site.objects.filter(pk=site.pk).update(retired_on=date(2026, 12, 1))
    client = sign_in(cast.aino)
    assert names(client.get(URL)) == ["Aukio", "Ostari"]
    make_card(site, version=2, review_due_on=None)
    html = client.get(f"{URL}{site.pk}/").content.decode()
    assert "viimeinen päivä täällä on 30.11.2026" in html
    assert "Tarpeen arvioinnille ei ole sovittu päivää" not in html


def test_no_figure_stands_in_the_list(cast, places, sign_in):
    html = sign_in(cast.kaisa).get(URL).content.decode()
    assert "kohdattu" not in html and "ohjattua" not in html


def test_another_team_has_its_own(cast, places, sign_in):
    assert names(sign_in(cast.outi).get(URL)) == ["Muiden"]


@pytest.mark.parametrize("who", ["leena", "reijo", "paula", "hannu"])
def test_it_is_the_teams_alone(cast, places, sign_in, who):
    assert sign_in(getattr(cast, who)).get(URL).status_code == 403


def test_the_list_does_not_ask_for_each_place(
    cast, site, sign_in, django_assert_max_num_queries
):
    for number in range(30):
        make_card(make_site(cast, name=f"Paikka {number}"))
    client = sign_in(cast.aino)
    client.get(URL)
    with django_assert_max_num_queries(12):
        assert len(names(client.get(URL))) == 31


@pytest.mark.parametrize("page", ["-1", "x", "%00", "9" * 30])
def test_odd_page_numbers(cast, places, sign_in, page):
    assert sign_in(cast.aino).get(f"{URL}?page={page}").status_code == 200


def test_the_places_page_leads_here(cast, places, sign_in):
    html = sign_in(cast.aino).get("/planning/places/").content.decode()
    assert "Tarve on arvioitava 1 paikassa" in html
    assert html.count("Arvioi tarve") == 1


def test_the_place_itself_leads_to_its_review(cast, site, sign_in):
    html = sign_in(cast.aino).get(f"/planning/places/{site.pk}/").content.decode()
    assert f"/figures/review/{site.pk}/" in html
    Site.objects.update(team=cast.other_team)
    html = sign_in(cast.kaisa).get(f"/planning/places/{site.pk}/").content.decode()
    assert f"/figures/review/{site.pk}/" not in html
