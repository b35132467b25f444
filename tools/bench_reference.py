#!/usr/bin/env python3
"""Measure what a phone takes along: 60 places, 200 visits, one phone (SQLite).

    python tools/bench_reference.py [--rounds 40]

Starts the pages on granian and asks GET /phone/reference through HTTP: whole, packed,
and unchanged (304). Prints JSON: by the clock, and the processor time of the pages'
process, which stays nearly the same on a busy machine; the weight. The bar is 50 ms of
server time.
"""

import argparse
import http.client
import json
import statistics
import sys
import tempfile
import time
from datetime import time as hour
from datetime import timedelta
from pathlib import Path

import bench_statistics as county

PLACES, VISITS, BAR_MS = 60, 200, 50
TEXT = "Piha, josta jono kiertää talon ja jossa on hyvä seistä sivummalla. " * 3


def main():
    """Make the team, ask, print; the exit code says of the bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        county.prepare(Path(folder))
        phone = make()
        with county.pages() as (port, server):
            found = measure(phone, port, server, rounds)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return int(found["whole"]["median_ms"] > BAR_MS)


# --- The team -------------------------------------------------------------------


def make():
    """A team with its places, cards, visits and records, and Aino's phone."""
    from rinnalla import testing
    from rinnalla.phone.tests.phones import make_phone

    cast = testing.make_cast()
    sites = [
        testing.make_site(cast, name=f"Paikka {number:03}") for number in range(PLACES)
    ]
    for site in sites:
        testing.make_card(site, why=TEXT, where=TEXT, features=TEXT, resources=TEXT)
    for number in range(VISITS):
        make_visit(cast, sites[number % PLACES], number)
    return make_phone(cast.aino)


def make_visit(cast, site, number):
    """One in two planned for the coming days, the other done and half told."""
    from rinnalla import testing
    from rinnalla.lib import clock

    day, status = clock.today() + timedelta(days=number % 3), "planned"
    if number % 2:
        day, status = clock.today() - timedelta(days=number % 7), "done"
    visit = testing.make_visit(
        cast,
        site,
        [cast.aino, cast.kaisa],
        day=day,
        status=status,
        starts=hour(9, number % 60),
    )
    if status == "done":
        testing.make_guided(visit, 2)
        testing.make_met(visit, 12)


# --- Asking ---------------------------------------------------------------------


def measure(phone, port, server, rounds):
    """Whole, packed and unchanged: the time of each, and the weight."""
    from rinnalla.phone.tests.phones import signed

    [(_name, who)] = signed(phone).items()
    headers = {"Authorization": who, "Accept-Language": "fi"}
    etag, weight = look(port, headers)
    packed = headers | {"Accept-Encoding": "gzip"}
    return {
        "places": PLACES,
        "visits": VISITS,
        "bytes": weight,
        "bytes_packed": look(port, packed)[1],
        "whole": one(port, server, headers, rounds),
        "packed": one(port, server, packed, rounds),
        "unchanged": one(port, server, headers | {"If-None-Match": etag}, rounds),
        "memory_mb": round(county.memory_kb(server) / 1024),
    }


def look(port, headers):
    """The mark and the weight of one answer."""
    connection = http.client.HTTPConnection(county.HOST, port, timeout=60)
    connection.request("GET", "/phone/reference", headers=headers)
    answer = connection.getresponse()
    return answer.headers["ETag"], len(answer.read())


def one(port, server, headers, rounds):
    """Ask many times after two asked to warm up."""
    connection = http.client.HTTPConnection(county.HOST, port, timeout=60)
    for _ in range(2):
        status = ask(connection, headers)[1]
    used = county.cpu_seconds(server)
    times = [ask(connection, headers)[0] for _ in range(rounds)]
    used = county.cpu_seconds(server) - used
    return {
        "status": status,
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "cpu_ms": round(used / rounds * 1000, 1),
    }


def ask(connection, headers):
    """Milliseconds until the whole answer is here, and its status."""
    start = time.perf_counter()
    connection.request("GET", "/phone/reference", headers=headers)
    answer = connection.getresponse()
    answer.read()
    return (time.perf_counter() - start) * 1000, answer.status


if __name__ == "__main__":
    sys.exit(main())
