"""What a phone takes along: enough to work for days, and nobody's secrets."""

import json
from datetime import time, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import Municipality
from rinnalla.lib import clock
from rinnalla.phone import reference as references
from rinnalla.phone.tests.phones import make_phone, signed
from rinnalla.planning.models import Site

URL = "/phone/reference"


@pytest.fixture(autouse=True)
def nothing_known():
    cache.clear()


@pytest.fixture
def phone(cast):
    return make_phone(cast.aino)


def read(client, phone, language="fi", **headers):
    """What a phone is given; its answer."""
    return client.get(URL, HTTP_ACCEPT_LANGUAGE=language, **signed(phone), **headers)


def visits_of(client, phone):
    return {visit["id"]: visit for visit in read(client, phone).json()["visits"]}


def test_it_works(cast, client, phone):
    site = testing.make_site(cast)
    testing.make_card(site, safety_note="Takapiha on liukas.")
    visit = testing.make_visit(cast, site, day=clock.today())
    answer = read(client, phone)
    said = answer.json()
    assert answer.status_code == 200
    assert (said["version"], said["hours"], said["notes"]) == (1, 72, False)
    assert said["worker"]["name"] == "Aino Aalto" and said["worker"]["details"]
    [told] = said["visits"]
    assert told["id"] == str(visit.pk)
    assert told["title"].endswith(", Leipätupa")
    assert (told["mine"], told["starts"], told["hours"]) == (True, "10.00", "10–12")
    [place] = said["sites"]
    assert place["safety"] == "Takapiha on liukas."
    assert set(place["card"]) == {"why", "when", "where", "resources", "traits"}
    assert len(said["key"]["id"]) == 16 and len(said["key"]["public"]) == 87


def test_unchanged_it_is_not_sent_again(cast, client, phone):
    testing.make_visit(cast, day=clock.today())
    etag = read(client, phone)["ETag"]
    again = read(client, phone, HTTP_IF_NONE_MATCH=etag)
    assert (again.status_code, again.content) == (304, b"")
    testing.make_visit(cast, day=clock.today())
    assert read(client, phone, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_counting_on_a_visit_under_way_fetches_nothing_anew(cast, client, phone, visit):
    etag = read(client, phone)["ETag"]
    testing.make_met(visit, 3)
    testing.make_guided(visit, 1)
    assert read(client, phone, HTTP_IF_NONE_MATCH=etag).status_code == 304
    visit.status = "done"
    visit.ended_at = clock.cut(clock.now())
    visit.save()
    ended = read(client, phone, HTTP_IF_NONE_MATCH=etag)
    assert ended.status_code == 200
    [told] = ended.json()["visits"]
    assert told["totals"]["together"] == 4 and len(told["stubs"]) == 1


def test_the_door_knows_the_same_mark(cast, client, phone):
    testing.make_visit(cast, day=clock.today())
    from django.utils import translation

    with translation.override("fi"):
        assert references.etag_for(phone) == read(client, phone)["ETag"]


@pytest.mark.parametrize(("language", "word"), [("sv", "Ärende"), ("en", "Topic")])
def test_words_are_in_the_phones_language(cast, client, phone, language, word):
    said = read(client, phone, language).json()
    assert said["lang"] == language
    assert said["groups"]["topics"]["legend"] == word


@pytest.mark.parametrize("header", ["", "Device x", "Device a.b", "Bearer abc"])
def test_a_stranger_is_refused(client, db, header):
    answer = client.get(URL, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401 and answer.json()["why"]


def test_another_token_is_refused(cast, client, phone):
    phone.token = "guess"
    assert read(client, phone).status_code == 401


def test_a_phone_out_of_use_reads_nothing(cast, client, phone):
    phone.revoked_at = clock.now()
    phone.save()
    assert read(client, phone).status_code == 403


def test_who_left_reads_nothing(cast, client, phone):
    cast.aino.is_active = False
    cast.aino.save()
    assert read(client, phone).status_code == 403


def test_another_teams_visits_are_not_there(cast, client, phone):
    park = testing.make_site(cast, name="Puisto", team=cast.other_team)
    testing.make_visit(cast, park, day=clock.today(), workers=[cast.outi])
    said = read(client, phone).json()
    assert said["visits"] == [] and said["sites"] == []


def test_who_changes_team_reads_the_new_teams(cast, client, phone):
    testing.make_visit(cast, day=clock.today())
    cast.aino.team = cast.other_team
    cast.aino.save()
    assert read(client, phone).json()["visits"] == []


def test_three_days_ahead_and_no_further(cast, client, phone):
    days = [clock.today() + timedelta(days=n) for n in (0, 3, 4)]
    for day in days:
        testing.make_visit(cast, day=day)
    seen = {visit["day"] for visit in read(client, phone).json()["visits"]}
    assert seen == {day.isoformat() for day in days[:2]}


def test_what_waits_for_a_wrap_up_comes_along(cast, client, phone):
    day = clock.today() - timedelta(days=5)
    waits = testing.make_visit(cast, day=day, status="done")
    testing.make_guided(waits, 1, topics=["debt"])
    testing.make_visit(cast, day=day, status="done", workers=[cast.kaisa])
    [told] = read(client, phone).json()["visits"]
    assert told["id"] == str(waits.pk) and told["waits"] and told["correctable"]
    assert [stub["missing"] for stub in told["stubs"]] == ["method"]


def test_a_home_is_called_by_its_kind(cast, client, phone):
    home = testing.make_site(
        cast, name="Mäntykatu 3 A 4", kind="home", area="Puijo", is_ad_hoc=True
    )
    testing.make_card(home, where="Ovikoodi")
    testing.make_visit(cast, home, day=clock.today())
    text = read(client, phone).content.decode()
    assert "Mäntykatu" not in text and "Puijo" not in text and "Ovikoodi" not in text


def test_a_partner_without_agreement_gets_counts_only(cast, client):
    phone = make_phone(cast.paula)
    seen = testing.make_visit(
        cast,
        organisation=cast.ngo,
        workers=[cast.paula],
        status="under_way",
        day=clock.today(),
    )
    testing.make_guided(seen, 2)
    testing.make_visit(cast, organisation=cast.ngo, workers=[cast.aino])
    told = visits_of(client, phone)
    assert set(told) == {str(seen.pk)}
    visit = told[str(seen.pk)]
    assert visit["totals"]["guided_together"] == 2
    assert visit["stubs"] == visit["marks"] == []


def test_a_shared_phone_shows_the_teams_day(cast, client):
    phone = make_phone(team=cast.team)
    testing.make_visit(cast, day=clock.today(), workers=[cast.aino])
    testing.make_visit(cast, day=clock.today(), workers=[cast.kaisa])
    said = read(client, phone).json()
    assert said["worker"] is None and said["device"]["is_shared"]
    assert [worker["name"] for worker in said["workers"]] == [
        "Aino Aalto",
        "Kaisa Koski",
    ]
    assert len(said["visits"]) == 2 and not any(v["mine"] for v in said["visits"])


def test_nobody_is_told_of_but_first_names(cast, client, phone):
    testing.make_visit(cast, day=clock.today(), workers=[cast.aino, cast.kaisa])
    text = read(client, phone).content.decode()
    assert "Kaisa" in text and "Kaisa Koski" not in text and "@example.fi" not in text


def test_going_alone_asks_why(cast, client, phone):
    visit = testing.make_visit(cast, day=clock.today())
    alone = visits_of(client, phone)[str(visit.pk)]
    assert alone["asks_why"] and alone["why_text"]
    visit.workers.set([cast.aino, cast.kaisa])
    pair = visits_of(client, phone)[str(visit.pk)]
    assert not pair["asks_why"] and pair["why_text"] == ""


def test_the_most_used_choices_of_a_place_come_first(cast, client, phone):
    old = testing.make_visit(cast, day=clock.today() - timedelta(days=10))
    testing.make_guided(old, 3, topics=["debt"], methods=["letter"])
    testing.make_visit(cast, day=clock.today())
    [place] = read(client, phone).json()["sites"]
    assert place["used"]["topics"][0] == "debt"
    assert len(place["used"]["topics"]) == 8


def test_familiar_places_and_the_last_street(cast, client, phone):
    street = testing.make_site(cast, name="Kauppakatu", kind="street")
    testing.make_visit(cast, street, day=clock.today() - timedelta(days=2))
    said = read(client, phone).json()
    assert said["street"] == street.pk and said["places"] == [street.pk]


def test_a_park_is_near_but_no_street(cast, client, phone):
    park = testing.make_site(cast, name="Satamapuisto", kind="park")
    testing.make_visit(cast, park, day=clock.today() - timedelta(days=2))
    said = read(client, phone).json()
    assert said["street"] is None and said["places"] == [park.pk]


def test_a_guest_sees_one_visit_in_counts(cast, client):
    from rinnalla.planning.actions import make_guest_link

    visit = testing.make_visit(cast, day=clock.today())
    testing.make_visit(cast, day=clock.today())
    link, token = make_guest_link(cast.aino, visit, nonce="a")
    url = reverse("phone:guest_reference", args=[token])
    said = client.get(url).json()
    assert [told["id"] for told in said["visits"]] == [str(visit.pk)]
    assert said["workers"] == said["municipalities"] == [] and said["worker"] is None
    assert said["visits"][0]["names"] == [] and said["sites"][0]["card"] is None
    link.is_revoked = True
    link.save()
    assert client.get(url).status_code == 410


# --- Weight ------------------------------------------------------------------

TEXT = "Piha, josta jono kiertää talon ja jossa on hyvä seistä sivummalla. " * 3


def fill(cast, sites, visits):
    """So many places with their cards and so many visits with their records."""
    town = Municipality.objects.get(code="297")
    made = Site.objects.bulk_create(
        Site(
            name=f"Paikka numero {n}",
            kind="food_distribution",
            municipality=town,
            team=cast.team,
        )
        for n in range(sites)
    )
    for site in made:
        testing.make_card(site, why=TEXT, where=TEXT, features=TEXT, resources=TEXT)
    today = clock.today()
    for n in range(visits):
        day, status = today + timedelta(days=n % 3), "planned"
        if n % 2:
            day, status = today - timedelta(days=n % 7), "done"
        visit = testing.make_visit(
            cast,
            made[n % sites],
            [cast.aino, cast.kaisa],
            day=day,
            status=status,
            starts=time(9, n % 60),
        )
        if status == "done":
            testing.make_guided(visit, 2)
            testing.make_met(visit, 12)


def test_it_weighs_little_and_asks_no_more_for_more(cast, client, phone):
    fill(cast, 3, 6)
    read(client, phone)
    with CaptureQueriesContext(connection) as few:
        read(client, phone)
    for site in Site.objects.all():
        site.name += " vanha"
        site.save()
    fill(cast, 60, 200)
    read(client, phone)
    with CaptureQueriesContext(connection) as many:
        answer = read(client, phone)
    assert len(many) == len(few) <= 22
    assert len(answer.content) <= 200_000
    said = json.loads(answer.content)
    assert len(said["visits"]) == 200 and len(said["sites"]) >= 60


def test_the_cards_one_needs_soonest_stay(cast, client, phone, monkeypatch):
    """Too heavy, it leaves out the cards of places nobody is going to."""
    soon = testing.make_site(cast)
    for site in (soon, testing.make_site(cast, name="Kirjasto")):
        testing.make_card(site, why=TEXT)
    testing.make_visit(cast, soon, day=clock.today())
    whole = len(read(client, phone).content)
    monkeypatch.setattr(references, "MOST_BYTES", whole - 100)
    cards = {s["name"]: s["card"] for s in read(client, phone).json()["sites"]}
    assert cards["Leipätupa"] and cards["Kirjasto"] is None
