"""A guest's phone at the door: one visit, counts only, as long as its link is open."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

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
    link, link.token = planning.make_guest_link(cast.aino, visit, nonce="1")
    return link


@pytest.fixture
def guest(client, link):
    """Send as a guest; the results, and the answer in `reply`."""

    def send(*facts, status=200, token=None, **over):
        now = clock.now().timestamp()
        batch = {"version": 1, "now": now, "facts": list(facts)}
        response = client.post(
            reverse("phone:guest_sync", args=[token or link.token]),
            json.dumps(batch | over),
            content_type="application/json",
        )
        assert response.status_code == status, response.content
        send.reply = response.json()
        return [answer["result"] for answer in send.reply.get("facts", [])]

    return send


def test_it_works(visit, guest):
    phone = str(uuid4())
    stub = fact_of(visit, "encounter")
    taps = [fact_of(visit), stub, fact_of(visit, "undo", {"of": stub["id"]})]
    assert guest(*taps, device=phone) == ["stored"] * 3
    assert guest(*taps, device=phone) == ["duplicate"] * 3
    assert totals_of(visit).met == 1
    assert guest.reply["totals"][str(visit.pk)]["own"] == 1
    line = AuditEvent.objects.get(action="encounters.recorded_by_guest")
    assert (line.worker_id, line.count) == (None, 3)


def test_two_guests_are_two_counters(visit, guest):
    for device in (uuid4(), uuid4()):
        guest(fact_of(visit), device=str(device))
    assert sorted(totals_of(visit).by_device.values()) == [1, 1]


def test_taps_before_the_pair_starts(visit, guest):
    visit.status, visit.started_at = "planned", None
    visit.save()
    assert guest(fact_of(visit)) == ["stored"]


def test_the_reference_tells_nothing_of_the_team(client, link, visit):
    testing.make_guided(visit, 1, topics=["debt"], methods=["guidance"])
    said = client.get(reverse("phone:guest_reference", args=[link.token])).json()
    assert [row["id"] for row in said["visits"]] == [str(visit.pk)]
    assert "Aino" not in json.dumps(said) and "debt" not in json.dumps(said)


@pytest.mark.parametrize("device", [str(UUID(int=0)), "x", 7, None])
def test_a_phone_number_with_a_meaning_is_not_taken(visit, guest, device):
    """The number nought stands for what evens out a shared queue."""
    assert guest(fact_of(visit), device=device) == ["stored"]
    totals = totals_of(visit)
    assert (totals.met, totals.evened) == (1, 0)


# --- what is not a guest's ---


@pytest.mark.parametrize("kind", ["mark", "note", "wrap_up", "visit_ended"])
def test_other_kinds_wait(visit, guest, kind):
    assert guest(fact_of(visit, kind)) == ["quarantined"]
    assert Quarantined.objects.get().reason == "unknown_kind"
    visit.refresh_from_db()
    assert visit.is_open


def test_no_details(visit, guest):
    [stub] = testing.make_guided(visit)
    detail = {"encounter": str(stub.pk), "topics": ["debt"]}
    assert guest(fact_of(visit, "encounter_detail", detail)) == ["quarantined"]
    stub.refresh_from_db()
    assert stub.topics == []


def test_another_visit_is_not_there(cast, guest):
    other = testing.make_visit(cast, status="under_way", day=clock.today())
    assert guest(fact_of(other)) == ["quarantined"]
    assert Quarantined.objects.get().team == cast.team
    assert not Count.objects.exists()


def test_another_visit_is_not_reached_by_waiting(cast, guest, sending):
    """It is not let in when that visit's own phone sends."""
    other = testing.make_visit(cast, status="under_way", day=clock.today())
    guest(fact_of(other))
    assert sending(fact_of(other)) == ["stored"]
    assert totals_of(other).met == 1
    assert Quarantined.objects.waiting().get().reason == "unknown_visit"


# --- a link that no longer opens ---


def close_by_age(cast, link):
    link.expires_at = clock.now() - timedelta(minutes=1)
    link.save()


def close_by_hand(cast, link):
    planning.revoke_guest_link(cast.aino, link)


@pytest.mark.parametrize("close", [close_by_age, close_by_hand])
def test_a_closed_link_keeps_what_comes(cast, client, visit, link, guest, close):
    close(cast, link)
    reference = reverse("phone:guest_reference", args=[link.token])
    assert client.get(reference).status_code == 410
    assert guest(fact_of(visit), status=410) == ["quarantined"]
    assert totals_of(visit).met == 0
    row = Quarantined.objects.get()
    assert (row.reason, row.team) == ("closed", cast.team)


def test_a_closed_link_reads_nothing(cast, visit, link, guest):
    guest(fact_of(visit))
    close_by_hand(cast, link)
    for facts in ([], [fact_of(visit)]):
        guest(*facts, status=410)
        assert guest.reply["totals"] == {}


def test_taps_that_come_after_the_pair_ended(cast, visit, guest):
    planning.finish_visit(cast.aino, visit)
    assert guest(fact_of(visit), status=410) == ["stored"]
    assert totals_of(visit).met == 1


@pytest.mark.parametrize("token", ["nonsense", "a" * 300, "ä"])
def test_an_unknown_link(visit, guest, token):
    assert guest(fact_of(visit), status=410, token=token) == []
    assert not Quarantined.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "..%2e", "ä"])
def test_a_wrong_address_is_a_closed_link(client, db, token):
    for ask, end in ((client.get, "reference"), (client.post, "sync")):
        assert ask(f"/phone/guest/{token}/{end}").status_code in (404, 410)


# --- bad input ---


def test_more_than_hands_can_tap(visit, guest):
    for _number in range(6):
        guest(*[fact_of(visit) for _fact in range(50)])
    guest(fact_of(visit), status=429)
    assert guest.reply["why"]


def test_bad_batches_are_said(client, link):
    address = reverse("phone:guest_sync", args=[link.token])
    response = client.post(address, "{", content_type="application/json")
    assert response.status_code == 400
