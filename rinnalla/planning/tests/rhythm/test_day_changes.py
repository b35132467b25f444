"""A single day of a rhythm is left out or moved, with a reason."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.planning.models import Rhythm, RhythmException

WEDNESDAY = date(2026, 3, 11)


@pytest.fixture(autouse=True)
def early_march():
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False):
        yield


@pytest.fixture
def rhythm(cast):
    return Rhythm.objects.create(
        site=testing.make_site(cast),
        rule="FREQ=WEEKLY;BYDAY=WE",
        since=date(2026, 1, 1),
    )


def send(client, rhythm, **over):
    fields = {"day": "2026-03-11", "moved_to": "", "reason": "host_cancelled"}
    address = reverse("planning:rhythm_day", args=[rhythm.site_id])
    return client.post(address, fields | over)


def test_it_works(cast, sign_in, rhythm):
    client = sign_in(cast.aino)
    response = send(client, rhythm)
    change = RhythmException.objects.get()
    assert (change.day, change.moved_to, change.reason) == (
        *(WEDNESDAY, None),
        "host_cancelled",
    )
    page = client.get(response.url).content.decode()
    assert "ke 11.3.2026: jää väliin, Järjestäjä perui" in page
    assert "ke 4.3., ke 18.3." in page


def test_a_planned_visit_moves_along(cast, sign_in, rhythm):
    visit = testing.make_visit(
        cast, rhythm.site, day=WEDNESDAY, rhythm=rhythm, slot=WEDNESDAY
    )
    send(sign_in(cast.aino), rhythm, moved_to="2026-03-12")
    visit.refresh_from_db()
    assert (visit.day, visit.slot) == (date(2026, 3, 12), WEDNESDAY)
    assert visit.move_reason == "host_cancelled"


def test_a_planned_visit_is_called_off_along(cast, sign_in, rhythm):
    visit = testing.make_visit(
        cast, rhythm.site, day=WEDNESDAY, rhythm=rhythm, slot=WEDNESDAY
    )
    send(sign_in(cast.aino), rhythm)
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == ("cancelled", "host_cancelled")


def test_taken_back(cast, sign_in, rhythm):
    client = sign_in(cast.aino)
    send(client, rhythm)
    change = RhythmException.objects.get()
    address = reverse("planning:rhythm_keep", args=[rhythm.site_id, change.pk])
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert not RhythmException.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"reason": ""},
        {"reason": "mistaken"},
        {"day": "2026-03-12"},
        {"day": "2026-02-30"},
        {"day": "\x00"},
        {"moved_to": "2026-07-01"},
        {"moved_to": "2026-03-01"},
    ],
)
def test_what_is_asked(cast, sign_in, rhythm, fault):
    response = send(sign_in(cast.aino), rhythm, **fault)
    assert response.status_code == 200
    assert not RhythmException.objects.exists()


def test_another_team_finds_nothing(cast, sign_in, rhythm):
    assert send(sign_in(cast.outi), rhythm).status_code == 404
