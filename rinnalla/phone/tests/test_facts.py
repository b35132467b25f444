"""The door for facts: stored once, answered one by one, refused in words."""

import json
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.forms import digest_of
from rinnalla.phone.models import Fact
from rinnalla.planning.models import StaleMonth

DEBT = {"topics": ["debt"]}
DEVICE = "11111111-1111-4111-8111-111111111111"


def fact(visit, kind="count", body=None, **over):
    body = {"kind": "met", "number": 1} if body is None else body
    told = {"id": str(uuid4()), "device": DEVICE, "visit": str(visit.pk)}
    return {**told, "kind": kind, "body": body, **over}


@pytest.fixture
def send(client, cast, sign_in):
    """Send facts as a worker (Aino); the answers in their order."""

    def send_as(*facts, worker=None, status=200):
        if client.session.get("_auth_user_id") != str((worker or cast.aino).pk):
            sign_in(worker or cast.aino)
        client.cookies["device"] = DEVICE
        response = client.post(
            reverse("phone:facts"),
            json.dumps({"facts": list(facts)}),
            content_type="application/json",
        )
        assert response.status_code == status
        send_as.reply = response.json()
        return [(a["result"], a["why"]) for a in send_as.reply.get("facts", [])]

    return send_as


def test_it_works(visit, send):
    guided = fact(visit, "encounter", {})
    answers = send(
        fact(visit),
        fact(visit, body={"kind": "met", "number": 10}),
        guided,
        fact(
            visit, "encounter_detail", {"encounter": guided["id"], "topics": ["debt"]}
        ),
    )
    assert answers == [("stored", "")] * 4
    assert totals_of(visit).met == 12
    meeting = Encounter.objects.get(pk=guided["id"])
    assert meeting.topics == ["debt"] and meeting.device == UUID(DEVICE)
    figures = send.reply["totals"][str(visit.pk)]
    assert (figures["own"], figures["guided"], figures["together"]) == (12, 1, 12)


def test_the_same_again_changes_nothing(visit, send):
    tap = fact(visit)
    assert send(tap) == [("stored", "")]
    assert send(tap | {"age": 70}) == [("duplicate", "")]
    assert send(tap, tap) == [("duplicate", "")] * 2
    assert totals_of(visit).met == 1


def test_the_same_twice_in_one_batch_counts_once(visit, send):
    tap = fact(visit)
    assert [result for result, _why in send(tap, tap)] == ["stored", "duplicate"]
    assert totals_of(visit).met == 1


def test_the_same_id_with_other_content_is_refused(visit, send):
    tap = fact(visit)
    send(tap)
    [(result, why)] = send(tap | {"body": {"kind": "met", "number": 10}})
    assert result == "refused" and why
    assert totals_of(visit).met == 1


def test_an_id_that_a_row_already_has_is_refused(visit, send):
    [row] = [testing.make_met(visit, 3)]
    [(result, why)] = send(fact(visit, id=str(row.pk)))
    assert result == "refused" and why
    assert totals_of(visit).met == 3


def test_one_audit_line_a_request(visit, send):
    send(*[fact(visit) for _number in range(5)])
    line = AuditEvent.objects.get(action="encounters.recorded")
    assert (line.count, line.object_id) == (5, str(visit.pk))


def test_the_month_waits_for_a_recount(visit, send):
    send(fact(visit), fact(visit))
    assert StaleMonth.objects.get().month == visit.day.replace(day=1)


def test_a_mark_changes_no_figure(visit, send):
    mark = fact(visit, "mark", {})
    send(mark, fact(visit, "mark_detail", {"mark": mark["id"], "promise": "bring"}))
    assert Mark.objects.get().promise == "bring"
    assert not StaleMonth.objects.exists()


def test_the_body_is_not_kept(visit, send):
    send(fact(visit))
    [kept] = Fact.objects.values()
    assert set(kept) == {"id", "device", "digest", "day", "result", "flag"}


def test_a_matter_opened_keeps_no_clock_and_no_phone(visit, send):
    send(fact(visit, body={"kind": "matter_opened", "number": 1}))
    [row] = Count.objects.filter(kind="matter_opened")
    assert (row.at, row.device) == (None, None)
    assert Fact.objects.get().device is None


def test_a_matter_taken_back_keeps_no_phone_either(visit, send):
    matter = fact(visit, body={"kind": "matter_opened", "number": 1})
    send(matter, fact(visit, "undo", {"of": matter["id"]}), fact(visit))
    assert Count.objects.total("matter_opened") == 0
    devices = Fact.objects.values_list("device", flat=True)
    assert sorted(map(str, devices)) == sorted([DEVICE, "None", "None"])


def test_the_digest_does_not_tell_the_phone(visit, send):
    tap = fact(visit, body={"kind": "matter_opened", "number": 1})
    assert digest_of(tap) == digest_of(tap | {"device": str(uuid4())})


def test_a_late_fact_keeps_its_time_cut_to_five_minutes(visit, send):
    visit.started_at = clock.cut(clock.now()).replace(hour=0)
    visit.save()
    send(fact(visit, age=60))
    [row] = Count.objects.all()
    assert row.at.minute % 5 == 0 and row.at.second == 0


def test_a_late_fact_is_not_before_the_start(visit, send):
    send(fact(visit, age=3 * 24 * 3600))
    assert Count.objects.get().at == visit.started_at


def test_a_total_is_the_difference_to_this_phones_own(visit, send):
    testing.make_met(visit, 20, device=uuid4())
    send(fact(visit), fact(visit, body={"kind": "met", "total": 31}))
    assert send.reply["totals"][str(visit.pk)]["own"] == 31
    assert totals_of(visit).met == 51


def test_undo_is_a_row_and_only_once(visit, send):
    tap = fact(visit)
    assert send(tap, fact(visit, "undo", {"of": tap["id"]})) == [("stored", "")] * 2
    assert Count.objects.count() == 2 and totals_of(visit).met == 0
    [(result, why)] = send(fact(visit, "undo", {"of": tap["id"]}))
    assert result == "refused" and why
    assert totals_of(visit).met == 0


def test_undo_of_a_guided_person(visit, send):
    stub = fact(visit, "encounter", {})
    send(stub, fact(visit, "undo", {"of": stub["id"]}))
    assert totals_of(visit).guided == 0 and totals_of(visit).met == 0
    detail = {"encounter": stub["id"], "topics": ["debt"]}
    assert send(fact(visit, "encounter_detail", detail))[0][0] == "refused"


def test_undo_of_another_visits_tap_is_refused(cast, visit, send):
    other = testing.make_visit(cast, status="under_way", day=clock.today())
    row = testing.make_met(other, 1)
    assert send(fact(visit, "undo", {"of": str(row.pk)}))[0][0] == "refused"
    assert totals_of(other).met == 1


def test_a_guided_person_is_not_met_where_the_queue_is_counted_first(visit, send):
    visit.site.guided_counts_as_met = False
    visit.site.save()
    send(fact(visit, "encounter", {}))
    totals = totals_of(visit)
    assert (totals.met, totals.guided) == (0, 1)


def test_another_teams_visit_is_refused(cast, visit, send):
    [(result, why)] = send(fact(visit), worker=cast.outi)
    assert result == "refused" and why
    assert not Count.objects.exists()


def test_an_unknown_visit_is_refused_and_the_rest_is_stored(visit, send):
    lost = fact(visit) | {"visit": str(uuid4())}
    assert [result for result, _ in send(lost, fact(visit))] == ["refused", "stored"]


@pytest.mark.parametrize("role", ["leena", "hannu"])
def test_who_does_not_record_is_kept_out(cast, visit, sign_in, role):
    response = sign_in(getattr(cast, role)).post(
        reverse("phone:facts"),
        {"facts": [fact(visit)]},
        content_type="application/json",
    )
    assert response.status_code == 403 and not Count.objects.exists()


def test_a_partner_without_an_agreement_may_record(cast, visit, send):
    visit.organisation = cast.ngo
    visit.save()
    visit.workers.set([cast.paula])
    assert send(fact(visit), worker=cast.paula) == [("stored", "")]


def test_a_planned_visit_takes_nothing(cast, send):
    planned = testing.make_visit(cast, day=clock.today())
    [(result, why)] = send(fact(planned))
    assert result == "refused" and why


def test_a_sealed_visit_takes_nothing(cast, send):
    old = testing.make_visit(cast, status="done")
    [(result, why)] = send(fact(old))
    assert result == "refused" and why


BAD = [
    {},
    {"id": "x"},
    {"id": None, "device": None, "visit": None, "kind": None},
    {"kind": "nonsense"},
    {"kind": "count", "body": {"kind": "met"}},
    {"kind": "count", "body": {"kind": "met", "number": 2}},
    {"kind": "count", "body": {"kind": "met", "number": 1, "total": 3}},
    {"kind": "count", "body": {"kind": "met", "total": -1}},
    {"kind": "count", "body": {"kind": "met", "total": 10**30}},
    {"kind": "count", "body": {"kind": "topic", "number": 1}},
    {"kind": "count", "body": {"kind": "same_queue", "number": 10}},
    {"kind": "count", "body": []},
    {"kind": "count", "body": None},
    {"kind": "undo", "body": {"of": "\x00"}},
    {"kind": "undo", "body": {}},
    {"kind": "encounter_detail", "body": {"encounter": str(UUID(int=5))}},
    {"kind": "encounter_detail", "body": {"topics": ["debt"]}},
    {"kind": "mark_detail", "body": {"mark": str(UUID(int=5)), "topic": "debt"}},
    {"kind": "mark", "body": {"topic": "\ud800"}},
    {"kind": "mark", "body": {"topic": {"a": []}}},
    {"age": -1},
    {"age": 10**12},
    "text",
    None,
    [1],
]


@pytest.mark.parametrize("bad", BAD, ids=[str(n) for n in range(len(BAD))])
def test_what_cannot_be_read_is_refused_in_words(visit, send, bad):
    told = fact(visit) | bad if isinstance(bad, dict) and bad else bad
    [(result, why)] = send(told)
    assert result == "refused" and why
    assert not Count.objects.exists() and not Mark.objects.exists()


def test_a_code_out_of_use_is_refused(visit, send):
    stub = fact(visit, "encounter", {})
    detail = {"encounter": stub["id"], "topics": ["no_such_topic"]}
    answers = send(stub, fact(visit, "encounter_detail", detail))
    assert [result for result, _why in answers] == ["stored", "refused"]


NO_BATCH = [
    b"",
    b"{",
    b"[]",
    b'{"facts": []}',
    b'{"facts": 1}',
    b"\xff",
    b"[" * 60000,
    b"1" * 5000,
]


@pytest.mark.parametrize("content", NO_BATCH, ids=range(len(NO_BATCH)))
def test_what_is_no_batch_is_said(cast, sign_in, content):
    response = sign_in(cast.aino).post(
        reverse("phone:facts"), content, content_type="application/json"
    )
    assert response.status_code == 400 and response.json()["why"]


def test_too_many_at_once(visit, send):
    send(*[fact(visit) for _number in range(51)], status=400)
    assert send.reply["why"] and not Count.objects.exists()


def test_too_large(cast, sign_in):
    response = sign_in(cast.aino).post(
        reverse("phone:facts"), b" " * 70_000, content_type="application/json"
    )
    assert response.status_code == 400


def test_signed_out_is_said_as_json(client, visit):
    response = client.post(reverse("phone:facts"), {}, content_type="application/json")
    assert response.status_code == 401 and response.json()["sign_in"]


def test_one_tap_asks_little_of_the_database(
    visit, send, django_assert_max_num_queries
):
    send(fact(visit))
    with django_assert_max_num_queries(18):
        send(fact(visit))


def test_fifty_taps_ask_little_more(visit, send, django_assert_max_num_queries):
    send(fact(visit))
    with django_assert_max_num_queries(18 + 2 * 50):
        send(*[fact(visit) for _number in range(50)])
