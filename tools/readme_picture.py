#!/usr/bin/env python3
"""Take the picture of the README anew: a counter on a phone, a month on a screen.

    python tools/readme_picture.py

Makes a demo county of its own and throws it away. Writes docs/pictures/first-visit.png.
"""

import os
import sys
import tempfile
from pathlib import Path

import pictures

OUT = pictures.ROOT / "docs" / "pictures" / "first-visit.png"
TAPS = 12
GROUND = "#e9e6df"


def main():
    """Serve a demo county and take the picture in a process with its settings."""
    if os.environ.get("SERVED_AT"):
        return take(os.environ["SERVED_AT"])
    with tempfile.TemporaryDirectory(prefix="rinnalla-pictures-") as folder:
        pictures.photograph("full", folder, __file__)
    print(f"Written: {OUT.relative_to(pictures.ROOT)}")
    return 0


def take(address):
    """Count on the phone, open the month on the screen, lay both side by side."""
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from rinnalla.tests.browser import QUIET, find_chromium

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=QUIET
        )
        phone, screen = Path(folder, "phone.png"), Path(folder, "screen.png")
        worker = pictures.Photographer(browser, "full", "worker", address)
        count(worker, worker.window("fi", 390, "light").new_page(), phone)
        leader = pictures.Photographer(browser, "full", "leader", address)
        leader.speak("fi")
        month(leader.window("fi", 1280, "light").new_page(), screen)
        lay(phone, screen)
        browser.close()


def count(worker, page, path):
    """Start today's visit on a phone in use and press a dozen times."""
    from rinnalla.phone.tests.app import take_into_use
    from rinnalla.phone.tests.phones import make_phone

    take_into_use(page, make_phone(worker.worker))
    page.goto("/phone/")
    page.get_by_role("button", name="Aloita käynti").tap()
    plus = page.get_by_role("button", name="Kohdattu +1")
    for pressed in range(TAPS):
        page.wait_for_timeout(250)
        plus.tap()
        page.locator(".big [data-own]", has_text=str(pressed + 1)).wait_for()
    page.wait_for_timeout(3000)
    page.screenshot(path=path)


def month(page, path):
    """Open the newest whole month."""
    page.goto("/figures/")
    page.locator("a[href*='/figures/month/']").first.click()
    page.wait_for_load_state("load")
    page.screenshot(path=path)


def lay(phone, screen):
    """Lay the two pictures on one ground."""
    from PIL import Image

    with Image.open(phone) as small, Image.open(screen) as large:
        high = max(small.height, large.height) + 80
        ground = Image.new("RGB", (small.width + large.width + 120, high), GROUND)
        ground.paste(small.convert("RGB"), (40, 40))
        ground.paste(large.convert("RGB"), (small.width + 80, 40))
        half = ground.resize((ground.width * 2 // 3, ground.height * 2 // 3))
        OUT.parent.mkdir(parents=True, exist_ok=True)
        half.quantize(128).save(OUT, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
