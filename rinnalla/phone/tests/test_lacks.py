"""Today on the phone says what a visit still lacks: a pair, the car, the kit."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.phone.reference import guest_of, reader_of, reference_of
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.actions import make_guest_link


@pytest.fixture(autouse=True)
def nothing_known():
    cache.clear()


def told(cast, site=None, **over):
    """What the phone of somebody who goes today is told of the visit."""
    place = testing.make_site(cast, **site or {})
    testing.make_visit(cast, place, day=clock.today(), **over)
    [visit] = reference_of(reader_of(make_phone(cast.aino)))["visits"]
    return visit


def test_it_works(cast):
    needs = {"needed_kit": ["vest", "laptop"], "needs_car": True}
    visit = told(cast, needs, kit=["vest"])
    said = "Pari puuttuu vielä. Puuttuu: Auto, Kannettava tietokone."
    assert visit["lacks"] == said


def test_nothing_lacks(cast):
    pair = [cast.aino, cast.kaisa]
    assert told(cast, {"needs_car": True}, workers=pair, has_car=True)["lacks"] == ""


def test_a_reason_why_alone_was_given(cast):
    assert told(cast, solo_reason="pair_ill")["lacks"] == ""


def test_a_visit_under_way_lacks_nothing(cast):
    assert told(cast, {"needs_car": True}, status="under_way")["lacks"] == ""


@pytest.mark.parametrize("second", ["partner", "expert", "host"])
def test_with_a_second_from_elsewhere_nothing_is_asked(cast, second):
    site = testing.make_site(cast, host_gives_pair=second == "host")
    testing.make_visit(cast, site, status="done")
    over = {
        "partner": cast.parish if second == "partner" else None,
        "has_expert_by_experience": second == "expert",
    }
    testing.make_visit(cast, site, day=clock.today(), **over)
    visits = reference_of(reader_of(make_phone(cast.aino)))["visits"]
    [visit] = [row for row in visits if row["status"] == "planned"]
    assert (visit["lacks"], visit["asks_why"]) == ("", False)


def test_a_guest_is_told_nothing_of_it(cast):
    visit = testing.make_visit(cast, day=clock.today())
    link, _token = make_guest_link(cast.aino, visit, nonce="n")
    [row] = reference_of(guest_of(link))["visits"]
    assert row["lacks"] == ""


@pytest.mark.browser
def test_today_says_it(cast, open_app):
    site = testing.make_site(cast, needed_kit=["laptop"])
    testing.make_visit(cast, site, day=clock.today())
    about = open_app().locator("[data-next-about]")
    said = "Pari puuttuu vielä. Puuttuu: Kannettava tietokone."
    expect(about).to_have_text(said)
