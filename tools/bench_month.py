#!/usr/bin/env python3
"""Measure the month of one team: 200 places, 200 workers, a year of visits.

    python tools/bench_month.py [--places 200] [--workers 200] [--rounds 30]

Makes one team with a weekly rhythm at every place, each looked after by two (SQLite),
plans twelve months from the rhythms, and asks the month's pages many times through
HTTP. Prints what planning a month took and the pages' times as JSON; the bars are
2 s and 150 ms.
"""

import argparse
import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import bench_pages
import bench_statistics as county

PAGE_MS, PLAN_SECONDS = 150, 2
MONTHS = 12


def main():
    """Make, plan, measure, print; the exit code says of the bars."""
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        county.prepare(Path(folder))
        worker, made = make(options.places, options.workers)
        planned = plan_months(worker)
        key = county.session_of(worker)
        with county.pages() as (port, server):
            pages = {
                address: bench_pages.one(port, server, key, address, options.rounds)
                for address in addresses()
            }
    found = {"made": made, "planning": planned, "pages": pages}
    print(json.dumps(found, indent=1, ensure_ascii=False))
    slow = max(page["p95_ms"] for page in pages.values())
    return int(planned["slowest_s"] > PLAN_SECONDS or slow > PAGE_MS)


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, default=200)
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=30)
    return parser.parse_args()


def make(places, workers):
    """One team: its people, its places, a rhythm at each; the one who plans."""
    from datetime import time as hour

    from rinnalla import testing
    from rinnalla.access.models import Worker
    from rinnalla.access.roles import Role
    from rinnalla.planning.models import Rhythm

    cast = testing.make_cast()
    people = Worker.objects.bulk_create(
        Worker(
            name=f"Tekijä {number}",
            email=f"tekija{number}@example.fi",
            role=Role.WORKER,
            organisation=cast.county,
            team=cast.team,
        )
        for number in range(workers)
    )
    days, kinds = ("MO", "TU", "WE", "TH", "FR"), ("day_centre", "street", "library")
    for number in range(places):
        site = testing.make_site(
            cast, name=f"Paikka {number}", kind=kinds[number % len(kinds)]
        )
        pair = people[number % workers], people[(number + 1) % workers]
        site.responsible.set(pair)
        Rhythm.objects.create(
            site=site,
            rule=f"FREQ=WEEKLY;BYDAY={days[number % 5]}",
            since=date(2025, 1, 1),
            starts=hour(9 + number % 6),
            ends=hour(11 + number % 6),
        )
    return cast.aino, {"places": places, "workers": workers}


def plan_months(worker):
    """Plan twelve months one after another: how many visits, how long it took."""
    from rinnalla.lib import clock
    from rinnalla.planning.month import actions, proposal
    from rinnalla.planning.month.span import month_of

    month, times, visits = month_of(clock.today()).next, [], 0
    cpu = []
    for _ in range(MONTHS):
        start, used = time.perf_counter(), time.process_time()
        offers = proposal.propose(worker, month).usual
        visits += actions.plan_month(worker, worker.team, offers)
        times.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
        month = month.next
    return {
        "visits": visits,
        "median_s": round(sorted(times)[len(times) // 2], 2),
        "slowest_s": round(max(times), 2),
        "slowest_cpu_s": round(max(cpu), 2),
    }


def addresses():
    """The month by days, by places, one kind, a day, and the proposal when made."""
    from rinnalla.lib import clock
    from rinnalla.planning.month.span import month_of

    month = month_of(clock.today()).next.next
    return [
        month.url,
        f"{month.url}?by=place",
        f"{month.url}?kind=street",
        f"{month.url}day/12",
        f"{month.url}plan",
    ]


if __name__ == "__main__":
    sys.exit(main())
