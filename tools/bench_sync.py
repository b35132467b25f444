#!/usr/bin/env python3
"""Random days of many phones against a server that is really killed: all there, once?

    make bench-sync RUNS=10000 SEED=1
    python tools/bench_sync.py [--runs 300] [--seed 1] [--lanes 12] [--break WHAT]

Each run is one phone with a store of its own in a real Chromium: the app's own
outbox.js, driven through a random schedule of taps, cut requests, lost answers, doubled
and late batches, restarts in the middle of a write, and now and then a database that
the browser throws away. Meanwhile the server process is killed with SIGKILL, at random
and at chosen points of its work, and the page too. In the end the rows, what the door
remembers, the counts and the leader's page are compared with what a pencil would have
written. The last line is `lost=0 doubled=0 undetected=0 runs=…`; anything else exits
with 1.

`--break` spoils the outbox on its way to the browser, to show that the bench sees it:
forgets (lets go before the answer), renames (a new id after a lost answer), unnoticed
(no mirror of the database).
"""

import argparse
import contextlib
import os
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rinnalla.phone.tests.faults import schedules  # noqa: E402
from rinnalla.phone.tests.faults.process import Server  # noqa: E402

DRIVER = (ROOT / "rinnalla/phone/tests/faults/bench.js").read_text()
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync", "--disable-quic", "--no-first-run"]
LOOK_EVERY = 250  # milliseconds
AT_ONCE = 50  # runs given to one page
KILL_AFTER = (2.0, 8.0)  # seconds between two deaths of the server
CRASH_AFTER = (2.0, 20.0)  # of the page; fifty runs take some seven
STUCK_AFTER = 120.0  # without a run that ends
MOST_TRIES = 20
POINTS = ("before", "statement", "commit", "committed", "answered", "halfway")
BROKEN = {
    "forgets": (
        "facts: rows.map(wireOf),",
        "facts: rows.map((row) => { this.store.write(['outbox'], (tx) =>"
        " tx.objectStore('outbox').delete(row.seq)); return wireOf(row); }),",
    ),
    "renames": (
        'return this.isWriter && this.later("offline");',
        "await this.store.write(['outbox'], async (tx) => {"
        " for (const { fact, ...row } of batch.rows.filter((row) => row.fact)) {"
        " const id = newId();"
        " await tx.objectStore('outbox').put({ ...row, id, fact: { ...fact, id } });"
        " } }); return this.isWriter && this.later('offline');",
    ),
    "unnoticed": ("if (!isOurs || !(mirror?.seq > seq)) return seq;", "return seq;"),
}


@dataclass
class Sum:
    """What is wrong, added up."""

    lost: int = 0
    doubled: int = 0
    undetected: int = 0
    # Facts that went with a database thrown away, and those said lost that were not.
    forced: int = 0
    feared: int = 0
    told: list = field(default_factory=list)

    def compare(self, what, is_, should):
        """Fewer than there should be is lost, more is doubled."""
        self.lost += max(0, should - is_)
        self.doubled += max(0, is_ - should)
        if is_ != should:
            self.told.append(f"{what}: {is_}, should be {should}")


def main():
    """Run, compare, say."""
    told = arguments()
    started, folder = time.monotonic(), Path(tempfile.mkdtemp(prefix="bench-sync-"))
    server = Server(folder)
    try:
        bench = Bench(server, told)
        bench.run()
        wrong = Compared(bench).wrong
        return say(bench, wrong, time.monotonic() - started)
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    number = os.environ.get
    parser.add_argument("--runs", type=int, default=int(number("RUNS") or 300))
    parser.add_argument("--seed", type=int, default=int(number("SEED") or 1))
    parser.add_argument("--minutes", type=float, help="begin no more runs after this")
    parser.add_argument("--lanes", type=int, default=12, help="phones at one moment")
    parser.add_argument("--break", dest="broken", choices=BROKEN)
    return parser.parse_args()


class Bench:
    """The phones, the one who kills the server, and what the phones said in the end."""

    def __init__(self, server, told):
        self.server, self.told = server, told
        self.runs = [schedules.make(told.seed, n) for n in range(told.runs)]
        self.phones, self.results = [], {}
        self.crashes, self.kills = 0, 0
        self.over = threading.Event()
        self.until = time.monotonic() + 60 * (told.minutes or 10**6)

    def run(self):
        """All runs, some hundred at a time."""
        killer = threading.Thread(target=self.kill_now_and_then, daemon=True)
        with sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM") or next(
                filter(None, map(shutil.which, NAMES))
            )
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
            killer.start()
            for first in range(0, len(self.runs), AT_ONCE):
                if time.monotonic() > self.until:
                    break
                # A browser profile of their own, so that nothing old slows them down.
                context = browser.new_context()
                self.spoil(context)
                self.live(context, self.runs[first : first + AT_ONCE])
                context.close()
            self.runs = self.runs[: len(self.phones)]
            self.over.set()
            killer.join()
            browser.close()

    def spoil(self, context):
        if not self.told.broken:
            return
        whole, broken = BROKEN[self.told.broken]
        path = ROOT / "rinnalla/phone/static/phone/app/outbox.js"
        text = path.read_text()
        assert whole in text, f"{path.name} has changed: mend BROKEN here"
        body = text.replace(whole, broken)
        fulfil = {"body": body, "content_type": "text/javascript"}
        context.route("**/app/outbox.js", lambda route: route.fulfill(**fulfil))

    def live(self, context, runs):
        """Let these phones live; a page that is killed is opened anew."""
        made = self.server.make_phones(number=len(runs))
        self.phones += made
        days = {
            run.number: {"number": run.number, "steps": run.steps, **phone}
            for run, phone in zip(runs, made, strict=True)
        }
        chance, key = random.Random(f"page:{runs[0].number}"), self.server.key()
        while left := [days[n] for n in days if n not in self.results]:
            until = time.monotonic() + chance.uniform(*CRASH_AFTER)
            self.one_page(context, left, key, until)

    def one_page(self, context, left, key, until):
        page = self.opened(
            context, {"runs": left, "lanes": self.told.lanes, "key": key}
        )
        seen, moved = len(self.results), time.monotonic()
        while time.monotonic() < until:
            page.wait_for_timeout(LOOK_EVERY)
            state = page.evaluate("globalThis.bench")
            if state["fault"]:
                sys.exit(f"the phones stopped: {state['fault']}")
            if state["isDone"]:
                return page.close()
            if len(self.results) > seen:
                seen, moved = len(self.results), time.monotonic()
            if time.monotonic() - moved > STUCK_AFTER:
                sys.exit(f"no run has ended for {STUCK_AFTER:.0f} s; {seen} had")
        self.crashes += 1
        with contextlib.suppress(Error):
            page.goto("chrome://crash", timeout=2000)
        return page.close()

    def opened(self, context, how):
        """A page with its phones; opened again when the server died meanwhile."""
        for _try in range(MOST_TRIES):
            page = context.new_page()
            page.expose_function("report", self.report)
            with contextlib.suppress(Error):
                page.goto(f"{self.server.url}/health")
                page.evaluate(DRIVER, how)
                return page
            page.close()
        sys.exit(f"no page opened in {MOST_TRIES} tries")

    def report(self, number, result):
        self.results.setdefault(number, result)
        if len(self.results) % AT_ONCE == 0:
            print(f"  {len(self.results)} runs, {self.kills} kills", flush=True)

    def kill_now_and_then(self):
        """SIGKILL at any moment, or at a chosen point of the next sync."""
        chance = random.Random(f"kill:{self.told.seed}")
        while not self.over.wait(chance.uniform(*KILL_AFTER)):
            self.kills += 1
            if chance.random() < 0.5:
                self.server.kill()
            else:
                at = chance.choice(POINTS)
                n = chance.randint(1, 25) if at == "statement" else 1
                self.server.arm(at=at, n=n)


class Compared:
    """The server's rows, memory, counts and page beside the pencil's."""

    def __init__(self, bench):
        self.bench, self.wrong = bench, Sum()
        self.there = bench.server.everything()
        self.met = self.guided = 0
        for run, phone in zip(bench.runs, bench.phones, strict=True):
            self.compare_run(run, phone, bench.results[run.number])
        self.compare_leader(bench.server.leader())

    def compare_run(self, run, phone, said):
        """One phone: each of its facts is on the server once, or its loss is known."""
        made, wrong = range(1, len(run.facts) + 1), self.wrong
        _received, lost, _highest = self.there["phones"][phone["device"]]
        gone = {n for first, last in lost for n in range(first, last + 1)}
        if run.is_evicted:
            there = self.numbers_of(run, phone, said)
            missing = [n for n in made if n not in there]
            unnoticed = [n for n in missing if n not in gone or not said["losses"]]
            wrong.undetected += len(unnoticed)
            wrong.forced += len(missing)
            wrong.feared += len(gone & there)
            if unnoticed:
                wrong.told.append(f"run {run.number}: {unnoticed} gone unseen, {said}")
        else:
            there, name = set(made), f"run {run.number}"
            facts = self.there["facts"].get(phone["device"], 0)
            wrong.compare(f"{name}, facts answered for", facts, len(made))
            wrong.compare(f"{name}, numbers known to be lost", -len(gone), 0)
        kept = [fact for n, fact in zip(made, run.facts, strict=True) if n in there]
        self.compare_figures(run, phone, said, schedules.written(kept))

    def numbers_of(self, run, phone, said):
        """The numbers of an evicted phone's facts that the server has.

        By their ids; where a crash of the page took the note of an id along, by what
        the door remembers.
        """
        ids = {n: id for n, id in enumerate(said["ids"], 1) if id}
        stored = set(self.bench.server.stored(ids=list(ids.values())))
        received = self.there["phones"][phone["device"]][0]
        remembered = {n for first, last in received for n in range(first, last + 1)}
        there = {n for n, id in ids.items() if id in stored}
        return there | {n for n in remembered if n not in ids}

    def compare_figures(self, run, phone, said, pencil):
        name, wrong = f"run {run.number}", self.wrong
        rows, met = self.there["taps"].get(phone["visit"], [0, 0])
        meetings, guided = self.there["meetings"].get(phone["visit"], [0, 0])
        wrong.compare(f"{name}, rows", rows + meetings, pencil.rows)
        wrong.compare(f"{name}, met", met + guided, pencil.met)
        wrong.compare(f"{name}, guided", guided, pencil.guided)
        held = self.there["quarantined"].get(phone["device"], 0)
        wrong.compare(f"{name}, waiting for a human", -held, 0)
        wrong.compare(f"{name}, left on the phone", -said["mine"], 0)
        if not run.is_evicted:
            wrong.compare(f"{name}, shown on the phone", said["own"], pencil.met)
        self.met += pencil.met
        self.guided += pencil.guided

    def compare_leader(self, leader):
        """The counts, and the number that stands on the leader's page."""
        self.wrong.compare("counts, met", leader["met"], self.met)
        self.wrong.compare("counts, guided", leader["guided"], self.guided)
        page = re.sub(r"(?<=\d)[\s,.](?=\d{3}\b)", "", leader["page"])
        if not re.search(rf"\b{self.met}\b", page):
            self.wrong.lost += 1
            self.wrong.told.append(f"leader's page does not say {self.met}: {page}")


def say(bench, wrong, took):
    """The figures as a row of docs/measured.md, then the verdict."""
    runs, facts = len(bench.runs), sum(len(run.facts) for run in bench.runs)
    evicted = sum(run.is_evicted for run in bench.runs)
    for line in wrong.told[:20]:
        print(line[:600])
    database = os.environ.get("DATABASE_URL", "sqlite").partition(":")[0]
    print(
        f"| {date.today().isoformat()} |"
        f" `make bench-sync RUNS={runs} SEED={bench.told.seed}` |"
        f" two cores, {database} | {facts} facts, {bench.server.deaths()} deaths of the"
        f" server, {bench.crashes} of the page, {evicted} databases thrown away with"
        f" {wrong.forced} unsent facts, each noticed unless counted below"
        f" ({wrong.feared} said lost that were not), {took / 60:.1f} min |"
    )
    print(
        f"lost={wrong.lost} doubled={wrong.doubled} undetected={wrong.undetected}"
        f" runs={runs}"
    )
    return 1 if wrong.lost or wrong.doubled or wrong.undetected else 0


if __name__ == "__main__":
    sys.exit(main())
