#!/usr/bin/env python3
"""Measure how long the phone takes to put one tap on its disk.

    python tools/bench_add.py [--taps 300]

The app's own outbox.js in a real Chromium, IndexedDB with strict durability, against a
real server; once as the machine is, once with the processor slowed four times, with a
network and without. What is measured is `add()`: from the call to the promise that says
that the fact and the visit's figures are kept. Bar: median 10 ms.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rinnalla.phone.tests.faults.process import Server  # noqa: E402

DRIVER = (ROOT / "rinnalla/phone/tests/faults/phone.js").read_text()
NAMES = ("chromium", "chromium-browser", "google-chrome")
BAR = 10  # milliseconds, the median
TAP = """
async ({ visit, taps }) => {
  const times = [];
  for (let tap = 0; tap < taps; tap += 1) {
    await new Promise((next) => setTimeout(next, 50));
    const began = performance.now();
    await phone.outbox.add(visit, "count", { kind: "met", number: 1 });
    times.push(performance.now() - began);
  }
  return times;
}
"""


def main():
    """Measure each way and print rows of docs/measured.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--taps", type=int, default=300)
    taps = parser.parse_args().taps
    folder = Path(tempfile.mkdtemp(prefix="bench-add-"))
    server = Server(folder)
    try:
        medians = [measure(server, taps, *way) for way in ((1, 1), (4, 1), (4, 0))]
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if max(medians) > BAR else 0


def measure(server, taps, slowed, is_online):
    """One way of measuring; the median in milliseconds."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        page = browser.new_page()
        page.goto(f"{server.url}/health")
        page.evaluate(DRIVER, {"name": "phone", **server.make_phone()})
        protocol = page.context.new_cdp_session(page)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        page.context.set_offline(not is_online)
        times = page.evaluate(TAP, {"visit": server.make_visit(), "taps": taps})
        browser.close()
    median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    way = f"processor slowed {slowed} times, {'on' if is_online else 'off'}line"
    print(
        f"| {date.today().isoformat()} | `tools/bench_add.py` | two cores, {way} |"
        f" a tap on the phone's disk: median {median:.1f} ms, p95 {slow:.1f} ms"
        f" (bar {BAR} ms) |"
    )
    return median


if __name__ == "__main__":
    sys.exit(main())
