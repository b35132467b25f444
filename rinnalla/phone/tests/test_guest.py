"""A guest's link: one visit's counts and nothing else, as long as it is open."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Count
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.planning import actions as planning


@pytest.fixture
def link(cast, visit):
    cache.clear()
    link, link.token = planning.make_guest_link(cast.aino, visit, nonce="x")
    return link


def send(client, link, *bodies, kind="count", visit=None, status=200):
    facts = [
        {
            "id": str(uuid4()),
            "device": str(uuid4()),
            "visit": str((visit or link.visit).pk),
            "kind": kind,
            "body": body,
        }
        for body in bodies
    ]
    response = client.post(
        reverse("phone:guest_facts", args=[link.token]),
        json.dumps({"facts": facts}),
        content_type="application/json",
    )
    assert response.status_code == status
    return [answer["result"] for answer in response.json().get("facts", [])]


MET = {"kind": "met", "number": 1}


def test_it_works(client, link, visit):
    page = client.get(reverse("phone:guest", args=[link.token]))
    assert page.status_code == 200
    assert send(client, link, MET, MET) == ["stored", "stored"]
    assert send(client, link, {}, kind="encounter") == ["stored"]
    totals = client.get(reverse("phone:guest_totals", args=[link.token])).json()
    assert (totals["together"], totals["guided_together"]) == (3, 1)
    line = AuditEvent.objects.filter(action="encounters.recorded_by_guest").first()
    assert (line.worker_id, line.count) == (None, 2)


def test_without_scripts(client, link, visit):
    address = reverse("phone:guest", args=[link.token])
    assert client.post(address, {"id": str(uuid4()), "do": "met"}).status_code == 302
    assert totals_of(visit).met == 1


def test_a_planned_visit_takes_a_lone_guests_taps(client, link, visit):
    visit.status, visit.started_at = "planned", None
    visit.save()
    assert send(client, link, MET) == ["stored"]


def test_no_details_no_notes_no_other_visit(client, cast, link, visit):
    [stub] = testing.make_guided(visit)
    detail = {"encounter": str(stub.pk), "topics": ["debt"]}
    assert send(client, link, detail, kind="encounter_detail") == ["refused"]
    assert send(client, link, {}, kind="mark") == ["refused"]
    other = testing.make_visit(cast, status="under_way", day=clock.today())
    assert send(client, link, MET, visit=other) == ["refused"]


def test_the_page_tells_nothing_of_the_team(client, link, visit):
    testing.make_guided(visit, 1, topics=["debt"], methods=["guidance"])
    page = client.get(reverse("phone:guest", args=[link.token])).content.decode()
    assert "Velka" not in page and "Aino" not in page


def close_by_age(link):
    link.expires_at = clock.now() - timedelta(minutes=1)
    link.save()


def close_by_hand(link):
    link.is_revoked = True
    link.save()


def close_by_end(link):
    link.visit.status = "done"
    link.visit.save()


@pytest.mark.parametrize("close", [close_by_age, close_by_hand, close_by_end])
def test_a_closed_link_says_so_kindly(client, link, close):
    close(link)
    page = client.get(reverse("phone:guest", args=[link.token]))
    assert page.status_code == 410 and b"rn-lead" in page.content
    send(client, link, MET, status=410)
    assert (
        client.get(reverse("phone:guest_totals", args=[link.token])).status_code == 410
    )
    assert not Count.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "..%2e", "ä"])
def test_a_wrong_link_is_a_closed_one(client, db, token):
    assert client.get(f"/field/guest/{token}").status_code in (404, 410)


def test_more_than_hands_can_tap_is_slowed(client, link):
    for _round in range(6):
        send(client, link, *[MET] * 50)
    send(client, link, MET, status=429)


def test_bad_batches_are_said(client, link):
    response = client.post(
        reverse("phone:guest_facts", args=[link.token]),
        "{",
        content_type="application/json",
    )
    assert response.status_code == 400
