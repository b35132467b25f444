"""What a pair reads on the way: essentials, and no more than the reader may see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rinnalla import testing
from rinnalla.encounters.models import Count, Mark
from rinnalla.encounters.sixty.reading import rush_of
from rinnalla.lib import clock
from rinnalla.planning.models import TeamNote, Visit


def path(site):
    return f"/encounters/places/{site.pk}"


def page(client, site):
    answer = client.get(path(site))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def site(cast):
    return testing.make_site(cast, host=cast.parish, host_phone="+358401234567")


def been(cast, site, days, workers=(), **over):
    """A visit that was, so many days ago."""
    day = clock.today() - timedelta(days=days)
    return testing.make_visit(cast, site, workers, day=day, status="done", **over)


def taps(visit, hour, number, **over):
    at = clock.at(visit.day, hour, 5)
    for _ in range(number):
        testing.make_met(visit, 1, at=at, **over)


def note(site, text, **over):
    fields = {"team": site.team, "site": site, "written_on": clock.today()}
    return TeamNote.objects.create(text=text, **fields | over)


def test_it_works(cast, site, sign_in):
    testing.make_card(site, safety_note="Mene parina.")
    been(cast, site, 30, [cast.kaisa])
    last = been(cast, site, 3, [cast.aino, cast.kaisa])
    for days in (3, 10, 17):
        taps(been(cast, site, days + 7), 11, 8)
        taps(been(cast, site, days + 7), 10, 2)
    note(site, "Tuomme esitteitä.", is_promise=True)
    note(site, "Portti on kiinni.")
    text = page(sign_in(cast.aino), site)
    for said in (
        *("Ruokajako, Leipätupa", "Mene parina.", "Kerralla kohdataan"),
        *("Aino, Kaisa", "klo 11–12", "Rantalan seurakunta"),
        *('href="tel:+358401234567"', "Tuomme esitteitä.", "Portti on kiinni."),
        f"{last.day.day}.{last.day.month}.",
    ):
        assert said in text, said
    assert "Aalto" not in text.split("<main")[1]


def test_a_place_nobody_knows_yet(cast, sign_in):
    site = testing.make_site(cast)
    text = page(sign_in(cast.aino), site)
    assert text.count("ei tiedossa vielä") == 2
    assert "ei ole vielä korttia" in text
    assert "Lupasimme" not in text and "tel:" not in text


def test_done_and_old_promises_are_not_open(cast, site, sign_in):
    note(site, "Hoidettu asia.", is_promise=True, is_done=True)
    old = clock.today() - timedelta(days=31)
    note(site, "Vanha asia.", is_promise=True, written_on=old)
    text = page(sign_in(cast.aino), site)
    assert "Hoidettu asia." not in text and "Vanha asia." not in text


def test_more_than_fits_is_behind_the_link(cast, site, sign_in):
    for number in range(5):
        note(site, f"lupaus {number}", is_promise=True)
        note(site, f"lappu {number}")
    text = page(sign_in(cast.aino), site)
    assert sum(f"lupaus {n}" in text for n in range(5)) == 3
    assert sum(f"lappu {n}" in text for n in range(5)) == 2
    assert "Laput, 5 lisää" in text


def test_a_mark_on_the_phone_is_a_promise_in_words(cast, site, sign_in):
    visit = been(cast, site, 2)
    at = clock.at(visit.day, 11)
    for _ in range(2):
        Mark.objects.create(visit=visit, at=at, promise="find_out", age_band="30_49")
    Mark.objects.create(visit=visit, at=at, promise="bring", is_done=True)
    Mark.objects.create(visit=visit, at=at, topic="housing")
    Mark.objects.create(visit=been(cast, site, 40), at=at, promise="call_back")
    text = page(sign_in(cast.aino), site)
    assert "Selvitän asian (2)" in text
    assert "Tuon jotakin" not in text and "Soitan" not in text
    assert "30" not in text.split("Selvitän asian")[1].split("</li>")[0]


# --- The rush -----------------------------------------------------------------


def rush(site):
    return rush_of(Visit.objects.filter(site=site))


def test_the_rush_needs_three_visits(cast, site):
    for days in (1, 2):
        taps(been(cast, site, days), 11, 15)
    assert rush(site) is None
    taps(been(cast, site, 3), 11, 1)
    assert rush(site) == 11


def test_the_rush_needs_twenty_times(cast, site):
    for days in (1, 2, 3):
        taps(been(cast, site, days), 11, 6)
    assert rush(site) is None


def test_a_number_typed_afterwards_knows_no_hour(cast, site):
    for days in (1, 2, 3):
        visit = been(cast, site, days)
        testing.make_met(visit, 90, at=clock.at(visit.day, 13))
        testing.make_met(visit, 1, at=None)
        taps(visit, 10, 8)
    assert rush(site) == 10


def test_a_tap_taken_back_does_not_count(cast, site):
    for days in (1, 2, 3):
        visit = been(cast, site, days)
        taps(visit, 10, 7)
        taps(visit, 12, 8)
        for tap in visit.counts.filter(at=clock.at(visit.day, 12, 5)):
            Count.objects.create(visit=visit, kind="met", number=-1, undoes=tap)
    assert rush(site) == 10


def test_meetings_tell_of_the_rush_and_those_taken_back_do_not(cast, site):
    for days in (1, 2, 3):
        visit = been(cast, site, days)
        testing.make_guided(visit, 7, at=clock.at(visit.day, 11))
        testing.make_guided(visit, 9, at=clock.at(visit.day, 14), is_undone=True)
    assert rush(site) == 11


def test_the_hour_is_the_clocks_on_the_wall(cast, site):
    """Winter and summer: eleven here is nine, or eight, in the table."""
    for days in range(0, 360, 60):
        taps(been(cast, site, days), 11, 4)
    assert rush(site) == 11


# --- Whose page ---------------------------------------------------------------


def test_another_team_reads_the_card_and_nothing_of_ours(cast, site, sign_in):
    testing.make_card(site)
    for days in (1, 2, 3):
        taps(been(cast, site, days), 11, 8)
    note(site, "Tuomme esitteitä.", is_promise=True)
    text = page(sign_in(cast.outi), site)
    assert "Kerralla kohdataan" in text
    for closed in ("Aino", "klo 11–12", "Tuomme esitteitä.", f"{path(site)}/notes"):
        assert closed not in text


def test_a_partner_reads_where_its_people_go(cast, site, sign_in):
    other = testing.make_site(cast, name="Puisto")
    client = sign_in(cast.reijo)
    testing.make_card(site)
    note(site, "Tuomme esitteitä.", is_promise=True)
    assert "Tuomme esitteitä." not in page(client, site)
    assert client.get(path(other)).status_code == 404


def test_a_home_is_called_a_home_visit(cast, sign_in):
    home = testing.make_site(cast, kind="home", name="Rantakatu 5 A 3")
    text = page(sign_in(cast.aino), home)
    assert "Kotikäynti" in text and "Rantakatu" not in text


@pytest.mark.parametrize("who", ["leena", "hannu"])
def test_who_may_not(cast, site, sign_in, who):
    assert sign_in(getattr(cast, who)).get(path(site)).status_code == 403


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "%00"])
def test_no_such_place(cast, sign_in, key):
    assert sign_in(cast.aino).get(f"/encounters/places/{key}").status_code == 404


def test_linked_from_the_visit_and_the_place(cast, site, sign_in):
    client = sign_in(cast.aino)
    visit = testing.make_visit(cast, site, day=clock.today())
    for where in (f"/planning/visits/{visit.pk}/", f"/planning/places/{site.pk}/"):
        assert path(site) in client.get(where).content.decode(), where


def test_as_many_queries_however_much_there_is(cast, site, sign_in):
    testing.make_card(site)
    client = sign_in(cast.aino)
    taps(been(cast, site, 1), 11, 2)
    note(site, "lupaus", is_promise=True)
    page(client, site)
    with CaptureQueriesContext(connection) as few:
        page(client, site)
    for days in range(2, 12):
        taps(been(cast, site, days, [cast.aino, cast.kaisa]), 11, 4)
        note(site, f"lappu {days}")
    with CaptureQueriesContext(connection) as many:
        page(client, site)
    assert len(many) <= len(few)
