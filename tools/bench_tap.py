#!/usr/bin/env python3
"""Measure a tap on the counter of a phone in use: from the press to the number.

    python tools/bench_tap.py [--taps 100]

It works on an installation of its own in a temporary folder (SQLite), or, with
DATABASE_URL set, on that one: give it an empty one. The web process is the one of
docs/running.md (granian, two workers, hashed and packed static files); the browser is
the system's Chromium at 390 x 844 with its processor slowed four times. A tap is
measured from the event's own time to the changed number, and to the frame after it;
between them the tap is written to the phone's disk.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARS = {"tap_ms_p95": 50}
# 1.6 Mbit/s with 150 ms there and back, in bytes a second.
SLOW_NET = {"offline": False, "latency": 150, "downloadThroughput": 200_000}
SLOW_NET["uploadThroughput"] = 94_000
# Runs in the page: when did the number change, and when was that painted?
WATCH = """() => {
  window.taps = [];
  const number = document.querySelector('dd[data-own]');
  let pressed = 0;
  const plus = document.querySelector('main [data-tap=met]');
  plus.addEventListener('click', (event) => {
    pressed = event.timeStamp;
  }, true);
  new MutationObserver(() => {
    const changed = performance.now() - pressed;
    requestAnimationFrame(() => setTimeout(() => {
      window.taps.push([changed, performance.now() - pressed]);
    }));
  }).observe(number, {childList: true, characterData: true, subtree: true});
}"""


def main():
    """Start an installation, tap it, print rows for docs/measured.md."""
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        prepare(folder)
        visit, phone = make_visit()
        with serve() as url:
            figures = on_the_screen(url, visit, phone, options.taps)
    print_rows(figures)
    over = [name for name, bar in BARS.items() if figures[name] > bar]
    return f"Over the bar: {', '.join(over)}" if over else 0


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--taps", type=int, default=100)
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
    """A visit under way with a site that has a history, and a worker's phone."""
    from rinnalla import testing
    from rinnalla.lib import clock
    from rinnalla.phone.tests.phones import make_phone

    cast = testing.make_cast()
    for _number in range(50):
        old = testing.make_visit(cast, status="done", day=clock.today())
        testing.make_guided(old, 3, topics=["debt"], methods=["guidance"])
    visit = testing.make_visit(cast, status="under_way", day=clock.today())
    return visit, make_phone(cast.aino)


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


def p95(values):
    """The value under which 95 of 100 stay."""
    return statistics.quantiles(values, n=20)[-1]


# --- the screen --------------------------------------------------------------


def on_the_screen(url, visit, phone, taps):
    """Taps in a slowed browser, on a phone in use."""
    from playwright.sync_api import sync_playwright

    from rinnalla.phone.tests.app import go, take_into_use

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        context = browser.new_context(
            viewport={"width": 390, "height": 844},
            has_touch=True,
            locale="fi",
            base_url=url,
        )
        page = context.new_page()
        take_into_use(page, phone, store=store_of(url))
        page.goto("/phone/")
        page.wait_for_selector("main[data-is-ready]")
        protocol = context.new_cdp_session(page)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        go(page, f"#/visit/{visit.pk}")
        page.wait_for_selector("main dd[data-own]")
        figures = tap(page, taps)
        browser.close()
    return figures


def store_of(url):
    """The address of the module that keeps things, its hash included."""
    with urllib.request.urlopen(f"{url}/phone/sw.js") as answer:
        return re.search(r'"([^"]*/app/store[^"]*\.js)"', answer.read().decode())[1]


def chromium():
    """The system's Chromium, or None for the one Playwright downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def tap(page, taps):
    """Milliseconds from each tap to the changed number and to its frame."""
    page.evaluate(WATCH)
    plus = page.locator('main [data-tap="met"]')
    for _number in range(taps):
        plus.tap()
        page.wait_for_timeout(260)
    changed, painted = zip(*page.evaluate("window.taps"), strict=True)
    assert len(changed) == taps, f"{len(changed)} of {taps} taps counted"
    return {
        "tap_ms_p50": statistics.median(changed),
        "tap_ms_p95": p95(changed),
        "tap_painted_ms_p95": p95(painted),
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
