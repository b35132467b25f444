"""SQLite: writers wait for their turns, and nobody keeps a turn that is over."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ConnectionHandler

from rinnalla.lib.sqlite3 import base

TURNS = 25
# Another process: it takes its turn, with or without a transaction, and hangs.
HANGS = """
import fcntl, sqlite3, sys
name, begins = sys.argv[1:]
turn = open(f"{name}-turn", "a")
fcntl.flock(turn, fcntl.LOCK_EX)
database = sqlite3.connect(name, isolation_level=None)
database.execute("BEGIN IMMEDIATE") if begins else None
print("has it", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def open_file(tmp_path, django_db_blocker):
    """Opens one file of SQLite anew; nobody is patient with a lock, unless told so."""
    engine, file = "rinnalla.lib.sqlite3", str(tmp_path / "turns.sqlite3")
    how = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}

    def opened(timeout=0):
        options = how | {"timeout": timeout}
        told = {"ENGINE": engine, "NAME": file, "OPTIONS": options}
        return ConnectionHandler({"default": told}).create_connection("default")

    with django_db_blocker.unblock():
        with opened().cursor() as cursor:
            cursor.execute("CREATE TABLE taken (number INTEGER)")
        yield opened


def take(database, number=1):
    """One transaction that reads, then writes."""
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with database.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM taken")
        cursor.execute("INSERT INTO taken VALUES (%s)", [number])


def end(database, how="commit"):
    getattr(database, how)()
    database.set_autocommit(True)


def taken(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM taken")
        return cursor.fetchone()[0]


def test_it_works(open_file):
    """Four at once: each waits for its turn, nobody finds the database locked."""

    def write(_writer):
        database = open_file()
        for number in range(TURNS):
            take(database, number)
            end(database)
        database.close()

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(4)))
    assert taken(open_file()) == 4 * TURNS


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_the_next_one_comes_in_after(open_file, how):
    one = open_file()
    take(one)

    def write():
        two = open_file()
        take(two)
        end(two)

    with ThreadPoolExecutor(1) as other:
        later = other.submit(write)
        assert not later.done()
        one.close() if how == "close" else end(one, how)
        later.result(20)
    assert taken(open_file()) == (2 if how == "commit" else 1)


def test_who_comes_again_at_once_waits_behind(open_file, tmp_path):
    """One that writes without a pause leaves room for those who wait."""
    one = open_file()
    take(one, 1)

    def write():
        other = open_file()
        take(other, 2)
        end(other)

    with ThreadPoolExecutor(1) as waiting:
        later = waiting.submit(write)
        with (tmp_path / "turns.sqlite3-next").open() as row:
            while is_free(row):
                flock(row, LOCK_UN)
        end(one)
        take(one, 3)
        end(one)
        later.result(20)
    with one.cursor() as cursor:
        cursor.execute("SELECT number FROM taken ORDER BY rowid")
        assert [number for (number,) in cursor.fetchall()] == [1, 2, 3]


def is_free(row):
    """Whether nobody waits there; takes the place."""
    try:
        flock(row, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def test_a_turn_ends_where_it_could_not_begin(open_file):
    """Somebody writes without a turn: refused, and the next one does not wait."""
    one, two = open_file(), open_file()
    with one.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError, match="locked"):
        take(two)
    with one.cursor() as cursor:
        cursor.execute("COMMIT")
    three = open_file()
    take(three)
    end(three)
    assert taken(three) == 1


# --- A writer that hangs -----------------------------------------------------------


@pytest.fixture
def hang(tmp_path):
    """Another process that has the turn and hangs: hang("in a transaction")."""
    started = []

    def begin(how=""):
        file = str(tmp_path / "turns.sqlite3")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        other = subprocess.Popen([sys.executable, "-c", HANGS, file, how], **pipes)
        started.append(other)
        assert other.stdout.readline() == b"has it\n"
        return other

    yield begin
    for other in started:
        other.kill()
        other.wait()


def test_a_writer_that_hangs_holds_nobody_up_for_good(open_file, hang, monkeypatch):
    monkeypatch.setattr(base, "LONGEST", 0.05)
    hang()
    database = open_file()
    take(database)
    assert not database._has_turn
    end(database)
    assert taken(database) == 1


def test_one_that_hangs_in_a_transaction_is_sqlites_matter(
    open_file, hang, monkeypatch
):
    monkeypatch.setattr(base, "LONGEST", 0.05)
    hang("in a transaction")
    with pytest.raises(DatabaseError, match="locked"):
        take(open_file())


@pytest.mark.parametrize("how", ["goes on", "dies"])
def test_after_it_turns_are_taken_again(open_file, hang, how):
    other = hang("in a transaction")

    def write():
        # A process that dies may give its turn back before its transaction ends.
        database = open_file(timeout=20)
        take(database)
        had_turn = database._has_turn
        end(database)
        return had_turn

    with ThreadPoolExecutor(1) as waiting:
        later = waiting.submit(write)
        assert not later.done()
        other.kill() if how == "dies" else other.stdin.close()
        assert later.result(20)
    assert taken(open_file()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_suite_itself_takes_turns():
    if connection.vendor != "sqlite":
        pytest.skip("is about SQLite")
    with transaction.atomic():
        assert connection._has_turn
    assert not connection._has_turn
