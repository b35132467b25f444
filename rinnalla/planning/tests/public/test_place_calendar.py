"""The days of a public place as a calendar file."""

from datetime import date

import pytest
import time_machine
from icalendar import Calendar

from rinnalla.planning import actions
from rinnalla.planning.models import PublicLine, Site
from rinnalla.testing import make_site, make_visit

PATH = "/open/fi/places/abc2345/days.ics"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-03-20T08:00:00+00:00", tick=False):
        yield


@pytest.fixture
def site(cast):
    site = make_site(cast)
    PublicLine.objects.create(site=site, code="abc2345")
    return site


def events(client):
    answer = client.get(PATH)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_it_works(cast, site, client):
    visit = make_visit(cast, site, day=date(2026, 3, 26))
    [event] = events(client)
    assert str(event["summary"]) == "Leipätupa"
    assert event["dtstart"].dt.isoformat() == "2026-03-26T10:00:00+02:00"
    assert (str(event["status"]), str(event["class"])) == ("CONFIRMED", "PUBLIC")
    assert int(event["sequence"]) == 0
    actions.move_visit(cast.aino, visit, day=date(2026, 3, 27))
    [moved] = events(client)
    assert moved["uid"] == event["uid"] and int(moved["sequence"]) == 1


def test_a_day_called_off_is_struck(cast, site, client):
    off = {"status": "cancelled", "cancel_reason": "staff_ill"}
    make_visit(cast, site, day=date(2026, 3, 26), **off)
    [event] = events(client)
    assert str(event["status"]) == "CANCELLED"


def test_nobody_and_no_reason_is_named(cast, site, client):
    make_visit(cast, site, [cast.aino], day=date(2026, 3, 26), solo_reason="pair_ill")
    text = client.get(PATH).content.decode()
    assert "Aino" not in text and "ill" not in text


def test_after_the_last_day_nothing_is_promised(cast, site, client):
    make_visit(cast, site, day=date(2026, 3, 26))
    make_visit(cast, site, day=date(2026, 4, 9))
    Site.objects.update(retired_on=date(2026, 4, 1))
    assert len(events(client)) == 1


def test_the_place_leads_to_it(cast, site, client):
    assert PATH in client.get("/open/fi/places/abc2345").content.decode()


@pytest.mark.parametrize("over", [{"is_shown": False}, {"code": "other77"}])
def test_taken_off_it_is_not_there(cast, site, client, over):
    PublicLine.objects.update(**over)
    assert client.get(PATH).status_code == 404


def test_a_home_has_none(cast, site, client):
    Site.objects.update(kind="home")
    assert client.get(PATH).status_code == 404
