"""The watch as a real process: killed at each step, before servers that fail."""

import re
import signal
import time

import pytest

from rinnalla.access.models import Worker
from rinnalla.lib import clock
from rinnalla.planning.models import Alarm, AlarmCall, SafetyNumber
from rinnalla.planning.tests.safety.people import PLACE, late_alarm, set_out
from rinnalla.planning.tests.safety.servers import (
    hung_server,
    mail_server,
    text_server,
)
from rinnalla.shell.models import Beat

KAISA, NIILO, AINO = "kaisa@example.fi", "niilo@example.fi", "aino@example.fi"
LINK = re.compile(r"https://rinnalla\.example\.fi(/planning/safety/answer/\S+)")
STEPS = ["step 2", "step 3", "step 4", "step 5", "step 6", "step 7"]


def test_it_works(team, mailbox, watch, client):
    """Nobody has a page open: the letter comes, its link takes the alarm."""
    set_out(team.aino, minutes=0.02, place=PLACE, is_home_visit=True)
    due = time.monotonic() + 1.2
    process = watch()
    letter = mailbox.wait(KAISA)
    assert time.monotonic() - due < 10
    text = letter.get_content()
    assert letter["Subject"] == "Rinnalla: avaa tämä heti"
    assert "Aino" in text and "Kotikäynti" in text and PLACE not in text
    path = LINK.search(text)[1]
    assert "Otan tämän" in client.get(path).content.decode()
    assert Alarm.objects.get().owner is None
    assert "Otit tämän" in client.post(path, {"do": "take"}).content.decode()
    assert Alarm.objects.get().owner == team.kaisa
    assert not mailbox.to(NIILO)
    assert "jos kaikki on hyvin" in mailbox.wait(AINO).get_content().lower()
    assert Beat.objects.filter(pk="watch").exists()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_killed_at_a_step_it_goes_on_from_there(team, mailbox, watch):
    """One step of the six, another one tomorrow."""
    killed_at(STEPS[clock.today().toordinal() % len(STEPS)], team, mailbox, watch)


@pytest.mark.proof
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_goes_on_from_there(team, mailbox, watch, step):
    killed_at(step, team, mailbox, watch)


def killed_at(step, team, mailbox, watch):
    alarm_of = set_out(team.aino, minutes=-1)
    assert watch(die_at=step).wait(60) == -signal.SIGKILL
    watch()
    mailbox.wait(KAISA)
    sent = AlarmCall.objects.filter(worker=team.kaisa, sent_at__isnull=False)
    wait_until(sent.exists)
    alarm = Alarm.objects.get()
    assert alarm.check_in == alarm_of and alarm.closed_at is None
    assert AlarmCall.objects.filter(worker=team.kaisa, kind="call").count() == 1


@pytest.mark.proof
def test_two_watches_at_once_raise_one_alarm(team, mailbox, watch):
    set_out(team.aino, minutes=-1)
    watch(), watch()
    mailbox.wait(KAISA)
    wait_until(AlarmCall.objects.filter(sent_at__isnull=False).exists)
    assert Alarm.objects.count() == 1


@pytest.mark.proof
def test_a_mail_server_that_is_down_gets_it_when_it_is_back(team, port, watch):
    late_alarm(team.aino)
    watch()
    tried = AlarmCall.objects.filter(worker=team.kaisa, tries__gte=2)
    wait_until(tried.exists)
    with mail_server(port) as box:
        box.wait(KAISA)


def test_a_hung_mail_server_delays_neither_texts_nor_the_next_alarm(team, port, watch):
    for worker in Worker.objects.all():
        SafetyNumber.objects.create(worker=worker, number=f"+35840{worker.pk:07}")
    kaisa = team.kaisa.safety_number.number
    late_alarm(team.aino)
    quick = {"rinnalla.planning.safety.sending.SECONDS": 3}
    with text_server() as (url, texts):
        with hung_server(port) as held:
            watch(SMS_URL=url, SMS_AUTHORIZATION="Bearer lumi", instead=quick)
            told = texts.wait(kaisa)
            assert told["authorization"] == "Bearer lumi"
            assert "Aino" in told["text"] and "/planning/safety/" in told["text"]
            wait_until(lambda: held)
            set_out(team.ossi, minutes=-0.1)
            began = time.monotonic()
            texts.change.acquire()
            came = texts.change.wait_for(
                lambda: any("Ossi" in told["text"] for told in texts.to(kaisa)), 20
            )
            texts.change.release()
            assert came and time.monotonic() - began < 10
        with mail_server(port) as box:
            box.wait(KAISA)


@pytest.mark.proof
def test_a_sender_of_texts_that_refuses_is_asked_again(team, mailbox, watch):
    SafetyNumber.objects.create(worker=team.kaisa, number="+358401234567")
    late_alarm(team.aino)
    with text_server(status=503) as (url, texts):
        watch(SMS_URL=url)
        mailbox.wait(KAISA)
        wait_until(lambda: len(texts.to("+358401234567")) >= 2)
    assert not AlarmCall.objects.filter(channel="text", sent_at__isnull=False)


def wait_until(is_so, seconds=30):
    """Look until it is so. Fails when it does not become so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)
