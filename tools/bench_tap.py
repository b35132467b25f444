#!/usr/bin/env python3
"""Measure a tap on the counter: on the screen, on the server, and what it weighs.

    python tools/bench_tap.py [--taps 100] [--facts 300]

It works on an installation of its own in a temporary folder (SQLite), or, with
DATABASE_URL set, on that one: give it an empty one. The web process is the one of
`make run` (granian, two workers, hashed and compressed static files); the browser is
the system's Chromium at 390 x 844 with its processor slowed four times. A tap is
measured from the event's own time to the changed number, and to the frame after it;
its own work is the part that our script takes.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BARS = {"tap_ms_p95": 50, "script_kb": 60, "shell_kb": 120}
# 1.6 Mbit/s with 150 ms there and back, in bytes a second.
SLOW_NET = {"offline": False, "latency": 150, "downloadThroughput": 200_000}
SLOW_NET["uploadThroughput"] = 94_000
# Runs in the page: when did the number change, and when was that painted?
WATCH = """() => {
  window.taps = [];
  const number = document.querySelector('dd[data-own]');
  let pressed = 0, heard = 0;
  const plus = document.querySelector('[data-tap=met]');
  plus.addEventListener('click', (event) => {
    pressed = event.timeStamp;
    heard = performance.now();
  }, true);
  new MutationObserver(() => {
    const now = performance.now(), changed = now - pressed, work = now - heard;
    requestAnimationFrame(() => setTimeout(() => {
      window.taps.push([changed, performance.now() - pressed, work]);
    }));
  }).observe(number, {childList: true, characterData: true, subtree: true});
}"""


def main():
    """Start an installation, tap it, print rows for docs/measured.md."""
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        prepare(folder)
        visit, cookies = make_visit()
        with serve() as url:
            figures = on_the_server(url, visit, cookies, options.facts)
            figures |= on_the_screen(url, visit, cookies, options.taps)
    print_rows(figures)
    over = [name for name, bar in BARS.items() if figures[name] > bar]
    return f"Over the bar: {', '.join(over)}" if over else 0


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--taps", type=int, default=100)
    parser.add_argument("--facts", type=int, default=300)
    return parser.parse_args()


def prepare(folder):
    """An empty installation, its static files hashed and compressed."""
    os.environ |= {"DATA_DIR": folder, "KEY_DIR": f"{folder}/keys", "HTTPS": "0"}
    os.environ |= {"HASHED_STATIC": "1", "REQUIRE_SECOND_FACTOR": "0"}
    for command in (["migrate"], ["load_facts"], ["collectstatic", "--no-input"]):
        manage(*command, "--verbosity", "0")
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "rinnalla.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    import django

    django.setup()


def manage(*arguments):
    """Run a management command in a process of its own."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def make_visit():
    """A visit under way with a site that has a history, and a worker's cookies."""
    from django.test import Client

    from rinnalla import testing
    from rinnalla.lib import clock

    cast = testing.make_cast()
    for _number in range(50):
        old = testing.make_visit(cast, status="done", day=clock.today())
        testing.make_guided(old, 3, topics=["debt"], methods=["guidance"])
    visit = testing.make_visit(cast, status="under_way", day=clock.today())
    client = Client(HTTP_HOST="localhost")
    client.force_login(cast.aino, backend=BACKEND)
    client.get(f"/field/visits/{visit.pk}")
    return visit, {name: morsel.value for name, morsel in client.cookies.items()}


@contextmanager
def serve():
    """The web process, on a free port, until the measuring is done."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    granian = Path(sys.executable).parent / "granian"
    command = [str(granian), "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "2", "--no-access-log"]
    command += ["--log-level", "error", "rinnalla.wsgi:application"]
    web = subprocess.Popen(command, cwd=ROOT)
    url = f"http://localhost:{port}"
    try:
        wait_for(url)
        yield url
    finally:
        web.terminate()
        web.wait(10)


def wait_for(url):
    """Until the service says that it is well."""
    for _try in range(100):
        try:
            urllib.request.urlopen(f"{url}/health", timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The web process did not start.")


# --- the server --------------------------------------------------------------


def on_the_server(url, visit, cookies, facts):
    """Single facts one after another, then from eight phones at once."""
    send = sender(url, visit, cookies)
    for _number in range(20):
        send()
    alone = [send() for _number in range(facts)]
    with ThreadPoolExecutor(8) as phones:
        started = time.perf_counter()
        crowd = list(phones.map(lambda _number: send(), range(facts)))
        spent = time.perf_counter() - started
    return {
        "fact_ms_p50": statistics.median(alone),
        "fact_ms_p95": p95(alone),
        "fact_of_8_ms_p95": p95(crowd),
        "facts_a_second": facts / spent,
    }


def sender(url, visit, cookies):
    """A function that sends one new tap and says how many ms the answer took."""
    headers = {
        "Content-Type": "application/json",
        "X-CSRFToken": cookies["csrf"],
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Origin": url,
    }

    def send():
        fact = {"id": str(uuid4()), "device": str(uuid4()), "visit": str(visit.pk)}
        fact |= {"kind": "count", "body": {"kind": "met", "number": 1}}
        body = json.dumps({"facts": [fact]}).encode()
        request = urllib.request.Request(f"{url}/field/facts", body, headers)
        started = time.perf_counter()
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
        spent = (time.perf_counter() - started) * 1000
        assert answer["facts"][0]["result"] == "stored", answer
        return spent

    return send


def p95(values):
    """The value under which 95 of 100 stay."""
    return statistics.quantiles(values, n=20)[-1]


# --- the screen --------------------------------------------------------------


def on_the_screen(url, visit, cookies, taps):
    """Taps in a slowed browser, and what the page weighs and how fast it is ready."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, locale="fi"
        )
        kept = [{"name": n, "value": v, "url": url} for n, v in cookies.items()]
        context.add_cookies(kept)
        page = context.new_page()
        protocol = context.new_cdp_session(page)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        address = f"{url}/field/visits/{visit.pk}"
        figures = weigh(page, protocol, address)
        figures |= tap(page, taps)
        browser.close()
    return figures


def chromium():
    """The system's Chromium, or None for the one Playwright downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def weigh(page, protocol, address):
    """Bytes over the wire by kind, and the first and a later visit on a slow net."""
    kinds, sizes = {}, {"Document": 0, "Stylesheet": 0, "Script": 0}
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", SLOW_NET)
    protocol.on(
        "Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]})
    )

    def add(event):
        kind = kinds.get(event["requestId"])
        if kind in sizes:
            sizes[kind] += event["encodedDataLength"]

    protocol.on("Network.loadingFinished", add)
    first = visit_page(page, address)
    weight = dict(sizes)
    later = visit_page(page, address)
    return {
        "first_visit_s": first,
        "later_visit_s": later,
        "script_kb": weight["Script"] / 1024,
        "shell_kb": sum(weight.values()) / 1024,
    }


def visit_page(page, address):
    """Seconds until the counter takes taps."""
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("main[data-is-ready]")
    return time.perf_counter() - started


def tap(page, taps):
    """Milliseconds from each tap to the changed number and to its frame."""
    page.evaluate(WATCH)
    plus = page.locator('[data-tap="met"]')
    for _number in range(taps):
        plus.tap()
        page.wait_for_timeout(260)
    changed, painted, work = zip(*page.evaluate("window.taps"), strict=True)
    assert len(changed) == taps, f"{len(changed)} of {taps} taps counted"
    return {
        "tap_ms_p50": statistics.median(changed),
        "tap_ms_p95": p95(changed),
        "tap_painted_ms_p95": p95(painted),
        "tap_own_work_ms_p95": p95(work),
    }


def print_rows(figures):
    """The figures as rows of docs/measured.md."""
    database = os.environ.get("DATABASE_URL", "sqlite").partition(":")[0]
    today = date.today().isoformat()
    for name, figure in figures.items():
        said = f"{name.replace('_', ' ')}: {figure:.1f}"
        print(f"| {today} | `tools/bench_tap.py` | two cores, {database} | {said} |")


if __name__ == "__main__":
    sys.exit(main())
