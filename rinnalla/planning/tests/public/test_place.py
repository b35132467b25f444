"""The public page of a place: when we come next, and a missed day said kindly."""

from datetime import date, time, timedelta

import pytest
import time_machine

from rinnalla.lib import clock
from rinnalla.planning.models import PublicLine, Rhythm
from rinnalla.testing import make_site, make_visit

TODAY = "2026-03-20T08:00:00+00:00"  # a Friday


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(TODAY, tick=False) as moved:
        yield moved


@pytest.fixture
def site(cast):
    site = make_site(cast)
    PublicLine.objects.create(site=site, code="abc2345", sign="blue_vest")
    return site


def page(client, language="fi"):
    return client.get(f"/open/{language}/places/abc2345").content.decode()


def test_it_works(cast, site, client):
    pair = [cast.aino, cast.kaisa]
    make_visit(cast, site, pair, day=date(2026, 3, 12), status="done")
    make_visit(cast, site, pair, day=date(2026, 3, 26))
    make_visit(cast, site, pair, day=date(2026, 4, 9), starts=time(9))
    seen = page(client)
    assert "Seuraavan kerran" in seen
    assert "to 26.3. klo 10–12" in seen
    assert "Samat kaksi kuin viimeksi." in seen
    assert "Tunnistat meidät tästä: sininen liivi." in seen
    assert "to 9.4. klo 9–12" in seen


def test_no_name_and_no_reason_is_told(cast, site, client):
    make_visit(cast, site, [cast.aino], day=date(2026, 3, 26), solo_reason="pair_ill")
    seen = page(client)
    assert "Aino" not in seen
    assert "sairastui" not in seen


def test_others_come_than_last_time(cast, site, client):
    make_visit(cast, site, [cast.aino], day=date(2026, 3, 12), status="done")
    make_visit(cast, site, [cast.kaisa], day=date(2026, 3, 26))
    assert "kuin viimeksi" not in page(client)


def test_a_missed_day_is_said_kindly_for_a_week(cast, site, client, now):
    off = {"status": "cancelled", "cancel_reason": "staff_ill"}
    make_visit(cast, site, day=date(2026, 3, 19), **off)
    assert "Emme päässeet paikalle to 19.3." in page(client)
    now.move_to("2026-03-27T08:00:00+00:00")
    assert "Emme päässeet" not in page(client)


def test_a_missed_day_is_forgotten_when_we_have_been_there(cast, site, client):
    off = {"status": "cancelled", "cancel_reason": "staff_ill"}
    make_visit(cast, site, day=date(2026, 3, 17), **off)
    make_visit(cast, site, day=date(2026, 3, 19), status="done")
    assert "Emme päässeet" not in page(client)


def test_one_begun_by_mistake_was_never_to_be(cast, site, client):
    off = {"status": "cancelled", "cancel_reason": "mistaken"}
    make_visit(cast, site, day=date(2026, 3, 19), **off)
    assert "Emme päässeet" not in page(client)


def test_a_coming_day_that_fell_through(cast, site, client):
    off = {"status": "cancelled", "cancel_reason": "weather"}
    make_visit(cast, site, day=date(2026, 3, 26), **off)
    make_visit(cast, site, day=date(2026, 4, 9))
    seen = page(client)
    assert "Emme pääse paikalle to 26.3." in seen
    assert "to 9.4." in seen


def test_a_moved_day(cast, site, client):
    weekly = {"rule": "FREQ=WEEKLY;BYDAY=TH", "since": date(2026, 1, 8)}
    rhythm = Rhythm.objects.create(site=site, starts=time(10), **weekly)
    make_visit(cast, site, day=date(2026, 3, 27), rhythm=rhythm, slot=date(2026, 3, 26))
    seen = page(client)
    assert "Emme pääse paikalle to 26.3." in seen
    assert "pe 27.3." in seen
    assert "Joka viikko torstaisin" in seen


def test_we_are_there_now(cast, site, client):
    make_visit(cast, site, day=date(2026, 3, 20), status="under_way")
    assert "Olemme täällä nyt" in page(client)


def test_nothing_is_agreed_yet(cast, site, client):
    assert "Seuraavaa päivää ei ole vielä sovittu" in page(client)


@pytest.mark.parametrize(
    ("language", "word"), [("sv", "Nästa gång"), ("en", "Next time")]
)
def test_in_each_language(cast, site, client, language, word):
    make_visit(cast, site, day=date(2026, 3, 26))
    assert word in page(client, language)


def test_the_feed_names_the_days(cast, site, client):
    from xml.etree import ElementTree

    make_visit(cast, site, day=date(2026, 3, 26))
    make_visit(cast, site, day=date(2026, 4, 9))
    answer = client.get("/open/fi/places/abc2345/feed")
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)
    space = "{http://www.w3.org/2005/Atom}"
    said = [entry.findtext(f"{space}title") for entry in root.iter(f"{space}entry")]
    assert said == ["to 26.3. klo 10–12", "to 9.4. klo 10–12"]


@pytest.mark.parametrize("over", [{"kind": "home"}, {"is_ad_hoc": True}])
def test_a_home_is_never_public(cast, client, over):
    PublicLine.objects.create(site=make_site(cast, **over), code="abc2345")
    assert client.get("/open/fi/places/abc2345").status_code == 404
    assert "abc2345" not in client.get("/open/fi/").content.decode()


def test_a_poster_of_a_place_we_left_says_so(cast, client):
    left = make_site(cast, retired_on=date(2026, 3, 1))
    PublicLine.objects.create(site=left, code="abc2345")
    make_visit(cast, left, day=date(2026, 3, 26))
    seen = page(client)
    assert "Emme enää käy täällä." in seen
    assert "26.3." not in seen, "a day nobody has called off is no promise"
    assert "abc2345" not in client.get("/open/fi/").content.decode()
    assert "26.3." not in client.get("/open/fi/places/abc2345/feed").content.decode()


def test_a_last_day_ahead_is_said(cast, site, client):
    type(site).objects.update(retired_on=date(2026, 4, 1))
    make_visit(cast, site, day=date(2026, 3, 26))
    seen = page(client)
    assert "Viimeinen päivämme täällä on ti 31.3." in seen
    assert "to 26.3." in seen


def test_taken_off_it_is_not_there(cast, site, client):
    PublicLine.objects.update(is_shown=False)
    assert client.get("/open/fi/places/abc2345").status_code == 404
    assert "Leipätupa" not in client.get("/open/fi/").content.decode()


def test_the_start_lists_places_with_their_next_day(
    cast, site, client, django_assert_num_queries
):
    make_visit(cast, site, day=date(2026, 3, 26))
    with django_assert_num_queries(4):
        seen = client.get("/open/fi/").content.decode()
    assert "Leipätupa" in seen
    assert "to 26.3. klo 10" in seen


def test_the_start_names_no_day_after_the_last(cast, site, client):
    type(site).objects.update(retired_on=date(2026, 3, 26))
    make_visit(cast, site, day=date(2026, 3, 26))
    assert "26.3." not in client.get("/open/fi/").content.decode()
    make_visit(cast, site, day=date(2026, 3, 25))
    assert "ke 25.3." in client.get("/open/fi/").content.decode()


def test_no_cookie_on_any_of_them(cast, site, client):
    for path in ("/open/fi/", "/open/fi/places/abc2345", "/open/fi/accessibility"):
        assert not client.get(path).cookies


def test_a_day_moved_far_is_told_before_another_one_is_kept(cast, site, client):
    """We come on the second in between: the first of them fell through all the same."""
    weekly = {"rule": "FREQ=WEEKLY;BYDAY=TH", "since": date(2026, 1, 8)}
    rhythm = Rhythm.objects.create(site=site, starts=time(10), **weekly)
    by_slot = {"rhythm": rhythm, "slot": date(2026, 3, 26)}
    make_visit(cast, site, day=date(2026, 4, 3), **by_slot)
    make_visit(cast, site, day=date(2026, 4, 2), rhythm=rhythm, slot=date(2026, 4, 2))
    seen = page(client)
    assert "Emme pääse paikalle to 26.3." in seen
    assert "to 2.4." in seen


def test_a_day_moved_earlier_and_kept_is_said_not_to_come(cast, site, client):
    weekly = {"rule": "FREQ=WEEKLY;BYDAY=SA", "since": date(2026, 1, 10)}
    rhythm = Rhythm.objects.create(site=site, starts=time(10), **weekly)
    by_slot = {"rhythm": rhythm, "slot": date(2026, 3, 21), "status": "done"}
    make_visit(cast, site, day=date(2026, 3, 19), **by_slot)
    make_visit(cast, site, day=date(2026, 3, 28))
    assert "Emme pääse paikalle la 21.3." in page(client)


def test_a_moved_day_on_which_we_come_all_the_same(cast, site, client):
    weekly = {"rule": "FREQ=WEEKLY;BYDAY=TH", "since": date(2026, 1, 8)}
    rhythm = Rhythm.objects.create(site=site, starts=time(10), **weekly)
    by_slot = {"rhythm": rhythm, "slot": date(2026, 3, 26)}
    make_visit(cast, site, day=date(2026, 4, 3), **by_slot)
    make_visit(cast, site, day=date(2026, 3, 26))
    assert "Emme pääse" not in page(client)


def test_the_start_names_the_soonest_place_first(cast, client):
    days = {"Aamutupa": 9, "Leipätupa": 2, "Tori": None}
    for name, ahead in days.items():
        site = make_site(cast, name=name)
        PublicLine.objects.create(site=site, code=f"abc234{len(name)}", is_shown=True)
        if ahead:
            day = clock.today() + timedelta(days=ahead)
            make_visit(cast, site, day=day)
    page = client.get("/open/fi/").content.decode()
    assert page.index("Leipätupa") < page.index("Aamutupa") < page.index("Tori")
    assert page.index("Tori") < page.index("Pyydä meidät")
