#!/usr/bin/env python3
"""Measure every staff page over a hundred thousand encounters.

    python tools/bench_pages.py [--encounters 100000] [--keep FOLDER] [--rounds 20]

Makes a county with a seeded generator (SQLite), counts and publishes it as the worker
does, starts the pages on granian, walks them as each role does (every page that links
lead to, one of each address pattern) and asks each many times through HTTP. Prints
the slowest as JSON: by the clock, and the processor time of the pages' process, which
stays the same on a busy machine. With --keep the database stays in FOLDER.
"""

import argparse
import contextlib
import http.client
import json
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import bench_statistics as county

ROLES = ("aino", "kaisa", "leena", "reijo", "paula", "hannu")
BAR_MS = 150
SHOWN = 12


def main():
    """Make or find the county, walk, measure, print; the exit code says of the bar."""
    options = read_options()
    with contextlib.ExitStack() as stack:
        folder = options.keep or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="rinnalla-bench-")
        )
        county.prepare(Path(folder))
        if not is_made():
            make(options.encounters)
        pages = walk_all()
        with county.pages() as (port, server):
            found = measure(pages, port, server, options.rounds)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return int(found["slowest"][0]["p95_ms"] > BAR_MS)


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encounters", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", help="a folder where the database stays")
    return parser.parse_args()


# --- Making the county --------------------------------------------------------


def is_made():
    """Whether the folder holds a counted county already."""
    from rinnalla.statistics.models import MonthTotal

    return MonthTotal.objects.exists()


def make(encounters):
    """Two years of visits up to today with so many meetings, counted and published."""
    from rinnalla.statistics import actions

    rnd = random.Random(2026)
    cast, sites = county.make_places(rnd)
    make_cards(sites)
    visits = make_visits(rnd, cast, sites)
    county.make_encounters(rnd, [visit.pk.hex for visit in visits], encounters)
    make_around(rnd, cast, visits)
    actions.mark_all()
    actions.refresh()


def make_cards(sites):
    """Three versions of each place's card."""
    from rinnalla import testing

    for site in sites:
        for version in (1, 2, 3):
            testing.make_card(site, version=version)


def make_visits(rnd, cast, sites):
    """Two visits a week at every place for two years, and the coming month's plans."""
    from rinnalla.lib import clock
    from rinnalla.planning.models import Visit

    today, visits = clock.today(), []
    for site in sites:
        theirs = rnd.random() < 0.1
        for back in range(-30, 730, 3):
            day = today - timedelta(days=back)
            done = {"status": "done", "staff": 2, "minutes": 120} if back > 0 else {}
            whose = cast.parish if theirs else cast.county
            visits.append(
                Visit(site=site, team=site.team, organisation=whose, day=day, **done)
            )
    Visit.objects.bulk_create(visits, batch_size=2000)
    join_workers(cast, visits)
    return [visit for visit in visits if visit.status == "done"]


def join_workers(cast, visits):
    """Whose visits they are: the team's workers in turn, the partner's own."""
    from rinnalla.planning.models import Visit

    link = Visit.workers.through
    ours = {cast.team.pk: cast.aino.pk, cast.other_team.pk: cast.outi.pk}
    link.objects.bulk_create(
        (
            link(
                visit_id=visit.pk,
                worker_id=cast.reijo.pk
                if visit.organisation_id == cast.parish.pk
                else ours[visit.team_id],
            )
            for visit in visits
        ),
        batch_size=2000,
    )


def make_around(rnd, cast, visits):
    """What stands around meetings: numbers, observations, texts, imports, events."""
    from rinnalla import testing
    from rinnalla.access import audit
    from rinnalla.encounters.models import Count, Observation

    Count.objects.bulk_create(
        (Count(visit=v, kind="met", number=rnd.randint(5, 90)) for v in visits),
        batch_size=2000,
    )
    Observation.objects.bulk_create(
        Observation(
            site_id=visit.site_id,
            day=visit.day,
            phenomena=["price_rise"],
            thresholds=["queueing"],
            text="Jono oli tavallista pidempi.",
        )
        for visit in visits[::20]
    )
    for _ in range(200):
        testing.make_import(cast, "done")
    for visit in visits[:5000]:
        audit.log(cast.aino, "visit.finish", visit)


# --- Walking and measuring ----------------------------------------------------


def walk_all():
    """What each role can reach: {role: (its session, addresses of pages)}."""
    from django.test import Client

    from rinnalla.access.models import Worker
    from rinnalla.tests.spider import Spider

    found = {}
    for role in ROLES:
        worker = Worker.objects.get(email=f"{role}@example.fi")
        key = county.session_of(worker)
        client = Client(HTTP_HOST="localhost")
        client.cookies["session"] = key
        walked = Spider(client).walk(["/"])
        found[role] = key, sorted(set(walked.pages) | set(extra(worker)))
    return found


def extra(worker):
    """Pages no walk finds because a nearer one of their kind is lighter."""
    if not worker.sees_details or worker.role == "administrator":
        return []
    return [f"/figures/year/{date.today().year - 1}/"]


def measure(pages, port, server, rounds):
    """Each page's 95th percentile and processor time, the slowest first."""
    rows = []
    for role, (key, addresses) in pages.items():
        for address in addresses:
            rows.append(
                {"role": role, "page": address}
                | one(port, server, key, address, rounds)
            )
    rows.sort(key=lambda row: -row["p95_ms"])
    return {
        "facts": county.how_much(),
        "pages": len(rows),
        "over_the_bar": sum(row["p95_ms"] > BAR_MS for row in rows),
        "slowest": rows[:SHOWN],
        "heaviest": sorted(rows, key=lambda row: -row["cpu_ms"])[:SHOWN],
        "memory_mb": round(county.memory_kb(server) / 1024),
    }


def one(port, server, key, address, rounds):
    """Ask one page many times after two asked to warm up."""
    connection = http.client.HTTPConnection(county.HOST, port, timeout=60)
    headers = {"Cookie": f"session={key}", "Accept-Language": "fi"}
    for _ in range(2):
        status = ask(connection, address, headers)[1]
    used = county.cpu_seconds(server)
    times = [ask(connection, address, headers)[0] for _ in range(rounds)]
    used = county.cpu_seconds(server) - used
    return {
        "status": status,
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "cpu_ms": round(used / rounds * 1000, 1),
    }


def ask(connection, address, headers):
    """Milliseconds until the whole answer is here, and its status."""
    start = time.perf_counter()
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return (time.perf_counter() - start) * 1000, answer.status


if __name__ == "__main__":
    sys.exit(main())
