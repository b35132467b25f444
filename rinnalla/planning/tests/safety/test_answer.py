"""The page a call's link opens, for somebody who has no session open."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.models import Alarm, AlarmCall
from rinnalla.planning.safety import actions
from rinnalla.planning.safety.watching import Watch
from rinnalla.planning.tests.safety.people import PLACE, late_alarm


@pytest.fixture
def alarm(team):
    """Aino, six minutes late on a home visit; Kaisa and Niilo have their letters."""
    row = late_alarm(team.aino, minutes=6, place=PLACE, is_home_visit=True)
    Watch().turn(clock.now(), 0)
    return row


def link_of(worker):
    call = AlarmCall.objects.filter(worker=worker, kind="call").latest("pk")
    return reverse("planning:safety_answer", args=[actions.token_of(call)])


def test_it_works(team, alarm, client):
    path = link_of(team.kaisa)
    assert path in next(one.body for one in mail.outbox if one.to == [team.kaisa.email])
    shown = client.get(path).content.decode()
    assert "Aino Aalto" in shown and "Kotikäynti" in shown and PLACE not in shown
    client.post(path, {"do": "take"})
    assert PLACE in client.post(path, {"do": "place"}).content.decode()
    opened = AuditEvent.objects.get(action="safety.place_opened")
    assert opened.worker_id == team.kaisa.pk
    client.post(path, {"do": "close", "how": "helped"})
    row = Alarm.objects.get()
    assert (row.owner, row.how) == (team.kaisa, "helped")


def test_looking_takes_nothing(team, alarm, client):
    """A mail server that follows links must not silence an alarm."""
    client.get(link_of(team.kaisa)), client.head(link_of(team.kaisa))
    assert Alarm.objects.get().owner is None
    assert not AuditEvent.objects.filter(action="safety.place_opened").exists()


def test_the_first_answer_uses_up_the_other_links(team, alarm, client):
    client.post(link_of(team.kaisa), {"do": "take"})
    late = client.post(link_of(team.niilo), {"do": "take"})
    assert late.status_code == 410 and "Kaisa on ottanut" in late.content.decode()
    shown = client.get(link_of(team.niilo)).content.decode()
    assert "Aino" not in shown and "Otan tämän" not in shown
    assert Alarm.objects.get().owner == team.kaisa


def test_pressed_twice_the_owner_sees_the_same(team, alarm, client):
    path = link_of(team.kaisa)
    for _press in range(2):
        page = client.post(path, {"do": "take"}).content.decode()
        assert "Otit tämän" in page


def test_half_an_hour_later_somebody_else_may_take_it(team, alarm, client):
    client.post(link_of(team.kaisa), {"do": "take"})
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        client.post(link_of(team.niilo), {"do": "take"})
    assert Alarm.objects.get().owner == team.niilo


def test_closed_no_link_tells_anything(team, alarm, client):
    actions.take(team.kaisa, alarm)
    actions.close(team.kaisa, alarm, how="safe")
    for worker in (team.kaisa, team.niilo):
        shown = client.get(link_of(worker)).content.decode()
        assert "Hälytys on suljettu" in shown and "Aino" not in shown


def test_who_left_opens_nothing(team, alarm, client):
    path = link_of(team.kaisa)
    team.kaisa.is_active = False
    team.kaisa.save()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "%F0%9F%90%A6", "a" * 400])
def test_a_link_that_is_none(db, client, token):
    answer = client.get(f"/planning/safety/answer/{token}")
    assert answer.status_code == 404
    assert "Linkki ei avaa mitään" in answer.content.decode()


@pytest.mark.parametrize("told", [{}, {"do": "close"}, {"do": "x", "how": "safe"}])
def test_an_odd_answer_changes_nothing(team, alarm, client, told):
    assert client.post(link_of(team.kaisa), told).status_code == 200
    row = Alarm.objects.get()
    assert row.closed_at is None and row.owner is None


def test_the_one_it_is_about_cannot_take_it_by_any_link(team, alarm, client):
    nudge = AlarmCall.objects.get(worker=team.aino, kind="nudge")
    path = reverse("planning:safety_answer", args=[actions.token_of(nudge)])
    client.post(path, {"do": "take"})
    assert Alarm.objects.get().owner is None


def test_only_digests_of_links_are_kept(team, alarm):
    kept = AlarmCall.objects.values_list("digest", flat=True)
    tokens = {actions.token_of(call) for call in AlarmCall.objects.all()}
    assert tokens.isdisjoint(kept) and len(set(kept)) == len(kept)


def test_each_in_the_own_language(team, alarm, client):
    team.kaisa.language = "en"
    team.kaisa.save()
    assert "I will take this" in client.get(link_of(team.kaisa)).content.decode()
