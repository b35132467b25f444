#!/usr/bin/env python3
"""Measure an import of 100,000 rows, and taps of a second process meanwhile.

    python tools/bench_import.py [--rows 100000] [--shape visit|mark] [--xlsx]

It works on a database of its own in a temporary folder (SQLite), or, with
DATABASE_URL set, on that one: give it an empty one. The import runs as
``manage.py import_visits`` in a process of its own; its highest memory is the
system's own figure. The tapping process stores one met person after another,
as the phone's page does (one transaction: row, month's mark, audit), with a short
rest between, before the import and while it runs.
"""

import argparse
import csv
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAP = ["site=Paikka", "date=Päivä", "start=Klo", "met=Kohdatut", "guided=Ohjatut"]
MAP += ["hours=Tunnit"]
REST = 0.02


def main():
    """Make the rows, import them while another process taps, print the figures."""
    options = read_options()
    if options.tap:
        return tap(Path(options.tap))
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        prepare(folder)
        table = write_rows(Path(folder), options)
        print(json.dumps(measure(Path(folder), table, options), indent=1))
    return 0


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--shape", choices=["visit", "mark"], default="visit")
    parser.add_argument("--xlsx", action="store_true", help="XLSX instead of CSV")
    parser.add_argument("--tap", help=argparse.SUPPRESS)
    return parser.parse_args()


def prepare(folder):
    """An empty installation with a team, a place and a visit under way."""
    os.environ |= {"DATA_DIR": folder, "KEY_DIR": f"{folder}/keys", "HTTPS": "0"}
    manage("migrate", "--verbosity", "0")
    manage("load_facts")
    start_django()
    from rinnalla import testing
    from rinnalla.lib import clock

    cast = testing.make_cast()
    visit = testing.make_visit(cast, status="under_way", day=clock.today())
    Path(folder, "visit").write_text(str(visit.pk))


def start_django():
    """Load the settings in this process."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "rinnalla.settings"
    import django

    django.setup()


def manage(*arguments):
    """Run a management command in a process of its own."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def write_rows(folder, options):
    """A table of seeded rows: 60 places, days of many years, figures that look real."""
    chance = random.Random(7)
    header = [pair.partition("=")[2] for pair in MAP]
    rows = [row(number, chance, options) for number in range(options.rows)]
    path = folder / ("past.xlsx" if options.xlsx else "past.csv")
    if options.xlsx:
        from rinnalla.lib.tables import write_xlsx

        with path.open("wb") as file:
            write_xlsx(file, [("Käynnit", header, rows)])
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerows([header, *rows])
    return path


def row(number, chance, options):
    """One row; in the shape of visits no two share place, day and time."""
    each = 60 if options.shape == "visit" else 6
    day = date(1996, 1, 1) + timedelta(days=number // each % 10_000)
    met = chance.randint(5, 150) if options.shape == "visit" else 1
    hours = "1,5" if not options.xlsx else 1.5
    place = f"Paikka {number % 60 + 1}"
    return [
        place,
        f"{day:%d.%m.%Y}",
        "10.30",
        met,
        chance.randint(0, min(met, 4)),
        hours,
    ]


def measure(folder, table, options):
    """Import while tapping; seconds, megabytes and the 95th percentiles of taps."""
    me = [sys.executable, str(ROOT / "tools" / "bench_import.py"), "--tap", str(folder)]
    tapper = subprocess.Popen(me, stdout=subprocess.PIPE, text=True)
    wait_for(folder / "warm")
    began, worked = time.monotonic(), used()
    manage(
        *("import_visits", str(table), "--source", "bench", "--shape", options.shape),
        *("--json", "--map", *MAP),
    )
    seconds = time.monotonic() - began
    worked = used() - worked
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    (folder / "stop").touch()
    taps = json.loads(tapper.communicate(timeout=60)[0])
    return {
        "rows": options.rows,
        "seconds": round(seconds, 1),
        "processor_seconds": round(worked, 1),
        "megabytes": round(memory),
        "visits": count_visits(),
        **taps,
    }


def used():
    """Processor seconds of the processes that have ended so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def wait_for(path):
    """Wait until another process has made a file."""
    while not path.exists():
        time.sleep(0.05)


def count_visits():
    """Visits that are seen after the import."""
    from django.db import connection

    from rinnalla.planning.models import Visit

    connection.close()
    return Visit.objects.seen().count()


def tap(folder):
    """Tap until told to stop; print how long taps took before and during."""
    start_django()
    from rinnalla.encounters.actions import Fact, record_facts
    from rinnalla.planning.models import Visit

    visit = Visit.objects.select_related("site").get(pk=(folder / "visit").read_text())
    times, one = {"before": [], "during": []}, {"kind": "met", "number": 1}
    while not (folder / "stop").exists():
        when = "during" if len(times["before"]) >= 100 else "before"
        began = time.monotonic()
        record_facts(None, [Fact(visit, "count", data=one)])
        times[when].append(1000 * (time.monotonic() - began))
        if len(times["before"]) == 100:
            (folder / "warm").touch()
        time.sleep(REST)
    print(json.dumps({f"taps_{when}": told(taken) for when, taken in times.items()}))
    return 0


def told(taken):
    """How many, and the median, 95th percentile and slowest, in milliseconds."""
    if len(taken) < 2:
        return {"number": len(taken)}
    return {
        "number": len(taken),
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
        "slowest_ms": round(max(taken), 1),
    }


if __name__ == "__main__":
    sys.exit(main())
