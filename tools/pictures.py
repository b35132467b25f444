#!/usr/bin/env python3
"""Photograph every page: each role, phone and desk, light and dark, three languages.

    make pictures
    make pictures ARGS="--role worker --language fi --width 390 --scheme light"

Two installations are made and thrown away: the demo county (full) and one with people
but no work yet (empty). A walk finds the pages each role can reach. In the full one
every form is also sent with something wrong in it (faulty). Single pictures and contact
sheets go to var/pictures, one folder an installation and role.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
OUT = ROOT / "var" / "pictures"
ROLES = ["worker", "coordinator", "leader", "partner", "administrator", "nobody"]
CHOICES = {
    "role": ROLES,
    "language": ["fi", "sv", "en"],
    "width": [390, 1280],
    "scheme": ["light", "dark"],
    "state": ["full", "empty"],
}
HEIGHTS = {390: 844, 1280: 900}
TALLEST = 3000
WRONG = "31.2.2026 klo 27"


def main():
    """Make each installation, photograph it, lay the sheets."""
    options = read_options()
    if os.environ.get("SERVED_AT"):
        return shoot(options, os.environ["SERVED_STATE"], os.environ["SERVED_AT"])
    shutil.rmtree(OUT, ignore_errors=True)
    for state in options.state:
        with tempfile.TemporaryDirectory(prefix="rinnalla-pictures-") as folder:
            photograph(state, folder)
    print(f"Contact sheets: {OUT.relative_to(ROOT)}/*.png")
    return 0


def read_options():
    """Read the command line; what is not narrowed is all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, values in CHOICES.items():
        kind = type(values[0])
        parser.add_argument(f"--{name}", action="append", type=kind, choices=values)
    options = parser.parse_args()
    for name, values in CHOICES.items():
        setattr(options, name, getattr(options, name) or values)
    return options


def photograph(state, folder, script=__file__):
    """Make an installation in a folder, serve it, and let a script take pictures."""
    settings = os.environ | {
        "DATA_DIR": folder,
        "KEY_DIR": f"{folder}/keys",
        "DEMO": "yes",
        "PROFILE": "with-inbox",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "DJANGO_SETTINGS_MODULE": "rinnalla.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    settings.pop("DATABASE_URL", None)
    prepare(state, settings)
    port = free_port()
    running = [serve(port, settings), work(settings)]
    try:
        wait(port)
        settings |= {"SERVED_STATE": state, "SERVED_AT": f"http://127.0.0.1:{port}"}
        again = [sys.executable, script, *sys.argv[1:]]
        subprocess.run(again, env=settings, cwd=ROOT, check=True)
    finally:
        for process in running:
            process.terminate()
            process.wait()


def prepare(state, settings):
    """Tables, facts, people; the county's work only in the full one."""
    steps = [
        ["tools/messages.py", "--all", "--compile"],
        ["manage.py", "migrate", "--verbosity", "0"],
        ["manage.py", "load_facts"],
        ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
    ]
    if state == "full":
        steps.append(["manage.py", "load_demo"])
        if any(ROOT.glob("rinnalla/*/management/commands/recount.py")):
            steps.append(["manage.py", "recount"])
    else:
        steps.append(["-c", PEOPLE_ALONE])
    for step in steps:
        command = [sys.executable, *step]
        subprocess.run(command, env=settings, cwd=ROOT, check=True, stdout=-3)


PEOPLE_ALONE = """
import django
django.setup()
from rinnalla import testing
testing.make_cast()
"""


def free_port():
    """A port nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def serve(port, settings):
    """Serve the pages."""
    web = [Path(sys.executable).parent / "granian", "--interface", "wsgi"]
    web += ["--port", str(port), "--blocking-threads", "2", "--backpressure", "64"]
    web += ["--log-level", "error", "--no-access-log", "rinnalla.wsgi:application"]
    return subprocess.Popen([str(part) for part in web], env=settings, cwd=ROOT)


def work(settings):
    """Draw and print what the pages ask for."""
    command = [sys.executable, "manage.py", "worker"]
    return subprocess.Popen(command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL)


def wait(port):
    """Wait until the pages answer."""
    for _ in range(200):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/health").close()
        except OSError:
            time.sleep(0.1)
    sys.exit("The pages did not start.")


def shoot(options, state, address):
    """Take the pictures of one served installation."""
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from rinnalla.tests.browser import QUIET, find_chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=QUIET
        )
        crew = [Photographer(browser, state, role, address) for role in options.role]
        for one in crew:
            one.work(options)
        # Last, because what is sent wrong may also be stored.
        for one in crew if state == "full" else ():
            one.faulty(options)
        browser.close()


class Photographer:
    """Takes the pictures of what one role can reach in one installation."""

    def __init__(self, browser, state, role, base):
        from django.test import Client

        from rinnalla.access.models import Worker
        from rinnalla.tests.county import BACKEND
        from rinnalla.tests.spider import Spider

        self.browser, self.state, self.role, self.base = browser, state, role, base
        client = Client(raise_request_exception=False)
        worker = Worker.objects.filter(role=role, is_active=True).order_by("pk").first()
        if worker:
            client.force_login(worker, backend=BACKEND)
        self.client, self.worker = client, worker
        self.cookies = {name: kept.value for name, kept in client.cookies.items()}
        self.spider = Spider(client).walk(["/", "/account/login/"])

    def work(self, options):
        """Every page in every light asked for, then a contact sheet of each light."""
        for language in options.language:
            self.speak(language)
            for width in options.width:
                for scheme in options.scheme:
                    light = f"{language}-{width}-{scheme}"
                    folder = OUT / self.name / light
                    taken = self.pages(language, width, scheme, folder)
                    taken += self.screens(language, width, scheme, folder)
                    lay_sheet(taken, width, OUT / f"{self.name}-{light}.png")

    @property
    def name(self):
        return f"{self.state}-{self.role}"

    def speak(self, language):
        """Ask for every page in a language once, and wait until all is drawn."""
        from django.conf import settings
        from django_tasks_db.models import DBTaskResult

        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for address in self.spider.pages:
            self.client.get(address)
        for _ in range(300):
            if not DBTaskResult.objects.ready().exists():
                return
            time.sleep(0.2)

    def window(self, language, width, scheme):
        """A browser window of one width and light, signed in as the role."""
        from django.conf import settings

        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            base_url=self.base,
            color_scheme=scheme,
            locale=language,
            has_touch=width == 390,
        )
        cookies = self.cookies | {settings.LANGUAGE_COOKIE_NAME: language}
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.base}
                for name, value in cookies.items()
            ]
        )
        return context

    def pages(self, language, width, scheme, folder):
        """Photograph each page; return (address, picture)."""
        context = self.window(language, width, scheme)
        page = context.new_page()
        taken = []
        for number, address in enumerate(self.spider.pages):
            answer = page.goto(address, wait_until="load")
            if "html" not in answer.headers.get("content-type", ""):
                continue  # a print that was being made when the pages were walked
            page.wait_for_selector("main:not(.rn-wait)", state="attached")
            page.evaluate(DRAW_ALL)
            taken.append((address, self.take(page, folder, number, address)))
        context.close()
        return taken

    def screens(self, language, width, scheme, folder):
        """Photograph the field app on a phone of this role, where it records."""
        from field_pictures import Phone

        from rinnalla.encounters.permissions import RECORD

        if self.worker is None or RECORD.reach_of(self.worker) is None:
            return []
        context = self.window(language, width, scheme)
        page, taken = context.new_page(), []

        def keep(name):
            path = self.take(page, folder, 900 + len(taken), name)
            taken.append((name, path))

        Phone(page, self.worker, keep).day()
        context.close()
        return taken

    def take(self, page, folder, number, address):
        """Photograph what a window shows, down to its end."""
        folder.mkdir(parents=True, exist_ok=True)
        plain = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-")[:60] or "start"
        path = folder / f"{number:03}-{plain}.png"
        size = page.viewport_size
        tall = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(tall, TALLEST)}
        page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")
        return path

    def faulty(self, options):
        """Send each form with something wrong in it; photograph what comes back."""
        for language in options.language:
            self.speak(language)
            for width in options.width:
                light = f"faulty-{language}-{width}"
                taken = self.spoilt(language, width, options.scheme[0], light)
                lay_sheet(taken, width, OUT / f"{self.name}-{light}.png")

    def spoilt(self, language, width, scheme, light):
        """Each form of this role sent wrong; return (address, picture)."""
        context = self.window(language, width, scheme)
        page, taken = context.new_page(), []
        forms = [form for form in self.spider.forms if form.method == "post"]
        for number, form in enumerate(forms):
            if self.spoil(page, form):
                folder = OUT / self.name / light
                taken.append(
                    (form.action, self.take(page, folder, number, form.action))
                )
        context.close()
        return taken

    def spoil(self, page, form):
        """Fill what can be typed with nonsense and send; False where nothing can."""
        page.goto(form.page)
        sent = page.evaluate(SPOIL, [form.action.split("?")[0], WRONG])
        if sent:
            with page.expect_navigation():
                page.evaluate("HTMLFormElement.prototype.submit.call(window.spoilt)")
        return sent


DRAW_ALL = """async () => {
  const waiting = [...document.querySelectorAll("img[loading=lazy]")];
  for (const image of waiting) image.loading = "eager";
  await Promise.all(waiting.map((image) => image.decode().catch(() => {})));
}"""
SPOIL = """([action, wrong]) => {
  const form = [...document.forms].find((one) =>
    new URL(one.getAttribute("action") || "", location.href).pathname === action);
  const typed = form ? [...form.elements].filter((one) =>
    /^(text|number|date|time|email|password|search|tel|url|textarea)$/.test(one.type)
  ) : [];
  if (!typed.length) return false;
  for (const one of typed) { if (one.type === "number") one.value = "-1";
    else if (!/date|time/.test(one.type)) one.value = wrong; else one.value = ""; }
  form.noValidate = true;
  window.spoilt = form;
  return true;
}"""


def lay_sheet(taken, width, path):
    """Lay pictures on one sheet, each with its address; a tall one is cut in pieces."""
    from PIL import Image, ImageDraw

    columns, wide, tall = (8, 260, 640) if width == 390 else (4, 480, 600)
    laid = [piece for one in taken for piece in pieces(*one, wide, tall)]
    if not laid:
        return
    rows = -(-len(laid) // columns)
    sheet = Image.new("RGB", (columns * (wide + 16), rows * (tall + 36)), "#d8d8d4")
    pen = ImageDraw.Draw(sheet)
    for number, (address, piece) in enumerate(laid):
        x, y = number % columns * (wide + 16) + 8, number // columns * (tall + 36) + 28
        sheet.paste(piece, (x, y))
        pen.text((x, y - 16), address[: wide // 6], fill="black")
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def pieces(address, picture, wide, tall):
    """One picture made small: (address, piece) from its top to its end."""
    from PIL import Image

    with Image.open(picture) as image:
        small = image.convert("RGB")
    small = small.resize((wide, max(1, small.height * wide // small.width)))
    for top in range(0, small.height, tall):
        end = min(top + tall, small.height)
        yield (address if top == 0 else "..."), small.crop((0, top, wide, end))


if __name__ == "__main__":
    sys.exit(main())
