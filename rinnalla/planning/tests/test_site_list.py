"""The list of places: by kind, searched, a page at a time."""

from datetime import date

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import Municipality
from rinnalla.planning.models import Site

URL = reverse("planning:sites")


def names(response):
    return [site.name for site in response.context["page"]]


def test_it_works(cast, sign_in):
    testing.make_site(cast, name="Tori", kind="street")
    testing.make_site(cast, name="Rantatupa", kind="day_centre")
    response = sign_in(cast.aino).get(URL)
    assert names(response) == ["Rantatupa", "Tori"], "kinds in the county's order"
    text = response.content.decode()
    assert "Päiväkeskus" in text
    assert "Katu" in text


def test_own_team_first_and_others_on_asking(cast, sign_in):
    testing.make_site(cast, name="Oma")
    testing.make_site(cast, name="Toisten", team=cast.other_team)
    client = sign_in(cast.aino)
    assert names(client.get(URL)) == ["Oma"]
    assert names(client.get(URL, {"show": "all"})) == ["Oma", "Toisten"]


def test_unplanned_and_retired_places_have_their_own_lists(cast, sign_in):
    testing.make_site(cast, name="Kulma", is_ad_hoc=True)
    testing.make_site(cast, name="Vanha", retired_on=date(2026, 1, 1))
    client = sign_in(cast.aino)
    assert names(client.get(URL)) == []
    assert names(client.get(URL, {"show": "once"})) == ["Kulma"]
    assert names(client.get(URL, {"show": "retired"})) == ["Vanha"]


def test_unplanned_places_of_others_stay_theirs(cast, sign_in):
    testing.make_site(cast, name="Kulma", is_ad_hoc=True, team=cast.other_team)
    assert names(sign_in(cast.aino).get(URL, {"show": "once"})) == []


@pytest.mark.parametrize("words", ["ääne", "Ääne", "ÄÄNE", "torin", "keskusta"])
def test_search_looks_at_name_and_area_in_any_case(cast, sign_in, words):
    testing.make_site(cast, name="Äänetön torin kulma", area="Keskusta")
    testing.make_site(cast, name="Muu")
    assert names(sign_in(cast.aino).get(URL, {"q": words})) == ["Äänetön torin kulma"]


def test_a_partner_sees_places_of_every_team(cast, sign_in):
    testing.make_site(cast, name="Oma")
    assert names(sign_in(cast.reijo).get(URL)) == ["Oma"]


def test_a_page_at_a_time(cast, sign_in, django_assert_max_num_queries):
    kuopio = Municipality.objects.get(code="297")
    Site.objects.bulk_create(
        Site(name=f"P{n:03}", kind="street", municipality=kuopio, team=cast.team)
        for n in range(95)
    )
    client = sign_in(cast.aino)
    with django_assert_max_num_queries(12):
        first = client.get(URL)
    assert len(names(first)) == 40
    assert len(names(client.get(URL, {"page": 3}))) == 15


@pytest.mark.parametrize("who", ["leena", "hannu"])
def test_not_for_leaders_and_administrators(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(URL).status_code == 403


def test_signed_out(client, db):
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "\x00"},
        {"q": "a" * 5000},
        {"q": "\ud800".encode("utf-8", "surrogatepass")},
        {"page": "99999999999999999999"},
        {"page": "-1"},
        {"page": "x"},
        {"show": "'; --"},
    ],
)
def test_odd_questions_get_a_page(cast, sign_in, asked):
    testing.make_site(cast)
    assert sign_in(cast.aino).get(URL, asked).status_code == 200
