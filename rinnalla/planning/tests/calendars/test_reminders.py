"""Reminders go through a real mail server, at most once, and say little."""

import socket
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django_tasks_db.models import DBTaskResult

from rinnalla.access.models import Worker
from rinnalla.lib import clock
from rinnalla.planning.calendars import actions, reminders, tasks
from rinnalla.planning.models import SentReminder
from rinnalla.shell.worker import Loop
from rinnalla.testing import make_site, make_visit

Kind = SentReminder.Kind
# A Tuesday, half past five in Finland.
EVENING = datetime(2027, 2, 2, 15, 30, tzinfo=UTC)
ALL = dict.fromkeys(actions.CHOICES, True)


class Mailbox:
    """Keeps what arrives; `answers` is what it says to the next letters instead."""

    def __init__(self, port):
        self.port, self.letters, self.answers = port, [], []

    def start(self):
        self.server = Controller(self, hostname="127.0.0.1", port=self.port)
        self.server.start()

    def stop(self):
        self.server.stop(no_assert=True)

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            answer = self.answers.pop(0)
            if not answer.startswith("250"):
                return answer
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.rcpt_tos[0], letter))
        return "250 Message accepted for delivery"

    def said(self):
        return [(to, letter.get_content().strip()) for to, letter in self.letters]


@pytest.fixture
def mailbox(settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Mailbox(port)
    box.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = False
    yield box
    box.stop()


@pytest.fixture
def evening():
    with time_machine.travel(EVENING, tick=False) as travel:
        yield travel


@pytest.fixture
def visit(cast, evening):
    """Aino's visit of tomorrow, and she wants every reminder."""
    actions.choose_reminders(cast.aino, **ALL)
    return make_visit(cast, day=clock.today() + timedelta(days=1))


def test_it_works(visit, mailbox):
    assert reminders.send(Kind.EVENING_BEFORE)
    ((to, text),) = mailbox.said()
    assert to == "aino@example.fi"
    assert text.splitlines()[0] == "Huomenna: ke 3.2.2027"
    assert "10.00 Leipätupa" in text.splitlines()
    assert mailbox.letters[0][1]["Subject"] == "Rinnalla: huomenna"


def test_the_evening_and_the_morning_once_each(visit, mailbox, evening):
    for _ in range(2):
        reminders.send(Kind.EVENING_BEFORE)
    evening.move_to(EVENING + timedelta(hours=14))
    for _ in range(2):
        reminders.send(Kind.SAME_MORNING)
    first_lines = [text.splitlines()[0] for _to, text in mailbox.said()]
    assert first_lines == ["Huomenna: ke 3.2.2027", "Tänään: ke 3.2.2027"]


def test_it_holds_no_word_more(cast, visit, mailbox):
    """A home is a home visit; no pair, no reason, no host, no address."""
    home = make_site(cast, name="Mäkikatu 5 A", kind="home", area="Männistö")
    day = visit.day
    make_visit(cast, home, day=day, starts=time(13), workers=[cast.aino, cast.kaisa])
    reminders.send(Kind.EVENING_BEFORE)
    ((_to, text),) = mailbox.said()
    lines = [line for line in text.splitlines() if line]
    assert lines == [
        "Huomenna: ke 3.2.2027",
        "10.00 Leipätupa",
        "13.00 Kotikäynti",
        "Valitsit tämän muistutuksen Rinnallassa kohdassa Kalenteri ja muistutukset.",
    ]


def test_no_query_a_worker(cast, visit, django_assert_max_num_queries):
    for worker in (cast.aino, cast.kaisa, cast.outi, cast.reijo, cast.leena):
        actions.choose_reminders(worker, **ALL)
        visit.workers.add(worker)
    with django_assert_max_num_queries(3):
        assert len(reminders.letters(Kind.EVENING_BEFORE)) > 2


def test_in_ones_own_language(cast, visit, mailbox):
    Worker.objects.filter(pk=cast.aino.pk).update(language="sv")
    reminders.send(Kind.EVENING_BEFORE)
    ((_to, text),) = mailbox.said()
    assert text.splitlines()[0] == "I morgon: ons 3.2.2027"


def test_only_who_chose_hears(cast, visit, mailbox):
    visit.workers.add(cast.kaisa)
    actions.choose_reminders(cast.aino, same_morning=True)
    reminders.send(Kind.EVENING_BEFORE)
    assert mailbox.letters == []


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"is_seen": False}])
def test_a_visit_that_is_off_is_not_told(visit, mailbox, change):
    if "status" in change:
        change = change | {"cancel_reason": "weather"}
    for name, value in change.items():
        setattr(visit, name, value)
    visit.save()
    reminders.send(Kind.EVENING_BEFORE)
    assert mailbox.letters == []


def test_who_has_left_hears_nothing(cast, visit, mailbox):
    Worker.objects.filter(pk=cast.aino.pk).update(is_active=False)
    reminders.send(Kind.EVENING_BEFORE)
    assert mailbox.letters == []


def test_what_has_begun_is_not_told_in_the_morning(visit, mailbox, evening):
    evening.move_to(EVENING + timedelta(hours=18))
    reminders.send(Kind.SAME_MORNING)
    assert mailbox.letters == []


def test_a_missing_pair_is_told_to_the_goer_and_the_coordinator(cast, visit, mailbox):
    in_a_week = clock.today() + timedelta(days=7)
    make_visit(cast, visit.site, day=in_a_week)
    make_visit(cast, visit.site, day=in_a_week, workers=[cast.aino, cast.kaisa])
    for worker in (cast.kaisa, cast.outi):
        actions.choose_reminders(worker, missing_pair=True)
    reminders.send(Kind.MISSING_PAIR)
    told = dict(mailbox.said())
    assert set(told) == {"aino@example.fi", "kaisa@example.fi"}
    assert told["kaisa@example.fi"].count("Leipätupa") == 1
    assert told["aino@example.fi"].startswith("Pari puuttuu viikon päästä: ti 9.2.2027")


def test_the_worker_process_sends_at_its_hour(
    transactional_db, visit, mailbox, evening
):
    loop = Loop("test")
    evening.move_to(EVENING - timedelta(hours=1))
    loop.turn()
    assert mailbox.letters == []
    evening.move_to(EVENING)
    for _ in range(3):
        loop.turn()
    assert [to for to, _text in mailbox.said()] == ["aino@example.fi"]


def test_a_server_that_is_down_is_tried_again(visit, mailbox, evening):
    mailbox.stop()
    tasks.remind_of_tomorrow.func()
    assert not SentReminder.objects.exists()
    (later,) = DBTaskResult.objects.all()
    assert later.run_after == clock.now() + tasks.TRY_AGAIN_AFTER
    mailbox.start()
    tasks.remind_again.func(**later.args_kwargs["kwargs"])
    assert len(mailbox.letters) == 1
    evening.move_to(EVENING + timedelta(days=1))
    tasks.remind_again.func(**later.args_kwargs["kwargs"])
    assert len(mailbox.letters) == 1


def test_not_now_is_tried_again_and_never_is_not(cast, visit, mailbox):
    visit.workers.add(cast.kaisa)
    actions.choose_reminders(cast.kaisa, **ALL)
    mailbox.answers = ["451 Later", "554 Never"]
    assert not reminders.send(Kind.EVENING_BEFORE)
    assert SentReminder.objects.count() == 1
    assert reminders.send(Kind.EVENING_BEFORE)
    assert len(mailbox.letters) == 1


def test_a_line_that_breaks_sends_nothing_twice(cast, visit, mailbox):
    """The letter under way may have arrived; those after it are tried again."""
    for worker in (cast.kaisa, cast.reijo):
        visit.workers.add(worker)
        actions.choose_reminders(worker, **ALL)
    mailbox.answers = ["250", "421 Going down"]

    assert not reminders.send(Kind.EVENING_BEFORE)
    while not reminders.send(Kind.EVENING_BEFORE):
        pass
    receivers = [to for to, _text in mailbox.said()]
    assert len(receivers) == len(set(receivers))
    assert {"aino@example.fi"} <= set(receivers)


def test_two_worker_processes_send_one(cast, visit, mailbox):
    due = reminders.letters(Kind.EVENING_BEFORE)
    assert actions.claim_reminder(cast.aino, Kind.EVENING_BEFORE, visit.day)
    assert not actions.claim_reminder(cast.aino, Kind.EVENING_BEFORE, visit.day)
    assert len(due) == 1
    reminders.send(Kind.EVENING_BEFORE)
    assert mailbox.letters == []
