"""Whatever comes to the door is answered: never a 500, no effect on the others."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import DataError, OperationalError
from django.urls import reverse

from rinnalla.encounters.models import Count
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.door import actions as door
from rinnalla.phone.door import reading, views
from rinnalla.phone.models import Fact, Quarantined
from rinnalla.phone.tests.doors import fact_of, sealed
from rinnalla.phone.tests.phones import make_phone, signed

NOW = clock.now().timestamp()


def deep(levels):
    """A list in a list in a list …"""
    nested = []
    for _level in range(levels):
        nested = [nested]
    return nested


NO_BATCH = {
    "nothing": b"",
    "cut": b'{"facts": [',
    "list": b"[]",
    "no facts": b'{"version": 1}',
    "facts are none": b'{"facts": null}',
    "facts are a text": b'{"facts": "many"}',
    "no text": b"\xff\xfe",
    "too deep": b"[" * 60_000,
    "a number": b"1" * 5_000,
}


@pytest.mark.parametrize("content", NO_BATCH.values(), ids=NO_BATCH)
def test_what_is_no_batch_is_said(sending, content):
    assert sending.post(content).status_code == 400
    assert sending.reply["why"]


def test_too_many_bytes_are_said(sending):
    content = json.dumps({"facts": ["x" * 70_000]}).encode()
    assert sending.post(content).status_code == 413
    assert sending.reply["why"]


def test_a_million_facts_are_said_and_not_read(sending, visit):
    content = b'{"facts": [' + b"1," * 1_000_000 + b"1]}"
    assert sending.post(content).status_code == 413
    assert not Quarantined.objects.exists()


def test_more_than_fifty_are_said(sending, visit):
    sending(*[fact_of(visit) for _number in range(51)])
    assert sending.status == 413
    assert not Fact.objects.exists()


BAD = {
    "none": None,
    "text": "fact",
    "a number": 7,
    "list": [1, 2],
    "empty": {},
    "id": {"id": "x"},
    "id of another shape": {"id": [1]},
    "id without end": {"id": "a" * 9_000},
    "seq": {"seq": "many"},
    "visit": {"visit": "here"},
    "visit none": {"visit": None},
    "kind": {"kind": "nonsense"},
    "kind long": {"kind": "n" * 2_000},
    "kind of another shape": {"kind": {"a": 1}},
    "kind with nul": {"kind": "co\x00unt"},
    "body list": {"body": []},
    "body none": {"body": None},
    "body deep": {"body": {"kind": deep(400)}},
    "number": {"body": {"kind": "met", "number": 2}},
    "number huge": {"body": {"kind": "met", "number": 10**400}},
    "number not": {"body": {"kind": "met", "number": float("nan")}},
    "both": {"body": {"kind": "met", "number": 1, "total": 3}},
    "total below": {"body": {"kind": "met", "total": -1}},
    "kind of count": {"body": {"kind": "topic", "number": 1}},
    "nul": {"kind": "undo", "body": {"of": "\x00"}},
    "surrogate": {"kind": "mark", "body": {"topic": "\ud800"}},
    "unknown code": {"kind": "mark", "body": {"topic": "no_such"}},
    "version": {"v": 99},
    "version of another shape": {"v": {}},
    "sealed": {"sealed": "AAAA", "key": "0" * 16},
    "sealed of another shape": {"sealed": {"a": 1}, "key": []},
    "sealed none": {"sealed": None},
    "place without end": {"kind": "visit_placed", "body": {"site": 10**30}},
    "place nowhere": {"kind": "visit_placed", "body": {"name": "Tori"}},
    "municipality": {
        "kind": "visit_placed",
        "body": {"name": "Tori", "kind": "street", "municipality": "999"},
    },
    "wrap-up": {"kind": "wrap_up", "body": {"met": "many"}},
    "fewer guided": {"kind": "wrap_up", "body": {"guided": 0, "shown_guided": 5}},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_one_bad_fact_waits_and_the_others_are_stored(sending, visit, bad):
    told = fact_of(visit) | bad if isinstance(bad, dict) and bad else bad
    results = sending(fact_of(visit), told, fact_of(visit))
    assert sending.status == 200
    if bad == {"seq": "many"}:
        assert results == ["stored"] * 3
        return
    assert results == ["stored", "quarantined", "stored"]
    assert sending.reply["facts"][1]["why"]
    assert totals_of(visit).met == 2
    assert Quarantined.objects.count() == 1


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_fact_again_waits_once(sending, visit, bad):
    if bad == {"seq": "many"}:
        return
    told = fact_of(visit) | bad if isinstance(bad, dict) and bad else bad
    told = sending.numbered(told)
    sending(told)
    assert sending(told) == ["quarantined"]
    assert Quarantined.objects.count() == 1


@pytest.mark.parametrize(
    "made", [0, 1, -(10**15), 10**15, 4_070_908_800, "now", None, float("inf"), []]
)
def test_a_time_that_cannot_be_is_flagged_and_the_tap_counts(sending, visit, made):
    """1970, 2099, no time at all: stored at the visit's start."""
    assert sending(fact_of(visit, made=made)) == ["stored"]
    assert Fact.objects.get().flag == "clock"
    assert Count.objects.get().at == visit.started_at


@pytest.mark.parametrize("now", [None, "x", 0, -5, 10**18, float("nan"), {}])
def test_a_clock_of_the_request_that_cannot_be(sending, visit, now):
    assert sending(fact_of(visit), now=now) == ["stored"]
    assert totals_of(visit).met == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"worker": "x"},
        {"worker": 10**30},
        {"worker": []},
        {"highest": "x"},
        {"highest": 10**30},
        {"highest": -1},
        {"unsent": None},
        {"gone": "x"},
        {"gone": [[1]]},
        {"gone": [["a", "b"], [3, 1], [0, 5], [1, 10**20]]},
        {"app": "\x00"},
        {"app": ["x"]},
        {"app": "ä" * 500},
        {"device": "\ud800"},
    ],
    ids=str,
)
def test_what_is_odd_about_the_batch_stops_nothing(sending, visit, odd):
    assert sending(fact_of(visit), **odd) == ["stored"]


@pytest.mark.parametrize("version", [0, 2, "1", None, 1.5, [], 10**400])
def test_a_protocol_nobody_knows_waits(sending, visit, version):
    assert sending(fact_of(visit), version=version) == ["quarantined"]
    assert Quarantined.objects.get().reason == "version"
    assert not Count.objects.exists()


@pytest.mark.parametrize("version", [1, 2, 3])
def test_this_protocol_and_the_two_before_it_are_taken(
    sending, visit, monkeypatch, version
):
    """Each is answered in its own version: a phone takes no other for an answer."""
    for module in (reading, views):
        monkeypatch.setattr(module, "VERSIONS", (3, 2, 1))
    assert sending(fact_of(visit, v=version), version=version) == ["stored"]
    assert sending.reply["version"] == version


# --- Who speaks ------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Device",
        "Device x.y",
        "Device 5c9d4a1e-8f0b-4c55-9b6e-3f1f0a2d7c44.secret",
        "Bearer abc",
        "Device ä.ä",
        f"Device {UUID(int=0)}",
    ],
)
def test_a_forged_phone_gets_in_nowhere(client, visit, header):
    response = client.post(
        reverse("phone:sync"),
        json.dumps({"facts": [fact_of(visit)]}),
        content_type="application/json",
        HTTP_AUTHORIZATION=header,
    )
    assert response.status_code == 401 and response.json()["why"]
    assert not Fact.objects.exists()


def test_a_phones_number_with_anothers_token_gets_in_nowhere(client, cast, phone):
    other = make_phone(cast.outi)
    phone.token = other.token
    response = client.post(
        reverse("phone:sync"), "{}", content_type="application/json", **signed(phone)
    )
    assert response.status_code == 401


def test_it_cannot_be_read(client, phone):
    assert client.get(reverse("phone:sync"), **signed(phone)).status_code == 405


def test_a_device_named_in_the_batch_changes_nothing(cast, sending, visit, phone):
    other = make_phone(cast.outi)
    sending(fact_of(visit, device=str(other.pk)), device=str(other.pk))
    assert Count.objects.get().device == phone.pk


# --- Seals -----------------------------------------------------------------------


def test_a_seal_that_was_cut_or_changed_waits(sending, visit):
    whole = sealed(sending.numbered(fact_of(visit)))
    for text in (whole["sealed"][:-4], whole["sealed"][:20], "A" + whole["sealed"][1:]):
        told = whole | {"id": str(uuid4()), "sealed": text}
        assert sending(told) == ["quarantined"]
    reasons = set(Quarantined.objects.values_list("reason", flat=True))
    assert reasons == {"sealed_broken"}


def test_a_seal_moved_to_another_fact_does_not_open(sending, visit):
    whole = sealed(sending.numbered(fact_of(visit)))
    assert sending(whole | {"id": str(uuid4())}) == ["quarantined"]
    assert not Count.objects.exists()


def test_a_sealed_fact_replayed_counts_once(sending, visit):
    whole = sealed(sending.numbered(fact_of(visit)))
    assert sending(whole) == ["stored"]
    assert sending(whole, whole) == ["duplicate"] * 2
    assert totals_of(visit).met == 1


def test_a_sealed_fact_of_another_phone_counts_once(client, cast, sending, visit):
    """Whoever repeats what was heard on the way changes nothing."""
    whole = sealed(sending.numbered(fact_of(visit)))
    sending(whole)
    thief = type(sending)(client, make_phone(cast.aino))
    assert thief(whole) == ["duplicate"]
    assert totals_of(visit).met == 1


# --- When the database does not take it ------------------------------------------


def test_a_busy_database_is_said_and_nothing_is_half_stored(
    sending, visit, monkeypatch
):
    def busy(*_args, **_more):
        raise OperationalError("database is locked")

    tap = sending.numbered(fact_of(visit))
    with monkeypatch.context() as patched:
        patched.setattr(door, "insert", busy)
        sending(tap)
        assert sending.status == 503 and sending.reply["why"]
    assert sending(tap) == ["stored"] and totals_of(visit).met == 1


def test_a_fact_that_does_not_fit_is_taken_out_of_its_batch(
    sending, visit, monkeypatch
):
    """The database refuses one row again and again; the others are stored."""
    bad = sending.numbered(fact_of(visit, "mark", {"topic": "debt"}))
    real = door.encounters.record_facts

    def refuse(by, facts, **more):
        if any(fact.kind == "mark" for fact in facts):
            raise DataError("value out of range")
        return real(by, facts, **more)

    monkeypatch.setattr(door.encounters, "record_facts", refuse)
    assert sending(fact_of(visit), bad, fact_of(visit)) == [
        "stored",
        "quarantined",
        "stored",
    ]
    assert totals_of(visit).met == 2
    assert sending.reply["totals"][str(visit.pk)]["own"] == 2
    assert Quarantined.objects.get().fact_id == UUID(bad["id"])
