#!/usr/bin/env python3
"""Measure the sync door: facts a second, how long a batch takes, single facts.

    python tools/bench_sync_door.py [--seconds 6] [--only sqlite|postgresql]
                                    [--workers 2] [--threads 2]

It works on installations of its own in temporary folders: SQLite (FULL, WAL) and
PostgreSQL (durable, as in use). The web process is the one of `make demo`: granian,
two workers with two threads each. 16 phones keep their connections and send batches
made beforehand: of ten facts six taps, two guided people, a detail and a mark, and in
each batch one text for the guard. Each phone sends its next batch as soon as it has its
answer, so the times are those of a full house. The phones run on the same machine as
the server. At the end the most memory that one web process took.
"""

import argparse
import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from uuid import uuid4

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
ROOT = Path(__file__).resolve().parent.parent
PHONES = 16
FACTS_A_VISIT = 300
BARS = {
    "plain_50": ("facts_a_second", 1500),
    "plain_20": ("facts_a_second", 1500),
    "sealed_50": ("facts_a_second", 1000),
    "sealed_20": ("facts_a_second", 1000),
}
MOST_MS = dict.fromkeys(BARS, 250)
# Single facts have their bars on PostgreSQL.
LEAST_SINGLE, MOST_SINGLE_MS = {"single_32": 400}, {"single_8": 50}
MOST_MB = 150


def main():
    """Measure on both databases; in a process of its own for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        return measure(options)
    codes = []
    for database, address in addresses(options.only):
        codes.append(in_a_folder(options, database, address))
    return max(codes)


def addresses(only):
    """Each database with its address, as long as it runs."""
    if only != "postgresql":
        yield "sqlite", ""
    if only != "sqlite":
        from test import postgres

        with postgres(is_durable=True) as address:
            yield "postgresql", address


def in_a_folder(options, database, address):
    """One database: an empty installation, measured by a process that knows it."""
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        env = os.environ | {"DATA_DIR": folder, "KEY_DIR": f"{folder}/keys"}
        env |= {"HTTPS": "0", "DJANGO_SETTINGS_MODULE": "rinnalla.settings"}
        env |= {"DATABASE_URL": address, "BENCH_DATABASE": database}
        for command in ("migrate", "load_facts"):
            manage = [sys.executable, "manage.py", command, "--verbosity", "0"]
            subprocess.run(manage, check=True, cwd=ROOT, env=env, stdout=-3)
        again = [sys.executable, __file__, "--here"]
        for name in ("seconds", "workers", "threads"):
            again += [f"--{name}", str(getattr(options, name))]
        return subprocess.run(again, cwd=ROOT, env=env).returncode


def measure(options):
    """Every measurement on the installation of the environment."""
    import django

    django.setup()
    county = County(visits=400)
    with serve(options) as (port, web):
        ways = Ways(county, port, options.seconds)
        figures = {
            "plain_20": ways.batches(20),
            "plain_50": ways.batches(50),
            "plain_50 again": ways.again(),
            "sealed_20": ways.batches(20, is_sealed=True),
            "sealed_50": ways.batches(50, is_sealed=True),
            "single_32": ways.singles(32),
            "single_8": ways.singles(8),
        }
        memory = most_memory(web.pid)
    return say(figures, memory)


class County:
    """A team with phones and visits under way, and the facts they send."""

    def __init__(self, visits):
        from rinnalla import testing
        from rinnalla.lib import clock

        cast = testing.make_cast()
        site = testing.make_site(cast)
        now = {"day": clock.today(), "started_at": clock.cut(clock.now())}
        self.visits = [
            str(testing.make_visit(cast, site, status="under_way", **now).pk)
            for _number in range(visits)
        ]
        self.phones = [self.phone(cast.aino) for _number in range(32)]
        self.seq = [0] * len(self.phones)
        self.given = 0

    def phone(self, worker):
        """A phone in use: the header by which it says who it is."""
        from rinnalla.lib import clock
        from rinnalla.phone.guards import digest_of_token
        from rinnalla.phone.models import Device

        token = urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        device = Device.objects.create(
            name="Puhelin",
            worker=worker,
            token_digest=digest_of_token(token),
            enrolled_on=clock.today(),
        )
        return f"Device {device.pk}.{token}"

    def batch(self, phone, size, *, is_sealed=False):
        """The bytes of one batch of new facts, all of one visit."""
        visit = self.visits[self.given // FACTS_A_VISIT % len(self.visits)]
        self.given += size
        facts = []
        for number in range(size):
            self.seq[phone] += 1
            kind, body = self.said(number, size, facts)
            fact = {"id": str(uuid4()), "seq": self.seq[phone], "visit": visit}
            fact |= {"kind": kind, "body": body, "made": time.time(), "v": 1}
            facts.append(fact)
        sent = [sealed(fact) for fact in facts] if is_sealed else facts
        told = {"version": 1, "worker": None, "now": time.time(), "facts": sent}
        told |= {"highest": self.seq[phone], "unsent": size, "gone": [], "app": "1"}
        return json.dumps(told).encode()

    def said(self, number, size, facts):
        """Kind and body of the batch's next fact."""
        place = number % 10
        if size > 1 and number == size - 1:
            return "note", {"text": "Jono oli pitkä, ilta rauhallinen."}
        if place in (2, 6):
            return "encounter", {}
        if place == 7:
            told = {"topics": ["debt", "housing"], "methods": ["guidance"]}
            return "encounter_detail", {"encounter": facts[-1]["id"], **told}
        if place == 9:
            return "mark", {}
        return "count", {"kind": "met", "number": 1}


def sealed(fact):
    """A fact as a phone seals it."""
    from rinnalla.phone import sealing

    key = sealing.current_key()
    inner = {name: fact[name] for name in ("visit", "kind", "body", "made")}
    info = f"{sealing.FACT}{fact['id']}".encode()
    content = json.dumps(inner).encode()
    closed = sealing.SUITE.encrypt(content, key.private.public_key(), info=info)
    text = urlsafe_b64encode(closed).decode().rstrip("=")
    outer = {"id": fact["id"], "seq": fact["seq"], "v": 1, "key": key.id}
    return outer | {"sealed": text}


@contextlib.contextmanager
def serve(options):
    """The web process of `make demo`, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"]
    command += ["--port", str(port), "--workers", str(options.workers)]
    command += ["--blocking-threads", str(options.threads)]
    command += ["--backpressure", "64", "--log-level", "warning", "--no-access-log"]
    web = subprocess.Popen([*command, "rinnalla.wsgi:application"], cwd=ROOT)
    try:
        wait_for(port)
        yield port, web
    finally:
        web.terminate()
        web.wait(10)


def most_memory(parent):
    """MB of the greatest child of granian at its peak; 0 where nothing tells."""
    peaks = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if told["PPid"].strip() == str(parent):
                peaks.append(int(told.get("VmHWM", "0 kB").split()[0]) // 1024)
    return max(peaks)


def wait_for(port):
    """Until the service says that it is well."""
    for _try in range(100):
        with contextlib.suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            line.request("GET", "/health")
            if line.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise SystemExit("The web process did not start.")


def look_at_sizes():
    """Let PostgreSQL see how large the tables have become, as it does every minute.

    Here they grow from nothing in half of one: without this it plans for empty tables.
    """
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


class Ways:
    """The ways of sending that are measured."""

    def __init__(self, county, port, seconds):
        self.county, self.port, self.seconds = county, port, seconds
        self.last = []

    def batches(self, size, *, is_sealed=False):
        """16 phones send batches of new facts, as fast as they are answered."""
        each = int(self.seconds * 4000 / size / PHONES)
        sent = [
            [self.county.batch(phone, size, is_sealed=is_sealed) for _n in range(each)]
            for phone in range(PHONES)
        ]
        return self.send(sent, size, {"stored"})

    def again(self):
        """The last batches once more: nothing new is in them."""
        return self.send(self.last, 50, {"duplicate"})

    def singles(self, connections):
        """One fact a request."""
        each = int(self.seconds * 600 / connections)
        sent = [
            [self.county.batch(phone, 1) for _n in range(each)]
            for phone in range(connections)
        ]
        return self.send(sent, 1, {"stored"})

    def send(self, sent, size, expected):
        """Send each phone's batches on its own connection until time is over."""
        look_at_sizes()
        end = time.perf_counter() + self.seconds
        with ThreadPoolExecutor(len(sent)) as hands:
            started = time.perf_counter()
            jobs = [
                hands.submit(self.one_phone, number, batches, end, expected)
                for number, batches in enumerate(sent)
            ]
            by_phone = [job.result() for job in jobs]
            spent = time.perf_counter() - started
        took = [ms for phone in by_phone for ms in phone]
        # What was answered can be sent once more.
        pairs = zip(sent, by_phone, strict=True)
        self.last = [batches[: len(phone)] for batches, phone in pairs]
        return {
            "facts_a_second": len(took) * size / spent,
            "requests": len(took),
            "p50_ms": statistics.median(took),
            "p95_ms": statistics.quantiles(took, n=20)[-1],
        }

    def one_phone(self, number, batches, end, expected):
        """Milliseconds of each request of one phone."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        head = {"Content-Type": "application/json", "Accept-Language": "fi"}
        head["Authorization"] = self.county.phones[number]
        took = []
        for batch in batches:
            started = time.perf_counter()
            if started > end:
                break
            line.request("POST", "/phone/sync", batch, head)
            answer = line.getresponse()
            content = answer.read()
            took.append((time.perf_counter() - started) * 1000)
            assert answer.status == 200, content
            found = {fact["result"] for fact in json.loads(content)["facts"]}
            assert found == expected, content
        return took


def say(figures, memory):
    """The figures as rows of docs/measured.md; the exit code tells of a missed bar."""
    database, missed = os.environ["BENCH_DATABASE"], []
    load = os.getloadavg()[0]
    for name, got in figures.items():
        line = f"{name}: {got['facts_a_second']:.0f} facts/s"
        line += f", p50 {got['p50_ms']:.0f} ms, p95 {got['p95_ms']:.0f} ms"
        where = f"two cores, {database}, load {load:.1f}"
        print(f"| {date.today()} | `tools/bench_sync_door.py` | {where} | {line} |")
        missed += [name] if is_missed(name, got, figures) else []
    print(f"Most memory of one web process: {memory} MB (bar {MOST_MB})", flush=True)
    missed += ["memory"] if memory > MOST_MB else []
    if missed:
        print(f"Over the bar on {database}: {', '.join(missed)}")
    return 1 if missed else 0


def is_missed(name, got, figures):
    """Whether a figure misses its bar."""
    measure, least = BARS.get(name, ("facts_a_second", 0))
    most = MOST_MS.get(name, 10**9)
    if name.startswith("single") and os.environ["BENCH_DATABASE"] == "postgresql":
        least, most = LEAST_SINGLE.get(name, 0), MOST_SINGLE_MS.get(name, most)
    if name == "plain_50 again":
        least = figures["plain_50"]["facts_a_second"]
    return got[measure] < least or got["p95_ms"] > most


if __name__ == "__main__":
    sys.exit(main())
