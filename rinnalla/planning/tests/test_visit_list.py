"""The list of visits: by day, coming or past, own ones only."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning.models import Visit

URL = reverse("planning:visits")


def listed(response):
    return list(response.context["page"])


def test_it_works(cast, sign_in):
    today = clock.today()
    past = testing.make_visit(cast, day=today - timedelta(days=1), status="done")
    later = testing.make_visit(cast, day=today + timedelta(days=3))
    now = testing.make_visit(cast, day=today)
    testing.make_met(past, 12)
    client = sign_in(cast.aino)
    assert listed(client.get(URL)) == [now, later]
    response = client.get(URL, {"show": "past"})
    assert listed(response) == [past]
    assert "kohdattu 12" in response.content.decode()


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({}, True),
        ({"solo_reason": "urgent"}, False),
        ({"status": "cancelled", "cancel_reason": "no_pair"}, False),
    ],
)
def test_a_missing_pair_is_said(cast, sign_in, over, said):
    testing.make_visit(cast, day=clock.today(), **over)
    assert ("Ei paria" in sign_in(cast.aino).get(URL).content.decode()) == said


def test_two_are_a_pair_and_the_net_needs_none(cast, sign_in):
    testing.make_visit(cast, day=clock.today(), workers=[cast.aino, cast.kaisa])
    chat = testing.make_site(cast, name="Chat", kind="online")
    testing.make_visit(cast, chat, day=clock.today())
    assert "Ei paria" not in sign_in(cast.aino).get(URL).content.decode()


def test_the_visits_of_one_place(cast, sign_in):
    here, there = testing.make_site(cast), testing.make_site(cast, name="Tori")
    visits = [testing.make_visit(cast, here) for _ in range(31)]
    testing.make_visit(cast, there)
    client = sign_in(cast.aino)
    response = client.get(URL, {"show": "past", "site": here.pk})
    assert response.context["page"].paginator.count == len(visits)
    following = f"?show=past&amp;site={here.pk}&amp;page=2"
    assert following in response.content.decode()


def test_one_goes_straight_to_a_day(cast, sign_in):
    today, days = clock.today(), (-40, -20, -1, 0, 20, 40)
    before, between, yesterday, now, later, last = (
        testing.make_visit(cast, day=today + timedelta(days=n)) for n in days
    )
    client = sign_in(cast.aino)
    for asked, found in (
        (20, [later, last]),
        (21, [last]),
        (-20, [between, before]),
        (-1, [yesterday, between, before]),
        (0, [now, later, last]),
    ):
        day = today + timedelta(days=asked)
        assert listed(client.get(URL, {"day": day.isoformat()})) == found


def test_the_day_stays_on_the_following_pages(cast, sign_in):
    site, day = testing.make_site(cast), clock.today() + timedelta(days=2)
    for _ in range(31):
        testing.make_visit(cast, site, day=day)
    text = sign_in(cast.aino).get(URL, {"day": day.isoformat()}).content.decode()
    assert f"?day={day.isoformat()}&amp;page=2" in text


@pytest.mark.parametrize("bad", ["", "x", "2026-02-30", "9" * 400])
def test_what_is_no_day_shows_the_coming_ones(cast, sign_in, bad):
    coming = testing.make_visit(cast, day=clock.today())
    assert coming in listed(sign_in(cast.aino).get(URL, {"day": bad}))


def test_other_teams_and_staged_rows_are_not_here(cast, sign_in):
    testing.make_visit(cast, testing.make_site(cast, team=cast.other_team))
    testing.make_visit(cast, testing.make_site(cast), is_seen=False)
    client = sign_in(cast.aino)
    assert listed(client.get(URL, {"show": "past"})) == []
    assert listed(client.get(URL)) == []


def test_a_partner_sees_its_own_organisations_visits(cast, sign_in):
    site = testing.make_site(cast)
    testing.make_visit(cast, site)
    own = testing.make_visit(cast, site, organisation=cast.parish)
    response = sign_in(cast.reijo).get(URL, {"show": "past"})
    assert listed(response) == [own]


def test_without_an_agreement_only_own_ones_and_a_number(cast, sign_in):
    site = testing.make_site(cast)
    testing.make_visit(cast, site, organisation=cast.ngo)
    own = testing.make_visit(cast, site, [cast.paula], organisation=cast.ngo)
    response = sign_in(cast.paula).get(URL, {"show": "past"})
    assert listed(response) == [own]
    assert "lisäksi 1 käynti" in response.content.decode()


def test_a_page_at_a_time_in_few_queries(cast, sign_in, django_assert_max_num_queries):
    site = testing.make_site(cast)
    Visit.objects.bulk_create(
        Visit(site=site, team=cast.team, organisation=cast.county, day=clock.today())
        for _ in range(70)
    )
    client = sign_in(cast.aino)
    with django_assert_max_num_queries(18):
        assert len(listed(client.get(URL))) == 30
    assert len(listed(client.get(URL, {"page": "99"}))) == 10


@pytest.mark.parametrize("who", ["leena", "hannu"])
def test_not_for_leaders_and_administrators(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(URL).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        *({"page": "\x00"}, {"show": "\x00"}, {"page": "-9"}),
        *({"site": "\x00"}, {"site": "9" * 40}, {"site": "-1"}, {"site": "٣"}),
    ],
)
def test_odd_questions_get_a_page(cast, sign_in, asked):
    assert sign_in(cast.aino).get(URL, asked).status_code == 200
