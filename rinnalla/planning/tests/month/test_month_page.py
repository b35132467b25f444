"""The month's page: visits in their weeks, what still fits, what waits."""

import re
from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.planning.models import TeamCapacity
from rinnalla.planning.month import grid
from rinnalla.planning.month.span import Month
from rinnalla.planning.tests.month.making import make_rhythm

APRIL = Month(date(2026, 4, 1))
URL = reverse("planning:month_of", args=["2026-04"])


@pytest.fixture(autouse=True)
def early_march():
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False):
        yield


def read(client, query="", url=URL):
    response = client.get(url + query)
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(cast, sign_in):
    testing.make_visit(cast, day=date(2026, 4, 9), workers=[cast.aino, cast.kaisa])
    page = read(sign_in(cast.aino))
    assert "Huhtikuu 2026" in page
    assert re.search("<b>Leipätupa</b><span>.*10–12 Aino, Kaisa</span>", page)
    assert "Pitkäperjantai" in page
    assert "vk 15" in page


def test_the_menu_opens_this_month(cast, sign_in):
    response = sign_in(cast.aino).get(reverse("planning:month"))
    assert response.url == reverse("planning:month_of", args=["2026-03"])


def test_who_is_missing_is_said(cast, sign_in):
    testing.make_visit(cast, day=date(2026, 4, 9), workers=[cast.aino])
    page = read(sign_in(cast.aino))
    assert "10–12 Aino, pari puuttuu" in page
    assert "1 vajaa" in page


def test_a_home_visit_names_no_place(cast, sign_in):
    home = testing.make_site(cast, name="Koivukuja 3", kind="home")
    testing.make_visit(cast, home, day=date(2026, 4, 9))
    for query in ("", "?kind=home"):
        page = read(sign_in(cast.aino), query)
        assert "Kotikäynti" in page
        assert "Koivukuja" not in page


def test_room_of_a_week(cast):
    for number in range(3):
        site = testing.make_site(cast, name=f"Paikka {number}")
        testing.make_visit(
            cast, site, day=date(2026, 4, 14), workers=[cast.aino, cast.kaisa]
        )
    TeamCapacity.objects.create(team=cast.team, times_a_week=5)
    chips = grid.chips_between(cast.aino, *APRIL.shown)
    weeks = grid.weeks_of(APRIL, cast.aino, chips)
    # One worker, five times a week; Good Friday and Easter Monday shorten theirs.
    assert [week.turns for week in weeks] == [4, 4, 5, 5, 4]
    assert (weeks[2].needed, weeks[2].over) == (6, 1)
    assert (weeks[3].needed, weeks[3].room) == (0, 5)


def test_a_visit_called_off_takes_no_room(cast):
    testing.make_visit(
        cast, day=date(2026, 4, 14), status="cancelled", cancel_reason="weather"
    )
    chips = grid.chips_between(cast.aino, *APRIL.shown)
    assert grid.weeks_of(APRIL, cast.aino, chips)[2].needed == 0


def test_one_kind_is_shown_and_the_room_stays_whole(cast, sign_in):
    testing.make_visit(cast, day=date(2026, 4, 9))
    street = testing.make_site(cast, name="Tori", kind="street")
    testing.make_visit(cast, street, day=date(2026, 4, 9))
    page = read(sign_in(cast.aino), "?kind=street")
    assert "<b>Tori</b>" in page
    assert "<b>Leipätupa</b>" not in page
    assert "2 käyntiä" in page


def test_a_place_of_one_visit_is_among_the_places(cast, sign_in):
    once = testing.make_site(cast, name="Toritapahtuma", is_ad_hoc=True)
    testing.make_site(cast, name="Muualla", is_ad_hoc=True)
    testing.make_visit(cast, once, day=date(2026, 4, 9))
    page = read(sign_in(cast.aino), "?by=place")
    assert "Toritapahtuma" in page and "Muualla" not in page
    assert reverse("planning:site", args=[once.pk]) not in page


def test_by_places(cast, sign_in):
    rhythm = make_rhythm(cast)
    testing.make_visit(cast, rhythm.site, day=date(2026, 4, 8), starts=time(9))
    page = read(sign_in(cast.aino), "?by=place")
    assert "Joka viikko keskiviikkoisin klo 9–12" in page
    assert "ke 8.4." in page


def test_a_crowded_day_leads_to_its_own_page(cast, sign_in):
    for number in range(9):
        site = testing.make_site(cast, name=f"Paikka {number}")
        testing.make_visit(cast, site, day=date(2026, 4, 9))
    client = sign_in(cast.aino)
    page = read(client)
    assert "3 muuta" in page
    address = reverse("planning:month_day", args=["2026-04", 9])
    assert address in page
    assert read(client, url=address).count("<b>Paikka") == 9


def test_what_the_rhythms_still_ask_for(cast, sign_in):
    make_rhythm(cast)
    assert "vielä 5 käyntiä suunnittelematta" in read(sign_in(cast.aino))


def test_other_teams_are_not_seen(cast, sign_in):
    testing.make_visit(cast, day=date(2026, 4, 9))
    assert "Leipätupa" not in read(sign_in(cast.outi))


@pytest.mark.parametrize("who", ["leena", "reijo", "hannu"])
def test_whose_it_is_not(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(URL).status_code == 403


def test_somebody_without_a_team_sees_an_empty_month(cast, sign_in):
    cast.kaisa.team = None
    cast.kaisa.save()
    assert "Huhtikuu" in read(sign_in(cast.kaisa))


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "26-04", "x", "2026-4"])
def test_no_such_month(cast, sign_in, month):
    assert sign_in(cast.aino).get(f"/planning/month/{month}/").status_code == 404


def test_no_such_day(cast, sign_in):
    address = reverse("planning:month_day", args=["2026-04", 31])
    assert sign_in(cast.aino).get(address).status_code == 404


def test_odd_questions_are_passed_by(cast, sign_in):
    client = sign_in(cast.aino)
    for query in ("?kind=%00", "?kind=<b>", "?by=place&page=x", "?by=place&page=-1"):
        read(client, query)


def test_the_room_is_agreed(cast, sign_in):
    client = sign_in(cast.aino)
    address = reverse("planning:month_capacity", args=["2026-04"])
    for _ in range(2):
        client.post(address, {"times_a_week": "2"})
    assert TeamCapacity.objects.get().times_a_week == 2
    page = client.post(address, {"times_a_week": "99"}, follow=True).content.decode()
    assert "1–15" in page
    assert TeamCapacity.objects.get().times_a_week == 2


def test_as_many_queries_however_full(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.aino)
    make_rhythm(cast, people=[cast.aino])
    for number in range(8):
        site = testing.make_site(cast, name=f"Paikka {number}")
        testing.make_visit(cast, site, day=date(2026, 4, 1 + number))
    read(client)
    with django_assert_max_num_queries(26):
        read(client)


def test_a_phone_is_led_to_this_week(cast, sign_in):
    client = sign_in(cast.aino)
    march = reverse("planning:month_of", args=["2026-03"])
    page = read(client, url=march)
    assert page.count('id="this-week"') == 1 and 'href="#this-week"' in page
    assert "this-week" not in read(client)
