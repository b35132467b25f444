"""A guest's link at the door: one visit's counts, as long as the link is open."""

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
from rinnalla.phone.models import Quarantined
from rinnalla.phone.tests.doors import fact_of
from rinnalla.planning import actions as planning


@pytest.fixture
def link(cast, visit):
    cache.clear()
    link, link.token = planning.make_guest_link(cast.aino, visit, nonce="x")
    return link


def send(client, link, *facts, device=None, status=200):
    """Send as a guest's phone does; the results in order."""
    numbered = [fact | {"seq": n} for n, fact in enumerate(facts, 1)]
    batch = {
        "version": 1,
        "worker": None,
        "now": clock.now().timestamp(),
        "highest": len(facts),
        "unsent": len(facts),
        "gone": [],
        "facts": numbered,
    }
    if device:
        batch["device"] = str(device)
    response = client.post(
        reverse("phone:guest_sync", args=[link.token]),
        json.dumps(batch),
        content_type="application/json",
    )
    assert response.status_code == status, response.content
    return [answer["result"] for answer in response.json().get("facts", [])]


def test_it_works(client, link, visit):
    facts = fact_of(visit), fact_of(visit), fact_of(visit, "encounter")
    assert send(client, link, *facts) == ["stored"] * 3
    totals = totals_of(visit)
    assert (totals.met, totals.guided) == (3, 1)
    line = AuditEvent.objects.filter(action="encounters.recorded_by_guest").first()
    assert (line.worker_id, line.count) == (None, 3)


def test_two_guests_are_two_counters(client, link, visit):
    for device in (uuid4(), uuid4()):
        send(client, link, fact_of(visit), device=device)
    assert sorted(totals_of(visit).by_device.values()) == [1, 1]


def test_a_planned_visit_takes_a_lone_guests_taps(client, link, visit):
    visit.status, visit.started_at = "planned", None
    visit.save()
    assert send(client, link, fact_of(visit)) == ["stored"]


def test_no_details_no_notes_no_other_visit(client, cast, link, visit):
    [stub] = testing.make_guided(visit)
    detail = {"encounter": str(stub.pk), "topics": ["debt"]}
    other = testing.make_visit(cast, status="under_way", day=clock.today())
    facts = [
        fact_of(visit, "encounter_detail", detail),
        fact_of(visit, "mark"),
        fact_of(visit, "visit_ended"),
        fact_of(other),
    ]
    assert send(client, link, *facts) == ["quarantined"] * 4
    assert not Count.objects.exists()
    visit.refresh_from_db()
    assert visit.is_open


def test_the_reference_tells_nothing_of_the_team(client, link, visit):
    testing.make_guided(visit, 1, topics=["debt"], methods=["guidance"])
    said = client.get(reverse("phone:guest_reference", args=[link.token])).json()
    assert [row["id"] for row in said["visits"]] == [str(visit.pk)]
    assert "Aino" not in json.dumps(said) and "debt" not in json.dumps(said)


def close_by_age(link):
    link.expires_at = clock.now() - timedelta(minutes=1)
    link.save()


def close_by_hand(link):
    link.is_revoked = True
    link.save()


@pytest.mark.parametrize("close", [close_by_age, close_by_hand])
def test_a_closed_link_keeps_what_it_brings_for_a_human(client, link, visit, close):
    close(link)
    reference = reverse("phone:guest_reference", args=[link.token])
    assert client.get(reference).status_code == 410
    assert send(client, link, fact_of(visit), status=410) == ["quarantined"]
    assert not Count.objects.exists()
    assert Quarantined.objects.get().reason == "closed"


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "..%2e", "ä"])
def test_a_wrong_link_is_a_closed_one(client, db, token):
    for end in ("reference", "sync"):
        ask = client.get if end == "reference" else client.post
        assert ask(f"/phone/guest/{token}/{end}").status_code in (404, 410)


def test_more_than_hands_can_tap_is_slowed(client, link, visit):
    for _round in range(6):
        send(client, link, *[fact_of(visit) for _number in range(50)])
    send(client, link, fact_of(visit), status=429)


def test_bad_batches_are_said(client, link):
    address = reverse("phone:guest_sync", args=[link.token])
    response = client.post(address, "{", content_type="application/json")
    assert response.status_code == 400
