"""The month: a sign where somebody lacks, and the pair changed with one press."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.planning.month import grid
from rinnalla.planning.month.proposal import propose
from rinnalla.planning.month.span import Month
from rinnalla.planning.tests.month.making import make_rhythm

APRIL = Month(date(2026, 4, 1))
NINTH = date(2026, 4, 9)


@pytest.fixture(autouse=True)
def early_march():
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False):
        yield


def read(client):
    return client.get(APRIL.url).content.decode()


def test_it_works(cast, sign_in):
    visit = testing.make_visit(cast, day=NINTH)
    client = sign_in(cast.aino)
    assert "mo-sign" in read(client) and "pari puuttuu" in read(client)
    menu = client.get(reverse("planning:month_visit", args=[visit.pk]))
    assert "Mukaan voisi lähteä Kaisa" in menu.content.decode()
    taken = [worker.pk for worker in menu.context["pair"].taken]
    hands = reverse("planning:month_visit_hands", args=[visit.pk])
    client.post(hands, {"workers": taken})
    assert set(visit.workers.all()) == {cast.aino, cast.kaisa}
    assert "mo-sign" not in read(client)


@pytest.mark.parametrize("second", ["partner", "expert", "host"])
def test_a_second_from_elsewhere_needs_no_sign(cast, sign_in, second):
    site = testing.make_site(cast, host_gives_pair=second == "host")
    partner = cast.parish if second == "partner" else None
    over = {"partner": partner, "has_expert_by_experience": second == "expert"}
    testing.make_visit(cast, site, day=NINTH, **over)
    assert "mo-sign" not in read(sign_in(cast.aino))
    [chip] = grid.chips_between(cast.aino, *APRIL.shown)
    assert chip.needed == 1, "a turn of ours only"


def test_where_the_host_gives_a_pair_one_of_ours_is_proposed(cast):
    rhythm = make_rhythm(cast, people=[cast.aino, cast.kaisa])
    rhythm.site.required_staffing = 2
    rhythm.site.host_gives_pair = True
    rhythm.site.save()
    offers = propose(cast.aino, APRIL).usual
    # They take turns, and nobody lacks.
    names = [offer.names for offer in offers]
    assert names == ["Aino", "Kaisa", "Aino", "Kaisa", "Aino"][: len(names)]
    assert not any(offer.lacks for offer in offers)


def test_an_offer_without_anybody_lacks_hands_on_the_net_too(cast):
    make_rhythm(cast, kind="online")
    assert all(offer.lacks for offer in propose(cast.aino, APRIL).usual)


def queries(client, counting):
    with counting as counted:
        read(client)
    return len(counted)


def test_signs_cost_no_query(cast, sign_in, django_assert_max_num_queries):
    """However many lack a pair, the month is read in as many queries."""
    client = sign_in(cast.aino)
    testing.make_visit(cast, day=NINTH)
    read(client)
    few = queries(client, django_assert_max_num_queries(26))
    for number in range(12):
        site = testing.make_site(cast, name=f"Paikka {number}", needs_car=True)
        testing.make_visit(cast, site, day=NINTH, partner=cast.parish)
        testing.make_visit(cast, site, day=date(2026, 4, 1 + number))
    assert queries(client, django_assert_max_num_queries(26)) == few
