"""What every kind of fact promises at the door, one promise a test, for all of them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Count, Encounter, Mark, Observation, WrapUp
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.door.reading import MAKE
from rinnalla.phone.models import Fact, Quarantined
from rinnalla.phone.tests.doors import fact_of, sealed
from rinnalla.planning.models import Visit


@dataclass
class Kind:
    """One kind: its facts in order (the last is of the kind), and what it leaves."""

    facts: object
    effect: object
    other: dict


def on_a_visit(kind, body=None, first=None):
    """Facts on a visit under way: what comes before, and the one that is looked at."""

    def facts(cast):
        visit = under_way(cast)
        before = [fact_of(visit, first)] if first else []
        told = body(before[0]["id"]) if callable(body) else body
        return visit, [*before, fact_of(visit, kind, told)]

    return facts


def under_way(cast):
    return testing.make_visit(
        cast,
        status="under_way",
        day=clock.today(),
        started_at=clock.cut(clock.now()),
        solo_reason="familiar_place",
    )


def planned(cast):
    visit = testing.make_visit(cast, day=clock.today())
    return visit, [fact_of(visit, "visit_started", {"solo_reason": "familiar_place"})]


def placed(cast):
    site, key = testing.make_site(cast), uuid4()
    return Visit(pk=key), [fact_of(key, "visit_placed", {"site": site.pk})]


def status_of(visit):
    return Visit.objects.get(pk=visit.pk).status


KINDS = {
    "count": Kind(
        on_a_visit("count"),
        lambda visit: totals_of(visit).met == 1,
        {"kind": "met", "number": 10},
    ),
    "encounter": Kind(
        on_a_visit("encounter"),
        lambda visit: totals_of(visit).guided == 1,
        {"a": 1},
    ),
    "encounter_detail": Kind(
        on_a_visit(
            "encounter_detail",
            lambda id: {"encounter": id, "topics": ["debt"]},
            first="encounter",
        ),
        lambda visit: Encounter.objects.get().topics == ["debt"],
        {"encounter": str(uuid4()), "topics": ["housing"]},
    ),
    "undo": Kind(
        on_a_visit("undo", lambda id: {"of": id}, first="count"),
        lambda visit: totals_of(visit).met == 0 and Count.objects.count() == 2,
        {"of": str(uuid4())},
    ),
    "mark": Kind(
        on_a_visit("mark", {"topic": "debt"}),
        lambda visit: Mark.objects.get().topic == "debt",
        {"topic": "housing"},
    ),
    "mark_detail": Kind(
        on_a_visit("mark_detail", lambda id: {"mark": id, "topic": "debt"}, "mark"),
        lambda visit: Mark.objects.get().topic == "debt",
        {"mark": str(uuid4()), "topic": "debt"},
    ),
    "note": Kind(
        on_a_visit("note", {"text": "Jono oli pitkä."}),
        lambda visit: Observation.objects.get().text == "Jono oli pitkä.",
        {"text": "Jono oli lyhyt."},
    ),
    "visit_started": Kind(
        planned, lambda visit: status_of(visit) == "under_way", {"solo_reason": ""}
    ),
    "visit_placed": Kind(
        placed, lambda visit: status_of(visit) == "under_way", {"site": 10**9}
    ),
    "visit_mistaken": Kind(
        on_a_visit("visit_mistaken"),
        lambda visit: status_of(visit) == "planned",
        {"a": 1},
    ),
    "visit_ended": Kind(
        on_a_visit("visit_ended"), lambda visit: status_of(visit) == "done", {"a": 1}
    ),
    "wrap_up": Kind(
        on_a_visit("wrap_up", {"met": 7, "shown_met": 0, "left": False}),
        lambda visit: totals_of(visit).met == 7 and WrapUp.objects.exists(),
        {"met": 8, "shown_met": 0},
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def test_no_kind_is_left_out():
    assert KINDS.keys() == MAKE.keys()


@every_kind
def test_it_works(cast, sending, kind):
    visit, facts = KINDS[kind].facts(cast)
    assert sending(*facts) == ["stored"] * len(facts)
    assert KINDS[kind].effect(visit)
    assert not Quarantined.objects.exists()


@every_kind
def test_sealed_it_is_the_same_fact(cast, sending, kind):
    visit, facts = KINDS[kind].facts(cast)
    facts = [sending.numbered(fact) for fact in facts]
    assert sending(*[sealed(fact) for fact in facts]) == ["stored"] * len(facts)
    assert KINDS[kind].effect(visit)
    assert sending(*facts) == ["duplicate"] * len(facts)
    assert KINDS[kind].effect(visit)


@every_kind
def test_twice_is_once(cast, sending, kind):
    visit, facts = KINDS[kind].facts(cast)
    facts = [sending.numbered(fact) for fact in facts]
    sending(*facts, facts[-1])
    assert sending.reply["facts"][-1]["result"] == "duplicate"
    assert sending(*facts) == ["duplicate"] * len(facts)
    assert KINDS[kind].effect(visit)
    assert Fact.objects.count() == len(facts)


@every_kind
def test_the_same_id_with_other_content_waits(cast, sending, kind):
    visit, facts = KINDS[kind].facts(cast)
    sending(*facts)
    other = facts[-1] | {"body": KINDS[kind].other}
    assert sending(other) == ["quarantined"]
    assert sending(other) == ["quarantined"]
    assert Quarantined.objects.get().reason == "other_version"
    assert KINDS[kind].effect(visit)


@every_kind
def test_what_a_revoked_phone_brings_waits(cast, sending, phone, kind):
    visit, facts = KINDS[kind].facts(cast)
    phone.revoked_at = clock.now()
    phone.save()
    assert sending(*facts) == ["quarantined"] * len(facts)
    assert sending.status == 200 and sending.reply["revoked"] is True
    assert {row.reason for row in Quarantined.objects.all()} == {"revoked"}
    assert not AuditEvent.objects.exists() and not Count.objects.exists()


def test_a_revoked_phone_reads_nothing(cast, sending, phone):
    """Its answers tell of no visit, and no notice names a place."""
    visit, facts = KINDS["count"].facts(cast)
    day = clock.today() - timedelta(days=2)
    testing.make_visit(cast, day=day, workers=[cast.aino])
    sending(*facts)
    sending()
    assert sending.reply["totals"] and sending.reply["notices"]
    phone.revoked_at = clock.now()
    phone.save()
    for batch in ([], facts, [facts[0] | {"id": str(uuid4())}]):
        sending(*batch)
        told = {name: sending.reply[name] for name in ("totals", "notices", "etag")}
        assert told == {"totals": {}, "notices": [], "etag": ""}


@every_kind
def test_of_another_teams_visit_nothing_is_stored(cast, sending, kind):
    visit, facts = KINDS[kind].facts(cast)
    Visit.objects.filter(pk=visit.pk).update(team=cast.other_team)
    if kind == "visit_placed":
        facts[0]["body"]["site"] = testing.make_site(cast, team=cast.other_team).pk
    assert set(sending(*facts)) == {"quarantined"}
    assert not KINDS[kind].effect(visit) if kind == "count" else True
    assert not AuditEvent.objects.exclude(action__startswith="phone").exists()


@every_kind
def test_it_leaves_a_line_in_the_log_and_keeps_no_body(cast, sending, kind):
    visit, facts = KINDS[kind].facts(cast)
    sending(*facts)
    lines = AuditEvent.objects.filter(object_id=str(visit.pk))
    assert lines.exists() and {line.worker_id for line in lines} == {cast.aino.pk}
    fields = {field.name for field in Fact._meta.fields}
    assert fields == {"id", "device", "digest", "day", "result", "flag"}


@every_kind
def test_its_number_is_remembered(cast, sending, phone, kind):
    visit, facts = KINDS[kind].facts(cast)
    sending(*facts)
    phone.refresh_from_db()
    assert phone.received == [[1, len(facts)]] and phone.highest == len(facts)


@every_kind
@pytest.mark.parametrize("bad", [{"of": "\x00"}, {"kind": []}, None, [], "x"])
def test_a_body_that_cannot_be_read_waits(cast, sending, kind, bad):
    """Kinds without fields take any object: there is nothing in it to misread."""
    visit, facts = KINDS[kind].facts(cast)
    if isinstance(bad, dict) and not MAKE[kind]({}).fields:
        return
    [*before, fact] = facts
    sending(*before, fact | {"id": str(uuid4()), "body": bad})
    assert sending.status == 200
    result = sending.reply["facts"][-1]["result"]
    optional = kind in ("mark", "note", "visit_started", "wrap_up")
    assert result == "quarantined" or (optional and isinstance(bad, dict))


def test_the_door_names_phones_by_their_own_number(cast, sending, phone):
    visit, facts = KINDS["count"].facts(cast)
    sending(*facts)
    assert Count.objects.get().device == phone.pk
    assert isinstance(Fact.objects.get().device, UUID)
