"""SQLite: writers wait in a row, and nobody keeps a turn that is over."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ConnectionHandler

TURNS = 25


@pytest.fixture
def open_file(tmp_path, django_db_blocker):
    """Opens one file of SQLite anew; nobody is patient with a lock that is held."""
    impatient = {"timeout": 0, "transaction_mode": "IMMEDIATE"}
    engine, file = "rinnalla.lib.sqlite3", str(tmp_path / "turns.sqlite3")
    options = impatient | {"init_command": "PRAGMA journal_mode=WAL"}
    told = {"ENGINE": engine, "NAME": file, "OPTIONS": options}

    def opened():
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


@pytest.mark.django_db(transaction=True)
def test_the_suite_itself_takes_turns():
    if connection.vendor != "sqlite":
        pytest.skip("is about SQLite")
    with transaction.atomic():
        assert connection._has_turn
    assert not connection._has_turn
