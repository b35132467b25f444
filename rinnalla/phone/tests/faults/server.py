"""A server process that dies where it is told to: the other end of the fault tests.

    python -m rinnalla.phone.tests.faults.server FOLDER

The keeper (this process) holds the listening socket and forks a child that serves the
real application; when the child dies the next one is there in milliseconds. The keeper
obeys one order a line on its standard input, as JSON, and answers with a line:

    {"do": "arm", "at": "statement", "n": 3, "times": 1}    {"do": "kill"}
    {"do": "save"} {"do": "restore"}    any function of desk.py, with its arguments
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path

LOOK_EVERY = 0.02  # seconds between looks at the child


class Keeper:
    """Holds the socket, the child and the database, and obeys."""

    def __init__(self, folder, database):
        self.folder, self.database = folder, database
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.child, self.deaths = None, 0

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def run(self):
        """Obey until the input ends; keep a child alive meanwhile."""
        self.fork()
        say({"port": self.port})
        while True:
            ready, _, _ = select.select([sys.stdin], [], [], LOOK_EVERY)
            self.look_after_the_child()
            line = sys.stdin.readline() if ready else None
            if line == "":
                return self.end()
            if line:
                say(self.obey(json.loads(line)))

    def fork(self):
        """Start a child; it shares no database connection with the keeper."""
        close_connections()
        self.child = os.fork()
        if self.child == 0:
            serve(self.listener, self.folder)
            os._exit(0)

    def look_after_the_child(self):
        if self.child and os.waitpid(self.child, os.WNOHANG)[0]:
            self.deaths += 1
            self.fork()

    def obey(self, order):
        do = order.pop("do")
        try:
            mine = {"arm": self.arm, "kill": self.kill, "statements": self.statements}
            mine |= {"save": self.save, "restore": self.restore, "deaths": self.died}
            return {"said": mine[do](**order) if do in mine else at_the_desk(do, order)}
        except Exception as fault:  # the test must hear of any
            return {"fault": f"{type(fault).__name__}: {fault}"}

    def arm(self, at, n=1, times=1):
        """Let the next `times` syncs die at this point."""
        write(self.folder / "armed", {"at": at, "n": n, "times": times})

    def statements(self):
        """How many statements and commits the last counted sync took."""
        return json.loads((self.folder / "counted").read_text())

    def died(self):
        self.look_after_the_child()
        return self.deaths

    def kill(self):
        """SIGKILL the child now, whatever it does; the next one takes over."""
        self.stop()
        self.fork()

    def stop(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        self.deaths += 1

    def save(self):
        """Keep the database as it stands now, as a backup would."""
        self.stop()
        close_connections()
        self.database.save()
        self.fork()

    def restore(self):
        """Put the kept database back: what came since is not there any more."""
        self.stop()
        close_connections()
        self.database.restore()
        self.fork()

    def end(self):
        self.stop()
        close_connections()
        self.database.drop()


# --- The child ---------------------------------------------------------------


def serve(listener, folder):
    """Serve the real application on the keeper's socket, until death."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.test.testcases import QuietWSGIRequestHandler

    from rinnalla.wsgi import application

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    address = listener.getsockname()
    server = ThreadedWSGIServer(
        address, QuietWSGIRequestHandler, bind_and_activate=False
    )
    server.socket.close()
    server.socket = listener
    server.server_name, server.server_port = address
    server.setup_environ()
    watch_commits()
    server.set_app(StaticFilesHandler(Mortal(application, folder)))
    server.serve_forever(poll_interval=0.05)


class Order(threading.local):
    """Where the request of this thread has to die."""

    at, n = "", 0
    statements = commits = 0


order = Order()


class Mortal:
    """The application, and the point of a sync at which the process dies."""

    def __init__(self, application, folder):
        self.application, self.folder = application, folder
        self.reading = threading.Lock()

    def __call__(self, environ, start_response):
        with self.reading:
            order.at, order.n = self.take_order(environ)
        order.statements = order.commits = 0
        if order.at == "":
            return self.application(environ, start_response)
        die_at("before")
        from django.db import connection

        with connection.execute_wrapper(die_at_statement):
            answer = b"".join(self.application(environ, start_response))
        if order.at == "count":
            counted = {"statements": order.statements, "commits": order.commits}
            write(self.folder / "counted", counted)
        die_at("answered")
        return [answer] if order.at != "halfway" else halfway(answer)

    def take_order(self, environ):
        """The armed point, once for each time it was armed; nothing for other pages."""
        armed = self.folder / "armed"
        if not environ["PATH_INFO"].endswith("/sync") or not armed.exists():
            return "", 0
        told = json.loads(armed.read_text())
        told["times"] -= 1
        if told["times"] > 0:
            write(armed, told)
        else:
            armed.unlink()
        return told["at"], told["n"]


def halfway(answer):
    """Half of an answer, then death."""
    yield answer[: len(answer) // 2]
    die_at("halfway")


def die_at(point):
    if order.at == point:
        os.kill(os.getpid(), signal.SIGKILL)


def die_at_statement(execute, *said):
    """Die before the statement that was named."""
    order.statements += 1
    if order.statements == order.n:
        die_at("statement")
    return execute(*said)


def watch_commits():
    """Let each commit of a sync be a point to die at: before it, and right after it."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    commit = BaseDatabaseWrapper._commit

    def watched(self):
        order.commits += 1
        if order.commits == order.n:
            die_at("commit")
        commit(self)
        if order.commits == order.n:
            die_at("committed")

    BaseDatabaseWrapper._commit = watched


# --- The database ------------------------------------------------------------


class File:
    """A database of SQLite in the folder."""

    def __init__(self, folder):
        self.path = folder / "faults.sqlite3"
        self.address = f"sqlite:///{self.path}"

    def save(self):
        self._copy(self.path, self.path.with_name("saved"))

    def restore(self):
        self._copy(self.path.with_name("saved"), self.path)

    def _copy(self, source, target):
        for end in ("", "-wal", "-shm"):
            Path(f"{target}{end}").unlink(missing_ok=True)
            if Path(f"{source}{end}").exists():
                shutil.copyfile(f"{source}{end}", f"{target}{end}")

    def drop(self):
        pass


class Cluster:
    """A database of our own on the PostgreSQL that the suite runs on."""

    def __init__(self, address):
        self.server, self.name = address, f"faults_{os.getpid()}"
        self.address = f"{address.rpartition('/')[0]}/{self.name}"
        self._do(f"CREATE DATABASE {self.name}")

    def save(self):
        self._replace(f"{self.name}_saved", self.name)

    def restore(self):
        self._replace(self.name, f"{self.name}_saved")

    def drop(self):
        for name in (self.name, f"{self.name}_saved"):
            self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _replace(self, target, source):
        self._do(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        self._do(f"CREATE DATABASE {target} TEMPLATE {source}")

    def _do(self, statement):
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


def database_in(folder):
    """A database of our own, of the kind the environment asks for."""
    address = os.environ.get("DATABASE_URL", "")
    return Cluster(address) if address.startswith("postgres") else File(folder)


# --- Between -----------------------------------------------------------------


def at_the_desk(do, arguments):
    """Run a function of the desk; the child keeps on serving meanwhile."""
    from rinnalla.phone.tests.faults import desk

    try:
        return getattr(desk, do)(**arguments)
    finally:
        close_connections()


def close_connections():
    from django.db import connections

    connections.close_all()


def write(path, content):
    """Write a small file whole; somebody may read it at any moment."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content))
    draft.replace(path)


def say(content):
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def warm_up():
    """Import here what a request needs, so that a new child answers at once."""
    from django.urls import get_resolver

    from rinnalla import wsgi

    assert wsgi.application
    for pattern in get_resolver().url_patterns:
        getattr(pattern, "url_patterns", None)


def main():
    """Prepare the folder and the database, then keep."""
    folder = Path(sys.argv[1])
    database = database_in(folder)
    os.environ["DATABASE_URL"] = database.address
    os.environ["RINNALLA_TEST_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rinnalla.test_settings"
    import django

    django.setup()
    with contextlib.redirect_stdout(sys.stderr):
        at_the_desk("prepare", {})
    warm_up()
    Keeper(folder, database).run()


if __name__ == "__main__":
    main()
