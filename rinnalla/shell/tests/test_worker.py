"""The worker process: jobs, figures and nights in one loop that does not give up."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta

import pytest
import time_machine
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning.actions import mark_stale
from rinnalla.planning.models import StaleMonth
from rinnalla.shell import actions, worker
from rinnalla.shell.models import Beat, JobSlot, NightRun
from rinnalla.shell.worker import Loop
from rinnalla.statistics.models import MonthTotal

NOON = clock.at(date(2026, 3, 12), 12)
BEFORE_NIGHT = clock.at(date(2026, 3, 12), 2, 29)


@task()
def remember(number):
    """A job that leaves a trace."""
    actions.beat(f"job {number}")


@task()
def stumble():
    """A job that cannot be done."""
    raise ValueError


def test_it_works(transactional_db):
    cast = testing.make_cast()
    visit = testing.make_visit(cast, status="done", day=date(2026, 3, 10))
    testing.make_met(visit, 12)
    mark_stale(visit.site, visit.day)
    remember.enqueue(number=1)
    with time_machine.travel(NOON, tick=False):
        Loop("test").turn()
    assert MonthTotal.objects.get().met == 12
    assert not StaleMonth.objects.exists()
    assert Beat.objects.filter(pk="job 1").exists()
    assert Beat.objects.get(pk="worker").at == NOON


@pytest.mark.django_db(transaction=True)
def test_a_job_that_stumbles_does_not_stop_the_next():
    stumble.enqueue()
    remember.enqueue(number=2)
    with time_machine.travel(BEFORE_NIGHT, tick=False):
        Loop("test").turn()
    assert Beat.objects.filter(pk="job 2").exists()
    assert DBTaskResult.objects.failed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_fault_is_waited_out(monkeypatch):
    loop = Loop("test")
    turns = []

    def turn():
        turns.append(1)
        if len(turns) == 1:
            raise ValueError
        loop.stop()

    monkeypatch.setattr(loop, "turn", turn)
    monkeypatch.setattr(worker, "SECONDS_AFTER_FAULT", 0)
    loop.run()
    assert len(turns) == 2


def test_night_runs_once_a_day(transactional_db):
    for _turn in range(3):
        with time_machine.travel(NOON, tick=False):
            Loop("test").turn()
    assert JobSlot.objects.get(job="night").slot == "2026-03-12"
    assert NightRun.objects.filter(step="statistics.proof").count() == 1
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        Loop("test").turn()
    assert NightRun.objects.filter(step="statistics.proof").count() == 2


@pytest.mark.django_db(transaction=True)
def test_night_waits_for_the_small_hours():
    with time_machine.travel(BEFORE_NIGHT, tick=False):
        Loop("test").turn()
    assert not JobSlot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_several_workers_start_a_job_once():
    started = [actions.start_once("night", "2026-03-12", stumble) for _ in range(5)]
    assert started == [True, False, False, False, False]
    assert DBTaskResult.objects.count() == 1


def test_a_job_that_was_not_kept_was_not_started(db, monkeypatch):
    class Broken:
        def enqueue(self):
            raise ValueError

    with pytest.raises(ValueError):
        actions.start_once("night", "2026-03-12", Broken())
    assert not JobSlot.objects.exists()


def test_it_stops_when_told(tmp_path, settings):
    """A real process: begins to beat, ends well within seconds of SIGTERM."""
    here = {"DATA_DIR": str(tmp_path), "KEY_DIR": str(tmp_path), "DATABASE_URL": ""}
    here["DJANGO_SETTINGS_MODULE"] = "rinnalla.settings"
    run = {"env": os.environ | here, "cwd": settings.BASE_DIR}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True, **run)
    process = subprocess.Popen([*manage, "worker"], **run)
    try:
        while not beats_in(tmp_path / "rinnalla.sqlite3"):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()


def beats_in(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT count(*) FROM shell_beat").fetchone()[0]
