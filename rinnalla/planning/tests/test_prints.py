"""A print is made by the worker process, once, and asked for again when lost."""

from datetime import timedelta

import time_machine
from django_tasks_db.models import DBTaskResult

from rinnalla.lib import clock
from rinnalla.planning import prints
from rinnalla.planning.tests.working import run_jobs

HERE = "rinnalla.planning.tests.test_prints"


def make_greeting(*, name):
    return f"hello {name}".encode()


def make_nothing():
    raise ValueError("the maker gave up")


def ask(**over):
    arguments = {"make": f"{HERE}.make_greeting", "name": "Rinnalla"} | over
    return prints.ask("greeting", "1.fi", **arguments)


def test_it_works(db):
    assert ask().content is None
    run_jobs()
    assert bytes(ask().content) == b"hello Rinnalla"
    assert ask().made_at is not None


def test_asked_twice_is_made_once(db):
    ask()
    ask()
    assert DBTaskResult.objects.count() == 1
    run_jobs()
    ask()
    assert DBTaskResult.objects.count() == 1


def test_a_lost_one_is_asked_for_again(db):
    prints.ask("greeting", "1.fi", make=f"{HERE}.make_nothing")
    run_jobs()
    assert ask().content is None, "the maker gave up and it is too early to ask again"
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        ask()
        run_jobs()
        assert bytes(ask().content) == b"hello Rinnalla"
