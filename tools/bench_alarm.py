#!/usr/bin/env python3
"""Measure from the due moment of an alarm to a second person's mailbox, under load.

    python tools/bench_alarm.py [--rows 100000] [--alarms 12]

No web process runs and no browser is open. Meanwhile an import of so many rows, a
recount of everything and the worker process run, and the mail server hangs: it holds
the letters of an earlier alarm and never answers them, and takes those that come later.
It works on a database of its own in a temporary folder (SQLite), or, with DATABASE_URL
set, on that one: give it an empty one.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import contextmanager, suppress
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace

import bench_import
from bench_import import MAP, ROOT, manage, write_rows

AHEAD = 3.0  # seconds from going out to the agreed time
LONGEST = 60.0  # an alarm may take before the measurement gives up
WARM = 240.0  # seconds the processes may take to be there
KAISA = "kaisa@example.fi"


def main():
    """Prepare, put everything under load, raise alarms, print the figures."""
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        post = Post()
        os.environ |= post.settings()
        prepare(folder, options)
        print(json.dumps(measure(Path(folder), post, options), indent=1))
    return 0


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--alarms", type=int, default=12)
    return parser.parse_args()


# --- The mail server ------------------------------------------------------------


class Post:
    """A mail server that hangs, then takes what comes; what it held stays held."""

    def __init__(self):
        from aiosmtpd.controller import Controller

        self.door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.held, self.hangs = [], True
        self.change, self.letters = threading.Condition(), []
        with socket.create_server(("127.0.0.1", 0)) as free:
            inner = free.getsockname()[1]
        self.inner = Controller(self, hostname="127.0.0.1", port=inner)
        self.inner.start()
        threading.Thread(target=self.serve, daemon=True).start()

    def settings(self):
        """What the processes are told of it."""
        return {
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.door.getsockname()[1]),
            "EMAIL_STARTTLS": "no",
            "PUBLIC_ADDRESS": "https://rinnalla.example.fi",
        }

    def serve(self):
        """Hold a connection for good, or pass it on to the server that answers."""
        while True:
            caller, _address = self.door.accept()
            if self.hangs:
                self.held.append(caller)
                continue
            there = socket.create_connection(("127.0.0.1", self.inner.port))
            for one, other in ((caller, there), (there, caller)):
                threading.Thread(target=pour, args=(one, other), daemon=True).start()

    async def handle_DATA(self, _server, _session, envelope):
        """Keep a letter, and when it came."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        with self.change:
            now = time.time()
            self.letters += [(to, letter, now) for to in envelope.rcpt_tos]
            self.change.notify_all()
        return "250 Message accepted for delivery"

    def when(self, to, name):
        """The moment a letter to this one tells of somebody; None if it never did."""

        def found():
            return [
                at
                for receiver, letter, at in self.letters
                if receiver == to and name in letter.get_content()
            ]

        with self.change:
            self.change.wait_for(found, timeout=LONGEST)
            return min(found(), default=None)


def pour(one, other):
    """Everything that one says, to the other."""
    with suppress(OSError):
        while part := one.recv(65536):
            other.sendall(part)
        other.shutdown(socket.SHUT_WR)


# --- The installation and its load ----------------------------------------------


def prepare(folder, options):
    """An installation with a team, its named person, and people who go out."""
    bench_import.prepare(folder)
    from rinnalla import testing
    from rinnalla.access.models import Team
    from rinnalla.access.models import Worker as People
    from rinnalla.planning.models import SafetyContact

    team = Team.objects.get(name="Keskinen")
    kaisa = People.objects.get(email=KAISA)
    SafetyContact.objects.create(team=team, worker=kaisa, order=1)
    for number in range(options.alarms + 1):
        testing.make_worker(name_of(number), "worker", team.organisation, team)


def name_of(number):
    """Whom an alarm is about; the first name tells one from the other."""
    return f"Kulkija{number:03} Aalto"


def set_out(number):
    """Somebody goes out for a few seconds; the agreed moment, in epoch seconds."""
    from rinnalla.access.models import Worker
    from rinnalla.lib import clock
    from rinnalla.planning.safety import actions

    worker = Worker.objects.get(name=name_of(number))
    due_at = clock.now() + timedelta(seconds=AHEAD)
    actions.check_in(worker, key=uuid.uuid4(), due_at=due_at, people=[])
    return due_at.timestamp()


@contextmanager
def running(*commands):
    """Commands of manage.py, each in a process of its own, ended with the block."""
    started = [
        subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def recount_on(stop):
    """Recount every figure again and again until told to stop; how many times."""
    times = 0
    while not stop.is_set():
        with suppress(subprocess.CalledProcessError):
            manage("recount", "--all")
            times += 1
    return times


def measure(folder, post, options):
    """Seconds from due to mailbox of every alarm, and what ran meanwhile."""
    like_visits = SimpleNamespace(rows=options.rows, shape="visit", xlsx=False)
    table = write_rows(folder, like_visits)
    order = ("import_visits", str(table), "--source", "bench", "--shape", "visit")
    stop, recounts = threading.Event(), []
    counter = threading.Thread(target=lambda: recounts.append(recount_on(stop)))
    with running(["watch"], ["worker"], [*order, "--json", "--map", *MAP]) as started:
        counter.start()
        try:
            hang_the_first(post)
            late = [raise_one(post, number, started[2]) for number in numbers(options)]
        finally:
            stop.set()
            counter.join()
    taken = [seconds for seconds, _is_busy in late]
    return {
        "rows": options.rows,
        "alarms": len(taken),
        "alarms_while_importing": sum(is_busy for _seconds, is_busy in late),
        "recounts": recounts[0],
        "connections_that_hang": len(post.held),
        "median_s": round(statistics.median(taken), 2),
        "slowest_s": round(max(taken), 2),
    }


def numbers(options):
    """The people of the alarms after the first."""
    return range(1, options.alarms + 1)


def hang_the_first(post):
    """An alarm whose letters hang in the server; only then it answers new ones."""
    from rinnalla.shell.models import Beat

    wait_until(lambda: Beat.objects.filter(pk="watch").exists(), "The watch is silent.")
    set_out(0)
    wait_until(lambda: post.held, "The first letter never left.")
    post.hangs = False


def wait_until(is_so, otherwise):
    """Look until it is so; leave with a sentence where it never is."""
    until = time.monotonic() + WARM
    while not is_so():
        if time.monotonic() > until:
            sys.exit(otherwise)
        time.sleep(0.05)


def raise_one(post, number, importing):
    """One alarm: seconds from due to the mailbox, and whether the import ran."""
    due = set_out(number)
    at = post.when(KAISA, name_of(number).split()[0])
    if at is None:
        sys.exit(f"Alarm {number} reached nobody in {LONGEST:.0f} s.")
    return at - due, importing.poll() is None


if __name__ == "__main__":
    sys.exit(main())
