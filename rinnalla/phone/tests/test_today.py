"""Today: what comes next, what waits, and who sees whose day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock

TODAY = "phone:today"


def page_of(client):
    response = client.get(reverse(TODAY), HTTP_ACCEPT_LANGUAGE="fi")
    assert response.status_code == 200
    return response


def test_it_works(cast, sign_in):
    testing.make_visit(cast, day=clock.today(), has_car=True)
    page = page_of(sign_in(cast.aino)).content.decode()
    assert "Leipätupa" in page and "Aloita käynti" in page


def test_an_empty_day_says_so(cast, sign_in):
    assert "Tänään ei ole sovittuja" in page_of(sign_in(cast.aino)).content.decode()


def test_a_visit_under_way_comes_first(cast, sign_in, visit):
    site = testing.make_site(cast, name="Aamupaikka")
    testing.make_visit(cast, site, day=clock.today(), starts="08:00")
    assert page_of(sign_in(cast.aino)).context["today"].next == visit


def test_the_pairs_other_visits_stand_apart(cast, sign_in):
    other = testing.make_visit(cast, day=clock.today(), workers=[cast.kaisa])
    today = page_of(sign_in(cast.aino)).context["today"]
    assert today.next is None and today.team == [other]


def test_another_team_is_not_seen(cast, sign_in):
    testing.make_visit(cast, day=clock.today())
    today = page_of(sign_in(cast.outi)).context["today"]
    assert today.next is None and today.team == []


def test_open_meetings_wait(cast, sign_in):
    old = testing.make_visit(cast, day=clock.today() - timedelta(days=1), status="done")
    testing.make_guided(old, 2)
    testing.make_guided(old, 1, topics=["debt"], methods=["guidance"])
    [waiting] = page_of(sign_in(cast.aino)).context["today"].waiting
    assert (waiting, waiting.stubs) == (old, 2)


def test_what_is_past_correcting_does_not_wait(cast, sign_in):
    long_ago = clock.today() - timedelta(days=30)
    old = testing.make_visit(cast, day=long_ago, status="done")
    testing.make_guided(old, 2)
    assert page_of(sign_in(cast.aino)).context["today"].waiting == []


def test_the_day_asks_the_same_however_many_visits(
    cast, sign_in, django_assert_max_num_queries
):
    for number in range(8):
        site = testing.make_site(cast, name=f"Paikka {number}")
        testing.make_visit(cast, site, day=clock.today())
    client = sign_in(cast.aino)
    page_of(client)
    with django_assert_max_num_queries(14):
        page_of(client)


@pytest.mark.parametrize("name", ["leena", "hannu"])
def test_who_does_not_record_is_kept_out(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get(reverse(TODAY)).status_code == 403


def test_a_partner_has_no_street_button(cast, sign_in):
    page = page_of(sign_in(cast.reijo)).content.decode()
    assert "rn-dock" not in page
