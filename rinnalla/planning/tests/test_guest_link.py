"""A guest's link: made by the team, opens one visit, stops by itself."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.models import GuestLink

DAY = date(2027, 3, 12)


def url(visit):
    return reverse("planning:visit_guest", args=[visit.pk])


def make(cast, nonce="a", **over):
    visit = testing.make_visit(cast, day=DAY, **over)
    return actions.make_guest_link(cast.aino, visit, nonce=nonce)


def on(day, hour):
    return time_machine.travel(clock.at(day, hour), tick=False)


def test_it_works(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    response = sign_in(cast.aino).post(url(visit), {"nonce": "a"})
    text = response.content.decode()
    token = re.search(r"/guest/([\w-]+)\"", text)[1]
    assert "<svg" in text
    assert GuestLink.objects.alive(token).visit == visit
    assert AuditEvent.objects.get().action == "guest_link.made"


def test_the_secret_is_long_and_not_stored(cast):
    link, token = make(cast)
    assert len(token) == 43, "256 bits"
    row = GuestLink.objects.values().get()
    assert token not in map(str, row.values())


def test_the_page_is_not_kept_by_browsers(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    response = sign_in(cast.aino).post(url(visit), {"nonce": "a"})
    assert "no-store" in response["Cache-Control"]


def test_sent_twice_is_one_link(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    client = sign_in(cast.aino)
    first = client.post(url(visit), {"nonce": "a"}).context["address"]
    assert client.post(url(visit), {"nonce": "a"}).context["address"] == first
    assert client.post(url(visit), {"nonce": "b"}).context["address"] != first
    assert GuestLink.objects.count() == 2


def test_it_stops_two_hours_after_the_day(cast):
    _, token = make(cast)
    with on(DAY + timedelta(days=1), 1):
        assert GuestLink.objects.alive(token)
    with on(DAY + timedelta(days=1), 2):
        assert GuestLink.objects.alive(token) is None


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_it_stops_when_the_visit_ends(cast, status):
    link, token = make(cast)
    link.visit.status, link.visit.cancel_reason = status, "weather"
    link.visit.save()
    with on(DAY, 12):
        assert GuestLink.objects.alive(token) is None


def test_it_is_revoked(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    link, token = actions.make_guest_link(cast.aino, visit, nonce="a")
    close = reverse("planning:visit_guest_revoke", args=[visit.pk, link.pk])
    client = sign_in(cast.kaisa)
    client.post(close)
    client.post(close)
    assert GuestLink.objects.alive(token) is None
    assert AuditEvent.objects.filter(action="guest_link.revoked").count() == 1


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "a" * 10000])
def test_anything_else_opens_nothing(cast, token):
    make(cast)
    with on(DAY, 12):
        assert GuestLink.objects.alive(token) is None


@pytest.mark.parametrize(
    ("who", "status"), [("outi", 404), ("leena", 403), ("reijo", 403), ("hannu", 403)]
)
def test_only_the_team(cast, sign_in, who, status):
    visit = testing.make_visit(cast, day=clock.today())
    link, _ = actions.make_guest_link(cast.aino, visit, nonce="a")
    client = sign_in(getattr(cast, who))
    assert client.post(url(visit)).status_code == status
    close = reverse("planning:visit_guest_revoke", args=[visit.pk, link.pk])
    assert client.post(close).status_code == status
    assert not GuestLink.objects.get().is_revoked


def test_an_ended_visit_gets_none(cast, sign_in):
    visit = testing.make_visit(cast, status="done")
    assert sign_in(cast.aino).post(url(visit)).status_code == 404


def test_another_visits_link_is_not_closed_from_here(cast, sign_in):
    link, _ = make(cast)
    other = testing.make_visit(cast, day=DAY)
    close = reverse("planning:visit_guest_revoke", args=[other.pk, link.pk])
    assert sign_in(cast.aino).post(close).status_code == 404
