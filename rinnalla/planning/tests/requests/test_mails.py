"""The sender hears that something moved, by a real mail server, without content."""

import socket

import pytest
from aiosmtpd.controller import Controller
from django_tasks_db.models import DBTaskResult

from rinnalla.lib import clock
from rinnalla.planning import actions as planning
from rinnalla.planning.models import OutreachRequest
from rinnalla.planning.requests import actions, mails
from rinnalla.planning.tests.requests.asked import make_request
from rinnalla.planning.tests.working import run_jobs
from rinnalla.testing import make_visit


class Mailbox:
    """Keeps what arrives, or refuses."""

    def __init__(self):
        self.letters, self.answer, self.refused = [], "250 OK", {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer.startswith("550") or address in self.refused:
            return self.refused.get(address, self.answer)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            text = envelope.content.decode("utf-8", "replace")
            self.letters.append((envelope.rcpt_tos, text))
        return self.answer


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = False
    yield box
    server.stop()


def run_later_jobs():
    """What was put off runs now."""
    waiting = DBTaskResult.objects.filter(status="READY")
    assert waiting.update(run_after=clock.now()) == 1
    run_jobs()


def plain(text):
    """The words of a letter as they are read."""
    import email
    from email.policy import default

    letter = email.message_from_string(text, policy=default)
    return letter["Subject"], letter.get_content()


def test_it_works(cast, mailbox):
    row = make_request()
    mails.ask()
    run_jobs()
    (([receiver], text),) = mailbox.letters
    subject, words = plain(text)
    assert receiver == "diakonia@example.fi"
    assert subject == "Pyyntönne on perillä"
    assert actions.secret_of(row) in words


def test_no_content_is_in_it(cast, mailbox):
    make_request(why="Monta ihmistä ilman ruokaa.", place="Kirkkopuisto")
    mails.ask()
    run_jobs()
    text = "".join(plain(mailbox.letters[0][1]))
    for word in ("Kirkkopuisto", "seurakunta", "ruokaa"):
        assert word not in text


def test_each_move_is_told_once(cast, mailbox):
    row = make_request()
    mails.ask()
    run_jobs()
    actions.acknowledge(cast.aino, row)
    for _ in range(2):
        mails.ask()
        run_jobs()
    assert len(mailbox.letters) == 2


def test_a_day_called_off_and_the_next_one_are_told(cast, mailbox):
    row = make_request()
    told = []
    for _ in range(2):
        visit = make_visit(cast)
        agreed = {"site": visit.site, "day": visit.day, "workers": [cast.aino]}
        actions.agree(cast.aino, row, key=visit.pk, **agreed)
        for step in (None, planning.cancel_visit):
            if step:
                step(cast.aino, visit, reason="staff_ill")
            mails.ask()
            run_jobs()
            told.append(len(mailbox.letters))
    assert told == [1, 2, 3, 4]


def test_in_the_senders_language(cast, mailbox):
    make_request(language="sv")
    mails.ask()
    run_jobs()
    assert plain(mailbox.letters[0][1])[0] == "Er begäran har kommit fram"


def test_the_address_goes_with_the_last_mail(cast, mailbox):
    row = actions.close(cast.aino, make_request())
    assert row.contact is not None
    mails.ask()
    run_jobs()
    assert OutreachRequest.objects.get().contact is None
    assert len(mailbox.letters) == 1


def test_a_server_that_is_down_owes_the_mail(cast, mailbox, settings):
    make_request()
    mailbox.answer = "451 Later"
    mails.ask()
    run_jobs()
    assert OutreachRequest.objects.get().told == ""
    mailbox.answer = "250 OK"
    run_later_jobs()
    assert len(mailbox.letters) == 1


def test_an_address_that_takes_no_mail_is_forgotten(cast, mailbox):
    make_request()
    mailbox.answer = "550 No such person"
    mails.ask()
    run_jobs()
    assert OutreachRequest.objects.get().contact is None


def test_a_greylisted_address_is_kept_and_tried_again(cast, mailbox):
    make_request()
    mailbox.refused = {"diakonia@example.fi": "450 Come again later"}
    mails.ask()
    run_jobs()
    assert OutreachRequest.objects.get().contact is not None
    mailbox.refused = {}
    run_later_jobs()
    assert len(mailbox.letters) == 1


def test_one_refused_letter_keeps_no_other_back(cast, mailbox):
    for name in ("eka", "toka", "kolmas"):
        make_request(email=f"{name}@example.fi")
    mailbox.refused = {
        "eka@example.fi": "450 Come again later",
        "toka@example.fi": "550 No such person",
    }
    mails.ask()
    run_jobs()
    assert [to for (to,), _text in mailbox.letters] == ["kolmas@example.fi"]
    assert OutreachRequest.objects.filter(contact=None).count() == 1


def test_a_letter_refused_for_its_text_is_not_tried_for_ever(cast, mailbox):
    make_request()
    mailbox.answer = "554 Not here"
    mails.ask()
    run_jobs()
    assert OutreachRequest.objects.get().contact is None
    assert not DBTaskResult.objects.filter(status="READY").exists()


def test_asked_many_times_one_task_waits(cast, mailbox):
    make_request()
    mailbox.answer = "451 Later"
    for _ in range(3):
        mails.ask()
    assert DBTaskResult.objects.count() == 1
    run_jobs()
    for _ in range(3):
        mails.ask()
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_without_an_address_nothing_is_sent(cast, mailbox):
    make_request(email="")
    mails.ask()
    run_jobs()
    assert mailbox.letters == []
