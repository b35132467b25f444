#!/usr/bin/env python3
"""Take the guide's pictures anew from the demo county, in three languages.

    make pictures            takes these last
    .venv/bin/python tools/guide_pictures.py

Each is one screen, small enough for a phone on the pavement (at most 60 KB), and goes
to rinnalla/shell/static/shell/guide/LANGUAGE. Look at them before committing.
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import pictures
from pictures import ROOT

OUT = ROOT / "rinnalla" / "shell" / "static" / "shell" / "guide"
LANGUAGES = ["fi", "sv", "en"]
SIZES = {"phone": (390, 780), "desk": (1024, 640)}
KEPT = {"phone": (390, 780), "desk": (960, 600)}
LARGEST = 60 * 1024
# A phone that has promised to keep what is recorded on it, as phones in use do.
PROMISES = "navigator.storage.persisted = navigator.storage.persist = async () => true;"
# Name: whose screen, its shape, its address ({visit}, {done}, {site} are filled in).
SCREENS = {
    "practice": ("worker", "phone", "/phone/#/practice"),
    "today": ("worker", "phone", "/phone/#/"),
    "counter": ("worker", "phone", "/phone/#/visit/{visit}"),
    "meeting": ("worker", "phone", "/phone/#/visit/{visit}"),
    "wrap_up": ("worker", "phone", "/phone/#/visit/{visit}/wrap-up"),
    "place": ("coordinator", "desk", "/planning/places/{site}/"),
    "visits": ("coordinator", "desk", "/planning/visits/"),
    "visit": ("coordinator", "desk", "/encounters/{done}"),
    "observations": ("coordinator", "desk", "/encounters/texts"),
    "import": ("coordinator", "desk", "/encounters/imports"),
    "month": ("leader", "desk", "/figures/"),
    "places": ("leader", "desk", "/figures/places/"),
    "workers": ("administrator", "desk", "/access/workers"),
    "organisations": ("administrator", "desk", "/access/organisations"),
    "codes": ("administrator", "desk", "/access/codes/topic"),
    "audit": ("administrator", "desk", "/access/audit"),
    "nights": ("administrator", "desk", "/nights"),
}


def main():
    """Make the demo county in a folder that is thrown away, and photograph it."""
    if sys.argv[1:2] == ["--shoot"]:
        return shoot(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="rinnalla-guide-") as folder:
        settings = os.environ | {
            "DATA_DIR": folder,
            "KEY_DIR": f"{folder}/keys",
            "DEMO": "yes",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "DJANGO_SETTINGS_MODULE": "rinnalla.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }
        settings.pop("DATABASE_URL", None)
        pictures.prepare("full", settings)
        port = pictures.free_port()
        web, worker = pictures.serve(port, settings), pictures.work(settings)
        try:
            pictures.wait(port)
            again = [sys.executable, __file__, "--shoot", str(port)]
            subprocess.run(again, env=settings, cwd=ROOT, check=True)
        finally:
            for process in (web, worker):
                process.terminate()
                process.wait()
    return 0


def shoot(port):
    """Take every screen in every language from the pages at this port."""
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from rinnalla.phone.tests.app import take_into_use
    from rinnalla.tests.browser import QUIET, find_chromium

    rows = name_rows()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=QUIET
        )
        for name, (role, shape, address) in SCREENS.items():
            if name == "counter":
                begin_the_visit(rows["visit"])
            if name == "wrap_up":
                end_the_visit(rows["visit"])
            for language in LANGUAGES:
                window = open_window(browser, port, role, shape, language)
                page = window.new_page()
                if shape == "phone":
                    take_into_use(page, phone_of(role))
                page.goto(address.format(**rows), wait_until="networkidle")
                page.wait_for_selector("main:not(.rn-wait)")
                act(page, name)
                keep(page.screenshot(animations="disabled"), name, shape, language)
                window.close()
        browser.close()
    for language in LANGUAGES:
        keep(paper(rows["visit"], language), "tally", "desk", language)
    return 0


def person(role):
    """The first of the demo people in a role."""
    from rinnalla.access.models import Worker

    return Worker.objects.filter(role=role, is_active=True).order_by("pk").first()


def phone_of(role):
    """A new phone in use of this role's person."""
    from rinnalla.phone.tests.phones import make_phone

    return make_phone(person(role))


def name_rows():
    """Today's first visit, a visit that is done, and their site, by their keys."""
    from rinnalla.lib import clock
    from rinnalla.planning.models import Visit

    worker, today = person("worker"), clock.today()
    mine = Visit.objects.filter(day=today, workers=worker, status="planned")
    visit = mine.order_by("starts").first()
    done = Visit.objects.seen().done().filter(site=visit.site, day__lt=today)
    done = done.filter(wrap_up__isnull=False, encounters__isnull=False)
    done = done.order_by("-day").first()
    return {"visit": visit.pk, "done": done.pk, "site": visit.site_id}


def begin_the_visit(pk):
    """Start the visit, so that its counter opens."""
    from rinnalla.planning.actions import start_visit
    from rinnalla.planning.models import Visit

    start_visit(person("worker"), Visit.objects.get(pk=pk))


def end_the_visit(pk):
    """End the visit, so that its wrap-up opens."""
    from rinnalla.planning.actions import finish_visit
    from rinnalla.planning.models import Visit

    finish_visit(person("worker"), Visit.objects.get(pk=pk))


def open_window(browser, port, role, shape, language):
    """A window of this shape, signed in as this role, in this language."""
    from django.conf import settings
    from django.test import Client

    from rinnalla.tests.county import BACKEND

    client = Client()
    client.force_login(person(role), backend=BACKEND)
    width, height = SIZES[shape]
    base = f"http://127.0.0.1:{port}"
    window = browser.new_context(
        viewport={"width": width, "height": height},
        base_url=base,
        locale=language,
        color_scheme="light",
        has_touch=shape == "phone",
    )
    if shape == "phone":
        window.add_init_script(PROMISES)
    values = {name: kept.value for name, kept in client.cookies.items()}
    values[settings.LANGUAGE_COOKIE_NAME] = language
    window.add_cookies(
        [{"name": name, "value": value, "url": base} for name, value in values.items()]
    )
    return window


def act(page, name):
    """Do on a screen what its step tells of."""
    if name == "practice":
        page.click("[data-face=intro] [data-start]")
    if name in ("practice", "counter"):
        for _ in range(4):
            page.click("main .rn-plus--field >> visible=true", delay=150)
            page.wait_for_timeout(150)
    if name == "meeting":
        page.click("main [data-tap=guided]")
        for field in ("topics", "methods"):
            page.locator(f"main [data-field={field}] label").first.click()
        page.evaluate("document.querySelector('.rn-sheet-body').scrollTop = 0")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(600)


def paper(visit, language):
    """The tally sheet as a picture of the upper part of its paper."""
    import json

    import segno
    import typst
    from django.utils.translation import override

    from rinnalla.encounters import tally_sheet
    from rinnalla.lib.typst import FONTS, PACKAGE
    from rinnalla.planning.models import Visit

    visit = Visit.objects.select_related("site__municipality").get(pk=visit)
    with override(language):
        head = tally_sheet.head(visit, f"https://rinnalla.example.fi/{visit.pk}")
    data = {"lang": language, **head, **tally_sheet.rows(language)}
    images = {"qr": segno.make(data["address"]).svg_inline(border=0, omitsize=True)}
    images["qr"] = images["qr"].replace("<svg", SVG, 1)
    return typst.compile(
        str(tally_sheet.TEMPLATE),
        root=str(PACKAGE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="png",
        ppi=150,
        sys_inputs={"data": json.dumps(data), "images": json.dumps(images)},
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg"'


def keep(png, name, shape, language):
    """Keep a picture as WebP, cut to its shape, as sharp as 60 KB allow."""
    from PIL import Image

    width, height = KEPT[shape]
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.resize((width, image.height * width // image.width))
    image = image.crop((0, 0, width, height))
    path = OUT / language / f"{name}.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    for quality in range(82, 20, -8):
        image.save(path, quality=quality, method=6)
        if path.stat().st_size <= LARGEST:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    sys.exit(main())
