"""The list of visits says first for which visits of the week a pair is looked for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning.models import Visit

URL = reverse("planning:visits")


def missing(client, **asked):
    found = client.get(URL, asked).context["missing"]
    return found and found.visits


def test_it_works(cast, sign_in):
    today = clock.today()
    last = testing.make_visit(cast, day=today + timedelta(days=7))
    first = testing.make_visit(cast, day=today)
    testing.make_visit(cast, day=today, workers=[cast.aino, cast.kaisa])
    testing.make_visit(cast, day=today + timedelta(days=8))
    testing.make_visit(cast, day=today - timedelta(days=1))
    client = sign_in(cast.aino)
    assert missing(client) == [first, last]
    page = client.get(URL).content.decode()
    assert "Vielä ilman paria" in page
    assert reverse("planning:visit", args=[first.pk]) + "#pair" in page
    assert "Lähdössä: Aino" in page


def test_nothing_is_said_when_everybody_has_a_pair(cast, sign_in):
    testing.make_visit(cast, day=clock.today(), partner=cast.parish)
    assert "Vielä ilman paria" not in sign_in(cast.aino).get(URL).content.decode()


def test_not_among_past_visits_nor_those_of_one_place(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    client = sign_in(cast.aino)
    assert missing(client, show="past") is None
    assert missing(client, site=visit.site_id) is None


def test_other_teams_are_not_here(cast, sign_in):
    testing.make_visit(cast, day=clock.today())
    assert missing(sign_in(cast.outi)) == []


@pytest.mark.parametrize("number", [6, 9])
def test_more_than_a_glance_is_a_number(cast, sign_in, number):
    for _ in range(number):
        testing.make_visit(cast, day=clock.today())
    response = sign_in(cast.aino).get(URL)
    assert len(response.context["missing"].visits) == 6
    assert ("Ja 3 käyntiä lisää" in response.content.decode()) == (number == 9)


def test_a_partner_without_an_agreement_finds_those_it_is_on(cast, sign_in):
    site = testing.make_site(cast)
    over = {"organisation": cast.ngo, "day": clock.today()}
    testing.make_visit(cast, site, **over)
    own = testing.make_visit(cast, site, [cast.paula], **over)
    pair = testing.make_visit(cast, site, [cast.paula, cast.aino], **over)
    assert missing(sign_in(cast.paula)) == [own]
    assert pair not in missing(sign_in(cast.paula))


def test_as_many_queries_however_many(cast, sign_in, django_assert_max_num_queries):
    site = testing.make_site(cast, needed_kit=["vest"])
    Visit.objects.bulk_create(
        Visit(site=site, team=cast.team, organisation=cast.county, day=clock.today())
        for _ in range(40)
    )
    client = sign_in(cast.aino)
    client.get(URL)
    with django_assert_max_num_queries(20):
        client.get(URL)
