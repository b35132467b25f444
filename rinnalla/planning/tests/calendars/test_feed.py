"""The private calendar address: what it tells, to whom, and that it keeps quiet."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from rinnalla.lib import clock
from rinnalla.planning import actions as visits
from rinnalla.planning.calendars import actions
from rinnalla.planning.models import CalendarEntry, CalendarFeed
from rinnalla.planning.tests.calendars.reading import by_node, by_python
from rinnalla.testing import make_site, make_visit

OWN, TEAM = CalendarFeed.Kind.OWN, CalendarFeed.Kind.TEAM
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def address(worker, kind=OWN):
    return reverse(
        "planning:calendar_feed", args=[actions.make_feed(worker, kind).token]
    )


def tomorrow():
    return clock.today() + timedelta(days=1)


@pytest.fixture
def visit(cast):
    return make_visit(cast, day=tomorrow())


def read(client, worker, kind=OWN):
    return by_python(client.get(address(worker, kind)).content)


def test_it_works(cast, client, visit, tmp_path):
    answer = client.get(address(cast.aino))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    event = by_python(answer.content)[str(visit.pk)]
    assert event["summary"] == "Leipätupa"
    assert event["location"] == "Kuopio"
    assert event["dtstart"].dt == clock.at(tomorrow(), 10)
    assert event["dtend"].dt == clock.at(tomorrow(), 12)
    assert event["sequence"] == 0
    told = by_node(answer.content, tmp_path)[str(visit.pk)]
    assert told["name"] == "Leipätupa"
    assert told["starts"] == f"{clock.at(tomorrow(), 10):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_both_readers_know_the_clock_changes(cast, client, tmp_path, day):
    """Each hour of the three days around, also the one there is twice or not at all."""
    hours = [
        (on, time(hour))
        for on in (day - timedelta(days=1), day, day + timedelta(days=1))
        for hour in range(24)
    ]
    made = {
        str(make_visit(cast, day=on, starts=hour, ends=None).pk): (on, hour)
        for on, hour in hours
    }
    with time_machine.travel(datetime(2027, day.month, 1, 9, tzinfo=UTC), tick=False):
        content = client.get(address(cast.aino)).content
    python, js = by_python(content), by_node(content, tmp_path)
    assert set(python) == set(js) == set(made)
    for uid, (on, hour) in made.items():
        wanted = clock.at(on, hour.hour)
        assert python[uid]["dtstart"].dt.astimezone(UTC) == wanted
        assert js[uid]["starts"] == f"{wanted:%Y-%m-%dT%H:%M:%SZ}", (on, hour)


def test_its_own_time_zone_says_the_same(cast, client, visit):
    """A reader that knows no Europe/Helsinki works from the VTIMEZONE alone."""
    from icalendar import Calendar

    calendar = Calendar.from_ical(client.get(address(cast.aino)).content)
    (zone,) = calendar.walk("VTIMEZONE")
    told = zone.to_tz()
    for day in (SPRING, AUTUMN, date(2031, 7, 1), date(2031, 12, 1)):
        for hour in (0, 2, 5, 12):
            here = datetime(day.year, day.month, day.day, hour)
            wanted = here.replace(tzinfo=clock.HELSINKI).utcoffset()
            assert told.utcoffset(here) == wanted, here


def test_lines_are_short(cast, client, tmp_path):
    name = "Äyräpään ruokajako, jossa jonotetaan; 🚶 sisäpihan kautta, " * 2
    site = make_site(cast, name=name.strip(), area="Männistö\\Länsi, itä; pohjoinen")
    visit = make_visit(cast, site, day=tomorrow())
    content = client.get(address(cast.aino)).content
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert by_python(content)[str(visit.pk)]["summary"] == site.name
    assert by_node(content, tmp_path)[str(visit.pk)]["name"] == site.name


def test_a_change_has_the_next_number(cast, client, visit, tmp_path):
    assert read(client, cast.aino)[str(visit.pk)]["sequence"] == 0
    changed = {"day": tomorrow() + timedelta(days=1), "starts": time(13)}
    visits.change_visit(cast.kaisa, visit, workers=[cast.aino, cast.kaisa], **changed)
    moved = read(client, cast.aino)[str(visit.pk)]
    assert (moved["sequence"], moved["status"]) == (1, "CONFIRMED")
    visits.cancel_visit(cast.kaisa, visit, reason="weather")
    content = client.get(address(cast.aino)).content
    off = by_node(content, tmp_path)[str(visit.pk)]
    assert (off["sequence"], off["status"]) == (2, "CANCELLED")
    visits.reopen_visit(cast.kaisa, visit)
    again = read(client, cast.aino)[str(visit.pk)]
    assert (again["sequence"], again["status"]) == (3, "CONFIRMED")


def test_what_is_not_told_changes_no_number(cast, client, visit):
    read(client, cast.aino)
    visits.start_visit(cast.aino, visit, solo_reason="urgent")
    visits.finish_visit(cast.aino, visit)
    assert read(client, cast.aino)[str(visit.pk)]["sequence"] == 0
    assert CalendarEntry.objects.get(visit=visit).sequence == 0


def test_a_name_changed_elsewhere_has_the_next_number_too(cast, client, visit):
    read(client, cast.aino)
    visit.site.name = "Uusi Leipätupa"
    visit.site.save()
    event = read(client, cast.aino)[str(visit.pk)]
    assert (event["sequence"], event["summary"]) == (1, "Uusi Leipätupa")


def test_who_has_it_already_gets_304(
    cast, client, visit, django_assert_max_num_queries
):
    where = address(cast.aino)
    first = client.get(where)
    with django_assert_max_num_queries(6):
        second = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert second["ETag"] == first["ETag"]
    visits.cancel_visit(cast.aino, visit, reason="weather")
    third = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert third.status_code == 200
    assert third["ETag"] != first["ETag"]


def test_it_says_nothing_but_where_and_when(cast, client):
    """No names of workers, no reasons; a home and an unplanned place not even where."""
    home = make_site(cast, name="Mäkikatu 5", kind="home", area="Männistö")
    corner = make_site(cast, name="Kulma Keijolla", kind="street", is_ad_hoc=True)
    for site in (home, corner):
        make_visit(cast, site, day=tomorrow(), solo_reason="urgent", kit=["laptop"])
    content = client.get(address(cast.aino)).content.decode()
    names = {str(e["summary"]) for e in by_python(content.encode()).values()}
    assert names == {"Kotikäynti", "Katu"}
    for word in ("Mäkikatu", "Männistö", "Keijo", "Aino", "urgent", "laptop", "http"):
        assert word not in content


def test_the_net_is_nowhere(cast, client):
    make_visit(cast, make_site(cast, name="Iltachat", kind="online"), day=tomorrow())
    (event,) = read(client, cast.aino).values()
    assert event["summary"] == "Iltachat"
    assert "location" not in event


def test_the_own_calendar_has_own_visits_only(cast, client, visit):
    theirs = make_visit(cast, visit.site, day=tomorrow(), workers=[cast.kaisa])
    assert set(read(client, cast.aino)) == {str(visit.pk)}
    both = {str(visit.pk), str(theirs.pk)}
    assert set(read(client, cast.aino, TEAM)) == both
    assert not read(client, cast.outi, TEAM)


def test_a_partner_without_agreement_reads_own_visits_in_both(cast, client):
    mine = make_visit(cast, organisation=cast.ngo, day=tomorrow(), workers=[cast.paula])
    make_visit(cast, organisation=cast.ngo, day=tomorrow(), workers=[cast.kaisa])
    assert set(read(client, cast.paula)) == {str(mine.pk)}
    assert set(read(client, cast.paula, TEAM)) == {str(mine.pk)}


def test_a_visit_without_an_hour_takes_the_day(cast, client, tmp_path):
    visit = make_visit(cast, day=tomorrow(), starts=None, ends=None)
    content = client.get(address(cast.aino)).content
    assert by_python(content)[str(visit.pk)]["dtstart"].dt == tomorrow()
    told = by_node(content, tmp_path)[str(visit.pk)]
    assert told["starts"] == tomorrow().isoformat()


def test_old_and_far_visits_are_left_out(cast, client):
    for days in (-40, 400):
        make_visit(cast, day=clock.today() + timedelta(days=days))
    assert read(client, cast.aino) == {}


def test_it_speaks_the_workers_language(cast, client):
    make_visit(cast, make_site(cast, name="x", kind="home"), day=tomorrow())
    cast.aino.language = "sv"
    cast.aino.save()
    client.cookies["language"] = "en"
    (event,) = read(client, cast.aino).values()
    assert event["summary"] == "Hembesök"


def test_it_sets_no_cookie_and_asks_for_no_cache(cast, client, visit):
    answer = client.get(address(cast.aino))
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("end", ["close", "leave", "agreement", "wrong"])
def test_a_closed_address_opens_no_more(cast, client, visit, end):
    where = address(cast.aino)
    if end == "close":
        actions.close_feed(cast.aino, cast.aino, OWN)
    elif end == "leave":
        cast.aino.is_active = False
        cast.aino.save()
    elif end == "agreement":
        cast.county.ends_on = clock.today() - timedelta(days=1)
        cast.county.save()
    else:
        where = where.replace(".ics", "x.ics")
    assert client.get(where).status_code == 404


def test_the_secret_is_not_in_the_tables(cast):
    feed = actions.make_feed(cast.aino, OWN)
    kept = [str(value) for value in vars(CalendarFeed.objects.get(pk=feed.pk)).values()]
    assert len(feed.token) >= 43
    assert not any(feed.token in value for value in kept)
    assert actions.make_feed(cast.aino, OWN).token == feed.token
