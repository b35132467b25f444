#!/usr/bin/env python3
"""Measure the pages of figures and the export over ten million encounters.

    python tools/bench_statistics.py [--encounters 10000000] [--keep FOLDER]

Makes a county of 100 places and five years with a seeded generator, straight into the
shipped tables (SQLite), counts and publishes it as the worker does, starts the pages
on granian and measures them through HTTP: month, year and place, random periods. Each
page is compared with the plain SQL that adds up the same counts. With --keep the
database stays in FOLDER and the next run only measures. About 4 GB on disk.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES, YEARS = 100, range(2021, 2026)
VISITS_A_MONTH = 17
TEMPLATES = 4000
REQUESTS = 120
HOST = "127.0.0.1"


def main():
    """Make or find the county, count it, measure, print the figures as JSON."""
    options = read_options()
    with contextlib.ExitStack() as stack:
        folder = options.keep or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="rinnalla-bench-")
        )
        prepare(Path(folder))
        made = {} if is_made() else make(options.encounters)
        with pages() as (port, server):
            print(json.dumps(made | measure(port, server), indent=1), flush=True)
    return 0


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encounters", type=int, default=10_000_000)
    parser.add_argument("--keep", help="a folder where the database stays")
    return parser.parse_args()


def prepare(folder):
    """An installation of its own in the folder, with its tables."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "DATA_DIR": str(folder),
        "KEY_DIR": str(folder / "keys"),
        "HTTPS": "0",
        "REQUIRE_SECOND_FACTOR": "no",
        "DJANGO_SETTINGS_MODULE": "rinnalla.settings",
        "COUNTY_NAME": "Järvi-Savo",
    }
    os.environ.pop("DATABASE_URL", None)
    for command in (["migrate", "--verbosity", "0"], ["load_facts"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def is_made():
    """Whether the folder holds a counted county already."""
    from rinnalla.statistics.models import PublishedTable

    return PublishedTable.objects.filter(starts=date(2025, 12, 1)).exists()


# --- Making the county --------------------------------------------------------


def make(encounters):
    """The county with so many encounters, counted and published; how long each took."""
    took = {}
    rnd = random.Random(2026)
    cast, sites = make_places(rnd)
    with stopwatch(took, "make_seconds"):
        visits = make_visits(rnd, cast, sites)
        make_encounters(rnd, visits, encounters)
    with stopwatch(took, "recount_seconds"):
        from rinnalla.statistics import actions

        actions.mark_all()
        actions.recount_stale()
    with stopwatch(took, "publish_seconds"):
        actions.publish_closed()
    return took


@contextlib.contextmanager
def stopwatch(into, name):
    start = time.perf_counter()
    yield
    into[name] = round(time.perf_counter() - start, 1)
    print(f"{name} {into[name]}", file=sys.stderr, flush=True)


def make_places(rnd):
    from rinnalla import testing
    from rinnalla.access.models import Municipality
    from rinnalla.planning.models import Site

    cast = testing.make_cast()
    towns = list(Municipality.objects.filter(county="13").order_by("code"))
    kinds = ("food_distribution", "day_centre", "street", "library")
    Site.objects.bulk_create(
        Site(
            name=f"Paikka {number:03}",
            kind=rnd.choice(kinds),
            municipality=rnd.choice(towns),
            team=rnd.choice((cast.team, cast.other_team)),
        )
        for number in range(PLACES)
    )
    return cast, list(Site.objects.order_by("pk"))


def make_visits(rnd, cast, sites):
    """Seventeen visits a month at every place, two workers, two hours."""
    from rinnalla.planning.models import Visit

    visits = []
    for site in sites:
        for year in YEARS:
            for month in range(1, 13):
                for day in rnd.sample(range(1, 29), VISITS_A_MONTH):
                    visits.append(
                        Visit(
                            site=site,
                            team=site.team,
                            organisation=cast.county,
                            day=date(year, month, day),
                            status="done",
                            staff=2,
                            minutes=120,
                        )
                    )
    Visit.objects.bulk_create(visits, batch_size=2000)
    return [visit.pk.hex for visit in visits]


def make_encounters(rnd, visits, encounters):
    """Raw rows in rising order of keys; each copies one of a few thousand people."""
    from django.db import connection

    from rinnalla.encounters.models import Encounter

    fields = Encounter._meta.concrete_fields
    people = [person(rnd, fields, connection) for _ in range(TEMPLATES)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join("?" * len(fields))
    places = [field.name for field in fields]
    at_id, at_visit = places.index("id"), places.index("visit")
    connection.close()
    base = sqlite3.connect(connection.settings_dict["NAME"])
    base.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
    base.executescript("PRAGMA foreign_keys=OFF;")

    def rows():
        step = (1 << 64) // encounters
        for number in range(encounters):
            row = list(people[int(rnd.random() * TEMPLATES)])
            row[at_id] = f"{number * step:016x}{rnd.getrandbits(64):016x}"
            row[at_visit] = visits[number * len(visits) // encounters]
            yield row

    base.executemany(
        f"INSERT INTO encounters_encounter ({columns}) VALUES ({marks})", rows()
    )
    base.commit()
    base.close()


def person(rnd, fields, connection):
    """The values of one invented meeting as the database holds them."""
    from rinnalla.encounters.models import Encounter

    topics = ["benefits", "finances", "housing", "coping_at_home", "mental_health"]
    topics += ["social_services", "health_services", "homelessness", "substances"]
    topics += ["debt", "social_assistance", "work", "digital", "loneliness", "legal"]
    weights = [1 / (1 + at) for at in range(len(topics))]
    row = Encounter(
        topics=sorted(set(rnd.choices(topics, weights, k=rnd.choice((1, 1, 2))))),
        methods=[rnd.choice(["guidance", "information", "presence"])],
        next_step=rnd.choice(["none", "meet_here", "i_contact", "service"]),
        age_band=rnd.choice(["18_24", "25_29", "30_44", "45_64", "65_74"]),
        familiarity=rnd.choice(["new", "returning", "returning"]),
        target_groups=rnd.sample(["homeless", "older", "young", "immigrants"], 1),
    )
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in fields
    ]


# --- Measuring -----------------------------------------------------------------


@contextlib.contextmanager
def pages():
    """The pages on granian, on a free port, until the block ends."""
    with socket.socket() as door:
        door.bind((HOST, 0))
        port = door.getsockname()[1]
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"]
    command += ["--host", HOST, "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", "2", "--log-level", "warning"]
    command += ["--no-access-log", "rinnalla.wsgi:application"]
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection((HOST, port), 1).close()
            return
        time.sleep(0.1)
    sys.exit("the pages did not start")


def measure(port, server):
    """Median and 95th percentile of each page, and the plain SQL beside it.

    `cpu_ms` is the processor time the pages' process used for one page: it stays the
    same on a machine that is busy with something else, where the others grow.
    """
    from rinnalla.access.models import Worker
    from rinnalla.statistics.actions import draw_waiting

    leader = Worker.objects.get(email="leena@example.fi")
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {"Cookie": f"session={session_of(leader)}", "Accept-Language": "fi"}
    answers = {"facts": how_much()}
    for name, paths in addresses().items():
        for path in paths[:3]:
            get(connection, path, headers)
        draw_waiting()
        used = cpu_seconds(server)
        times = [get(connection, path, headers) for path in paths]
        used = cpu_seconds(server) - used
        plain = [plain_sql(name) for _ in range(30)]
        answers[name] = {
            "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
            "cpu_ms": round(used / len(times) * 1000, 1),
            "plain_sql_ms": round(statistics.median(plain), 2),
            "ratio": round(statistics.median(times) / statistics.median(plain), 1),
        }
    answers["export"] = export(port, headers)
    answers["server_memory_mb"] = round(memory_kb(server) / 1024)
    return answers


def family(server):
    """The process numbers of the server and its workers."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [str(server), *children]


def cpu_seconds(server):
    """Processor time the server and its workers have used so far."""
    ticks = 0
    for process in family(server):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_kb(server):
    """The highest memory of the largest process of the server."""
    peaks = []
    for process in family(server):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return max(peaks)


def session_of(worker):
    """The key of a session in which the worker is signed in."""
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(
        worker, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client.cookies["session"].value


def addresses():
    """Random months, years and places, the same every time."""
    from rinnalla.planning.models import Site

    rnd = random.Random(7)
    sites = list(Site.objects.values_list("pk", flat=True))
    months = [f"{rnd.choice(YEARS)}-{rnd.randint(1, 12):02}" for _ in range(REQUESTS)]
    return {
        "month": [f"/figures/month/{month}/" for month in months],
        "year": [f"/figures/year/{rnd.choice(YEARS)}/" for _ in range(REQUESTS)],
        "place": [
            f"/figures/places/{rnd.choice(sites)}/{rnd.choice(YEARS)}/"
            for _ in range(REQUESTS)
        ],
        "rhythm": [f"/figures/rhythm/{rnd.choice(YEARS)}/" for _ in range(REQUESTS)],
    }


def get(connection, path, headers):
    """Milliseconds until the whole page is here."""
    start = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - start) * 1000
    if answer.status != 200 or b"rn-unit" not in body:
        sys.exit(f"{path} answered {answer.status}")
    return took


def plain_sql(page):
    """Milliseconds of one statement that adds up what the page's first chart shows."""
    if page == "rhythm":
        return timed(
            "SELECT site_id, COUNT(*) FROM planning_visit WHERE is_seen AND"
            " day >= '2025-01-01' AND day <= '2025-12-31' GROUP BY site_id"
        )
    where = {
        "month": "month >= '2024-01-01' AND month <= '2025-01-01'",
        "year": "month >= '2024-01-01' AND month <= '2025-12-01'",
        "place": "site_id = 7 AND month >= '2024-01-01' AND month <= '2025-12-01'",
    }[page]
    return timed(
        "SELECT month, SUM(met), SUM(guided), SUM(visits), SUM(met_estimated) "
        f"FROM statistics_monthtotal WHERE {where} GROUP BY month"
    )


def timed(statement):
    """Milliseconds of one statement."""
    from django.db import connection

    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()
    return (time.perf_counter() - start) * 1000


def how_much():
    from rinnalla.encounters.models import Encounter
    from rinnalla.statistics.models import DayCount, MonthCount, MonthTotal

    models = (Encounter, DayCount, MonthTotal, MonthCount)
    return {model.__name__: model.objects.count() for model in models}


def export(port, headers):
    """Seconds to the first and the last byte of the days' file."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    get_bytes = 0
    start = time.perf_counter()
    connection.request("GET", "/figures/days.csv", headers=headers)
    answer = connection.getresponse()
    first = None
    rows = 0
    while chunk := answer.read1(65536):
        first = first or time.perf_counter() - start
        get_bytes += len(chunk)
        rows += chunk.count(b"\n")
    took = time.perf_counter() - start
    return {
        "rows": rows - 1,
        "bytes": get_bytes,
        "first_byte_s": round(first, 3),
        "seconds": round(took, 2),
        "seconds_per_100000": round(took / (rows - 1) * 100_000, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
