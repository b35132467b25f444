"""A place is given its rhythm on a page, in words."""

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.planning.models import Rhythm
from rinnalla.planning.rhythm import actions


@pytest.fixture(autouse=True)
def early_march():
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False):
        yield


HOURS = {"starts": None, "ends": None, "keeps_holidays": False}


def typed(**over):
    fields = {
        "often": "w1",
        "weekdays": ["2"],
        "starts": "9:00",
        "ends": "12:00",
        "since": "2026-03-02",
    }
    return {key: value for key, value in (fields | over).items() if value is not None}


def url(site):
    return reverse("planning:rhythm", args=[site.pk])


def test_it_works(cast, sign_in):
    site = testing.make_site(cast)
    response = sign_in(cast.aino).post(url(site), typed(), follow=True)
    rhythm = Rhythm.objects.get()
    assert rhythm.rule == "FREQ=WEEKLY;BYDAY=WE"
    assert (rhythm.starts, rhythm.ends) == (time(9), time(12))
    page = response.content.decode()
    assert "Joka viikko keskiviikkoisin klo 9–12." in page
    assert "ke 4.3., ke 11.3., ke 18.3." in page
    assert "FREQ" not in page
    assert AuditEvent.objects.filter(action="rhythm.set").count() == 1


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"weekdays": ["0", "3"]}, "Joka viikko maanantaisin ja torstaisin klo 9–12"),
        ({"often": "w3"}, "Joka kolmas viikko keskiviikkoisin klo 9–12"),
        (
            {"often": "latter", "weekdays": ["3"]},
            "Kerran kuussa, kuun loppupuolella, torstaina klo 9–12",
        ),
        ({"often": "m2last"}, "Kuukauden toinen ja viimeinen keskiviikko klo 9–12"),
        ({"often": "events"}, "Vain tapahtumien mukaan"),
        ({"starts": "9.30", "ends": ""}, "Joka viikko keskiviikkoisin klo 9.30–11.30"),
        ({"starts": "", "ends": ""}, "Joka viikko keskiviikkoisin"),
    ],
)
def test_it_is_said_in_words(cast, sign_in, choice, said):
    site = testing.make_site(cast)
    response = sign_in(cast.aino).post(url(site), typed(**choice), follow=True)
    assert f"{said}." in response.content.decode()


def test_in_season(cast, sign_in):
    site = testing.make_site(cast, season_from=5, season_to=9)
    response = sign_in(cast.aino).post(url(site), typed(), follow=True)
    page = response.content.decode()
    assert "klo 9–12, toukokuu–syyskuu." in page
    assert "ke 6.5., ke 13.5., ke 20.5." in page


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        ({"weekdays": None}, "Valitse viikonpäivä."),
        ({"often": "m2", "weekdays": ["1", "2"]}, "Valitse kuukausirytmiin yksi"),
        ({"ends": "8:00"}, "päättyy ennen"),
        ({"starts": "", "ends": "8:00"}, "Anna myös alkamisaika."),
        ({"since": "2999-01-01"}, "kahden vuoden"),
        ({"since": "kohta"}, "päivä muodossa"),
        ({"often": "FREQ=DAILY"}, "ei ole enää"),
        ({"weekdays": ["9"]}, "ei ole enää"),
        ({"starts": "\x00"}, "aika muodossa"),
    ],
)
def test_what_is_asked(cast, sign_in, fault, asked):
    site = testing.make_site(cast)
    response = sign_in(cast.aino).post(url(site), typed(**fault))
    assert asked in response.content.decode()
    assert not Rhythm.objects.exists()


def test_sent_twice_is_set_once(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.aino)
    for _ in range(2):
        client.post(url(site), typed())
    assert Rhythm.objects.count() == 1
    assert AuditEvent.objects.filter(action="rhythm.set").count() == 1


def test_a_new_one_ends_the_earlier(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.aino)
    client.post(url(site), typed())
    client.post(url(site), typed(weekdays=["4"], since="2026-04-01"))
    old, new = Rhythm.objects.order_by("pk")
    assert (old.rule[-2:], old.until) == ("WE", date(2026, 3, 31))
    assert (new.rule[-2:], new.until) == ("FR", None)


def test_one_that_had_not_begun_is_written_over(cast):
    site = testing.make_site(cast)
    choice = {"starts": None, "ends": None, "keeps_holidays": False}
    actions.set_rhythm(
        cast.aino,
        site,
        rule="FREQ=WEEKLY;BYDAY=MO",
        since=date(2026, 6, 1),
        **choice,
    )
    actions.set_rhythm(
        cast.aino,
        site,
        rule="FREQ=WEEKLY;BYDAY=TU",
        since=date(2026, 5, 1),
        **choice,
    )
    rhythm = Rhythm.objects.get()
    assert (rhythm.rule[-2:], rhythm.since) == ("TU", date(2026, 5, 1))


def running(site, since, until=None):
    rule = "FREQ=WEEKLY;BYDAY=MO"
    return Rhythm.objects.create(site=site, rule=rule, since=since, until=until)


@pytest.mark.parametrize("since", ["2026-01-01", "2026-02-23", "2026-03-01"])
def test_days_that_are_past_stay_as_they_were_promised(cast, sign_in, since):
    site = testing.make_site(cast)
    running(site, date(2026, 2, 2))
    response = sign_in(cast.aino).post(url(site), typed(since=since))
    said = "Ennen 2.3.2026 olevat päivät on jo luvattu."
    assert said in response.content.decode()
    rhythm = Rhythm.objects.get()
    assert (rhythm.rule[-2:], rhythm.until) == ("MO", None)


def test_a_new_one_never_overlaps_an_ended_one(cast, sign_in):
    site = testing.make_site(cast)
    running(site, date(2026, 2, 2), until=date(2026, 5, 31))
    running(site, date(2026, 6, 1))
    client = sign_in(cast.aino)
    response = client.post(url(site), typed(since="2026-05-04"))
    assert "Ennen 1.6.2026" in response.content.decode()
    with pytest.raises(actions.TooEarly):
        actions.set_rhythm(cast.aino, site, rule="", since=date(2026, 5, 4), **HOURS)
    assert not Rhythm.objects.filter(rule="").exists()
    assert client.post(url(site), typed(since="2026-06-01")).status_code == 302
    assert Rhythm.objects.get(until=None).rule[-2:] == "WE"


def test_a_first_one_may_count_its_weeks_from_before(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.aino)
    early = typed(often="w2", weekdays=["2"], since="2026-02-11")
    assert "myöhempi" in client.post(url(site), early).content.decode()
    assert not Rhythm.objects.exists()
    counted = early | {"since": "2026-02-20"}
    assert client.post(url(site), counted).status_code == 302
    assert client.post(url(site), counted).status_code == 302
    assert Rhythm.objects.get().since == date(2026, 2, 20)


@pytest.mark.parametrize("who", ["outi", "leena", "reijo", "hannu"])
def test_whose_place_it_is_not(cast, sign_in, who):
    site = testing.make_site(cast)
    response = sign_in(getattr(cast, who)).post(url(site), typed())
    assert response.status_code in (403, 404)
    assert not Rhythm.objects.exists()


def test_a_retired_place_has_none(cast, sign_in):
    site = testing.make_site(cast, retired_on=date(2026, 1, 1))
    assert sign_in(cast.aino).get(url(site)).status_code == 404
