#!/usr/bin/env python3
"""Measure the field app's shell: what it weighs, and how soon it is in the hand.

    python tools/bench_shell.py [--visits 5]

On an installation of its own in a temporary folder: granian, hashed and compressed
static files, the system's Chromium at 390 x 844, its processor slowed four times, on a
line of 1.6 Mbit/s with 150 ms there and back. "First visit" is a browser that has never
seen the app, until the form for the code takes a press; "later" is a phone in use whose
window was closed, until the day's visit can be started; "offline" is the same without
any network. The weight is what goes over the wire, compressed, headers left out.
"""

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import urllib.request
import uuid
from datetime import date

import brotli
from bench_tap import SLOW_NET, chromium, prepare, serve

BARS = {"script_kb": 60, "shell_kb": 120, "first_s": 2.5, "later_s": 0.8}
ENROL_FORM = "form[data-enrol] button"
START = "main [data-go]"
# The first picture in which the sign can be seen, on the page's own clock, which starts
# when the address is asked for: the driver's own time is not the app's.
CLOCK = """sign => {
  const look = () => {
    const isThere = document.querySelector(sign)?.checkVisibility();
    if (isThere) window.readyAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""


def main():
    """Start an installation, open the app again and again, print rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=5)
    visits = parser.parse_args().visits
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as folder:
        prepare(folder)
        code = make_code()
        with serve() as url:
            figures = weigh(url) | time_visits(url, code, visits)
    print_rows(figures)
    over = [name for name, bar in BARS.items() if figures[name] > bar]
    return f"Over the bar: {', '.join(over)}" if over else 0


def make_code():
    """A worker with a visit today; the code that takes her phone into use."""
    from rinnalla import testing
    from rinnalla.lib import clock
    from rinnalla.phone import actions

    cast = testing.make_cast()
    for hour in range(10, 18):
        starts = clock.now().replace(hour=hour, minute=0, second=0).time()
        testing.make_visit(cast, day=clock.today(), starts=starts, ends=None)
    made = actions.make_code(
        cast.aino, nonce=uuid.uuid4(), name="Oma puhelin", worker=cast.aino
    )
    return made[1]


# --- What it weighs ------------------------------------------------------------


def weigh(url):
    """Kilobytes over the wire: the scripts, and all that is kept on the phone."""
    script, worker = fetch(f"{url}/phone/sw.js")
    told = json.loads(re.search(r"const SHELL = (\{.*\});", script)[1])
    sizes = {path: fetch(url + path)[1] for path in told["files"]}
    scripts = sum(size for path, size in sizes.items() if path.endswith(".js"))
    page = fetch(f"{url}/phone/")[1]
    return {
        "script_kb": (scripts + worker) / 1024,
        "shell_kb": (sum(sizes.values()) + worker + page) / 1024,
        "page_kb": page / 1024,
        "files": len(sizes) + 2,
    }


def fetch(address):
    """The text of an answer and its bytes on the wire."""
    asked = {"Accept-Encoding": "br", "Accept-Language": "fi"}
    request = urllib.request.Request(address, headers=asked)
    with urllib.request.urlopen(request) as answer:
        content = answer.read()
        is_packed = answer.headers.get("Content-Encoding") == "br"
    plain = brotli.decompress(content) if is_packed else content
    return plain.decode(), len(content)


# --- How soon it is there --------------------------------------------------------


def time_visits(url, code, visits):
    """Seconds of a first visit, of later ones, and of ones without a network."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        first = [first_visit(browser, url) for _number in range(visits)]
        phone = take_into_use(browser, url, code)
        later = [open_app(phone, f"{url}/phone/", START) for _number in range(visits)]
        phone.set_offline(True)
        cold = [open_app(phone, f"{url}/phone/", START) for _number in range(visits)]
        browser.close()
    return {
        "first_s": statistics.median(first),
        "later_s": statistics.median(later),
        "later_slowest_s": max(later),
        "offline_s": statistics.median(cold),
    }


def new_phone(browser):
    """A browser that has never seen the app."""
    return browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, locale="fi"
    )


def first_visit(browser, url):
    """The app seen for the first time."""
    phone = new_phone(browser)
    seconds = open_app(phone, f"{url}/phone/#/enrol=", ENROL_FORM)
    phone.close()
    return seconds


def take_into_use(browser, url, code):
    """A phone in use that keeps the app."""
    phone = new_phone(browser)
    page = phone.new_page()
    page.goto(f"{url}/phone/#enrol={code}")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_selector(START)
    page.close()
    return phone


def open_app(phone, address, sign):
    """Seconds from a new window to the sign that it takes a press."""
    page = phone.new_page()
    protocol = phone.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", SLOW_NET)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(f"({CLOCK})({json.dumps(sign)})")
    page.goto(address, wait_until="commit")
    page.wait_for_selector(sign)
    # A picture later at the latest: the page's clock looks once in each.
    ready = "new Promise((go) => requestAnimationFrame(() => go(window.readyAt)))"
    seconds = page.evaluate(ready) / 1000
    page.close()
    return seconds


def print_rows(figures):
    """The figures as rows of docs/measured.md, with how busy the machine was."""
    today, load = date.today().isoformat(), os.getloadavg()[0]
    for name, figure in figures.items():
        said = f"{name.replace('_', ' ')}: {figure:.2f}"
        where = f"two cores, load average {load:.0f}"
        print(f"| {today} | `tools/bench_shell.py` | {where} | {said} |")


if __name__ == "__main__":
    sys.exit(main())
