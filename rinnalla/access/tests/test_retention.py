"""What time deletes in this room: old names, ended sessions, missed sign-ins."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt

from rinnalla.access import actions, retention
from rinnalla.access.models import Worker, WorkerSession
from rinnalla.access.tests.test_sign_in import sign_in_by_form
from rinnalla.lib import clock

START = clock.at(clock.today(), 9)


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as travel:
        yield travel


def run(name, *, dry_run=False):
    rule = next(rule for rule in retention.RULES if rule.name == f"access.{name}")
    return rule.run(clock.today(), dry_run=dry_run)


def test_it_works(cast, time):
    actions.close_account(cast.hannu, cast.aino)
    time.shift(timedelta(days=23 * 30))
    assert run("closed_workers") == 0
    time.shift(timedelta(days=3 * 31))
    assert run("closed_workers", dry_run=True) == 1
    assert Worker.objects.get(pk=cast.aino.pk).name == "Aino Aalto"
    assert run("closed_workers") == 1
    gone = Worker.objects.get(pk=cast.aino.pk)
    assert "aino" not in (gone.name + gone.email).lower()
    assert not gone.has_usable_password()
    assert run("closed_workers") == 0


def test_who_works_here_keeps_the_name(cast, time):
    time.shift(timedelta(days=4000))
    assert run("closed_workers") == 0


def test_closed_again_counts_from_the_last_time(cast, time):
    actions.close_account(cast.hannu, cast.aino)
    time.shift(timedelta(days=700))
    actions.open_account(cast.hannu, cast.aino)
    actions.close_account(cast.hannu, cast.aino)
    time.shift(timedelta(days=100))
    assert run("closed_workers") == 0


def test_ended_sessions_go(cast, client, time):
    sign_in_by_form(client, "aino@example.fi")
    assert run("sessions") == 0
    time.shift(timedelta(days=2))
    assert run("sessions", dry_run=True) == 1
    assert run("sessions") == 1
    assert not WorkerSession.objects.exists()


def test_missed_sign_ins_go_after_thirty_days(cast, client, time):
    sign_in_by_form(client, "aino@example.fi", "wrong-wrong-wrong")
    time.shift(timedelta(days=29))
    assert run("sign_in_tries") == 0
    time.shift(timedelta(days=2))
    assert run("sign_in_tries") == 1
    assert not AccessAttempt.objects.exists()
