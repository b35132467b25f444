"""The audit: append-only, without content, and no way to look at one worker's days."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rinnalla.access import actions, audit, retention
from rinnalla.access.models import AuditEvent, Organisation
from rinnalla.lib import clock

PAGE = reverse("access:audit")
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="the trigger is PostgreSQL's"
)


@pytest.fixture
def events(cast):
    for worker, action, row in (
        (cast.aino, "visit.started", cast.team),
        (cast.kaisa, "visit.finished", cast.team),
        (cast.aino, "worker.signed_in", cast.aino),
    ):
        audit.log(worker, action, row)
    return AuditEvent.objects.order_by("pk")


def old_event(months, **over):
    fields = {"action": "visit.finished", "object_kind": "Visit", "object_id": "1"}
    fields["at"] = clock.now() - timedelta(days=31 * months)
    return AuditEvent.objects.create(**fields | over)


def rows(page):
    return [event.action for event in page.context["page"]]


def test_it_works(cast, events, sign_in):
    page = sign_in(cast.hannu).get(PAGE)
    assert rows(page) == ["visit.finished", "visit.started"]
    assert "Kaisa Koski" in page.content.decode()


@pytest.mark.parametrize(
    ("language", "said", "when"),
    [
        ("fi", "Käynti aloitettiin", "12.3.2026 9.30"),
        ("sv", "Ett besök inleddes", "12.3.2026 9.30"),
        ("en", "A visit was begun", "12 Mar 2026 09:30"),
    ],
)
def test_it_speaks_the_readers_language(cast, sign_in, language, said, when):
    at = clock.at(date(2026, 3, 12), 9, 30)
    old_event(0, action="visit.started", at=at)
    old_event(0, action="once.known", at=at)
    cast.hannu.language = language
    cast.hannu.save()
    page = sign_in(cast.hannu).get(PAGE).content.decode()
    assert f"<td>{said}</td>" in page and f">{said}</option>" in page
    assert ">visit.started<" not in page and when in page
    assert "<td>once.known</td>" in page


def test_times_are_cut_to_five_minutes_unless_exact(cast):
    audit.log(cast.aino, "a.b", cast.team)
    audit.log(cast.aino, "a.c", cast.team, exact=True)
    cut, exact = AuditEvent.objects.order_by("pk")
    assert (cut.at.minute % 5, cut.at.second, cut.at.microsecond) == (0, 0, 0)
    assert exact.at >= cut.at


def test_by_day_action_and_id(cast, events, sign_in):
    client = sign_in(cast.hannu)
    old_event(2)
    today = clock.today().isoformat()
    assert len(rows(client.get(PAGE, {"day": today}))) == 2
    assert rows(client.get(PAGE, {"action": "visit.started"})) == ["visit.started"]
    team = str(cast.team.pk)
    assert len(rows(client.get(PAGE, {"object_id": team}))) >= 2
    assert rows(client.get(PAGE, {"object_id": "no-such"})) == []


def test_when_people_sign_in_is_on_no_page(cast, events, sign_in):
    client = sign_in(cast.hannu)
    for query in ({}, {"action": "worker.signed_in"}, {"object_id": cast.aino.pk}):
        assert "worker.signed_in" not in rows(client.get(PAGE, query))


def test_there_is_no_question_about_a_worker(cast, events, sign_in):
    client = sign_in(cast.hannu)
    for name in ("worker", "worker_id", "who"):
        assert len(rows(client.get(PAGE, {name: cast.aino.pk}))) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"day": "x"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"action": "\0"},
        {"action": "x" * 5000},
        {"object_id": "\ud800".encode("utf-8", "surrogatepass")},
    ],
)
def test_an_unclear_question_gives_a_page_without_events(cast, events, sign_in, query):
    page = sign_in(cast.hannu).get(PAGE, query)
    assert page.status_code == 200
    assert rows(page) == []


def queries_of(client, question):
    """The page that answers a question, and how many times the database was asked."""
    with CaptureQueriesContext(connection) as asked:
        page = client.get(PAGE, question)
    return page, len(asked)


def test_it_is_paged_and_asks_a_fixed_number_of_times(cast, sign_in):
    client, question = sign_in(cast.hannu), {"action": "visit.started"}
    audit.log(cast.aino, "visit.started", cast.team)
    client.get(PAGE)
    _page, few = queries_of(client, question)
    for number in range(149):
        audit.log(cast.aino, "visit.started", cast.team, count=number)
    page, many = queries_of(client, question | {"page": 2})
    assert many == few <= 7
    assert len(rows(page)) == 50
    assert "action=visit.started&amp;page=1" in page.content.decode()


def test_an_event_is_never_changed_or_deleted_by_hand(events):
    event = events.first()
    for act in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(count=2),
    ):
        with pytest.raises(TypeError):
            act()


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM access_auditevent", "UPDATE access_auditevent SET count = 2"],
)
def test_the_database_itself_refuses(events, statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditEvent.objects.count() == 3


@on_postgresql
def test_the_database_lets_time_delete_and_only_time(db):
    old_event(25)
    old_event(11)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.all().forget()
    assert AuditEvent.objects.count() == 2
    actions.forget_audit(clock.now() - timedelta(days=31 * 24))
    assert AuditEvent.objects.count() == 1


def test_time_deletes_after_two_years(db):
    old_event(26)
    young = old_event(20)
    rule = next(rule for rule in retention.RULES if rule.name == "access.audit")
    assert rule.run(clock.today(), dry_run=True) == 1
    assert AuditEvent.objects.count() == 2
    assert rule.run(clock.today()) == 1
    assert AuditEvent.objects.get() == young
    assert rule.run(clock.today()) == 0


def test_nothing_written_is_kept(cast):
    organisation = Organisation(name="Salainen sana ry", sector="ngo")
    actions.save_organisation(cast.hannu, organisation)
    event = AuditEvent.objects.values().get(object_kind="Organisation")
    assert "Salainen" not in str(event)
