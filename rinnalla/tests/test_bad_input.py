"""Bad input gets a sentence or a "not here", never a fault of ours.

Strings of ../shared/data/bad-input and some of our own go into every form field, query
parameter, path parameter and file name of every address, as each role. `make test`
sends a sample that changes with the day, `make proof` sends all. Where the folder is
missing the sample is of our own strings, and the rest is skipped, saying so.
"""

import inspect
import json
import random
import re
from itertools import cycle
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve

from rinnalla.lib import clock
from rinnalla.tests import house
from rinnalla.tests.county import ROLES, walk
from rinnalla.tests.spider import MOST_PAGES
from rinnalla.tests.test_guards import names

OURS = [
    "\x00",
    "a\x00b",
    "\U0010ffff",
    "-1",
    "9" * 40,
    "1e999",
    "NaN",
    "0000-00-00",
    "2026-02-30",
    "99999-01-01",
    "25.99",
    "[]",
    "{",
    "00000000-0000-0000-0000-000000000000",
    "x" * 20_000,
    "../../etc/passwd",
    "%00",
    "\r\nSet-Cookie: a=b",
]
# What no text can say: bytes that are not UTF-8, a lone surrogate, a NUL.
RAW = ["%ff%fe", "%ed%a0%80", "%00"]
FORM = "application/x-www-form-urlencoded"
SAMPLE = 1
EACH = 6  # rows of a kind that are walked to: their states show different forms
FOLDER = house.ROOT.parent / "shared" / "data" / "bad-input"
SETS = ["naughty_strings_even", "sql_injection", "xss_polyglots", "csv_formula"]
LEAVING = "/account/logout"


def bad_strings():
    """The strings of the shared folder."""
    for name in SETS:
        for row in json.loads((FOLDER / f"{name}.json").read_text()):
            yield row["s"] if isinstance(row, dict) else row


@pytest.fixture
def strings():
    """Every bad string there is."""
    if not FOLDER.exists():
        pytest.skip("../shared/data/bad-input is not here")
    return [*OURS, *bad_strings()]


@pytest.fixture
def sample():
    """One of ours and, where the folder is there, one of theirs; others tomorrow."""
    dice = random.Random(clock.today().toordinal())
    theirs = list(bad_strings()) if FOLDER.exists() else OURS
    return dice.sample(OURS, SAMPLE) + dice.sample(theirs, SAMPLE)


def send(client, method, address, data=None, **options):
    """Send one request, undo what it did, and return its status."""
    kept = {name: cookie.value for name, cookie in client.cookies.items()}
    with transaction.atomic():
        answer = getattr(client, method)(address, data or {}, **options)
        # Read, not closed: closing by hand closes PostgreSQL's connection too.
        b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    # A new session was undone with the rest; keep on with the one there is.
    client.cookies.clear()
    client.cookies.load(kept)
    return answer.status_code


class Faults:
    """What went wrong, told so that one can send it again."""

    def __init__(self, client):
        self.client, self.found = client, []

    def send(self, method, address, data=None, **options):
        try:
            status = send(self.client, method, address, data, **options)
        except Exception as fault:  # noqa: BLE001
            status = f"{type(fault).__name__}: {fault}"
        if not isinstance(status, int) or status >= 500:
            self.found.append(f"{method} {address[:120]} {data!r:.200} -> {status}")


def attack_forms(faults, spider, strings):
    """Put each string into all the fields of each form."""
    for form in without_leaving(spider):
        for text in strings:
            faults.send(form.method, form.action, dict.fromkeys(form.fields, text))
            attack_files(faults, form, text)


def attack_fields(faults, spider, strings, tried):
    """Put each string into the fields of each kind of form: all at once, then alone.

    The forms of one kind take turns, each in the state it was found in. Alone a
    string comes to one field of four; of a kind in `tried` somebody else does that.
    """
    for kind, forms in kinds_of_forms(spider).items():
        for number, text in enumerate(strings):
            form = forms[number % len(forms)]
            faults.send(form.method, form.action, dict.fromkeys(form.fields, text))
            attack_files(faults, form, text)
            for name in list(form.fields)[number % 4 :: 4] if kind not in tried else ():
                faults.send(form.method, form.action, form.fields | {name: text})


def attack_files(faults, form, text):
    """Put a string into a file and its name, where a form takes one."""
    for name in form.files:
        file = SimpleUploadedFile(f"{text[:80]}.xlsx", text.encode() * 3)
        faults.send("post", form.action, form.fields | {name: file})


def without_leaving(spider):
    """The forms of somebody, but not the one that signs out."""
    return [form for form in spider.forms if not form.action.startswith(LEAVING)]


def kinds_of_forms(spider):
    """The forms by what reads them: one view, asked the same fields."""
    kinds = {}
    for form in without_leaving(spider):
        kind = goes_to(form), form.method, tuple(form.fields)
        kinds.setdefault(kind, []).append(form)
    return kinds


def attack_parameters(faults, spider, strings):
    """Put each string into each parameter after the question mark."""
    for address in spider.kinds:
        path, query = urlsplit(address).path, urlsplit(address).query
        names = [part.split("=")[0] for part in query.split("&") if part]
        for text in strings:
            common = ["page", "q", "month", "day", "site", "next", "from", "to", "by"]
            faults.send("get", path, dict.fromkeys([*names, *common], text))


def attack_paths(faults, strings):
    """Put each string where an address takes a key, a day or a code."""
    patterns = sorted({address for address, _, _ in house.views() if "<" in address})
    for number, pattern in enumerate(patterns):
        for text in strings:
            address = "/" + fill(pattern, quote(text[:300], safe=""))
            faults.send("get", address)
        # What takes a post asks for the row first, in the same way.
        faults.send("post", "/" + fill(pattern, quote(strings[number % len(strings)])))


def attack_bytes(faults, spider):
    """Send bytes that are no text, where a text is awaited."""
    turn = cycle(RAW)
    for address in spider.kinds:
        raw = next(turn)
        faults.send("get", f"{urlsplit(address).path}?page={raw}&q={raw}&month={raw}")
    for form in spider.forms:
        body = "&".join(f"{name}={next(turn)}" for name in form.fields)
        if form.method == "post":
            faults.send("post", form.action, body, content_type=FORM)
    for pattern in {address for address, _, _ in house.views() if "<" in address}:
        faults.send("get", "/" + fill(pattern, next(turn)))


def fill(pattern, text):
    """An address pattern with a text in the place of each parameter."""
    filled, inside = "", False
    for sign in pattern:
        if sign == "<":
            inside, filled = True, filled + text
        elif sign == ">":
            inside = False
        elif not inside:
            filled += sign
    return filled


def attack(cast, role, strings):
    """A few strings everywhere, as one role; returns what went wrong."""
    client, spider = walk(cast, role)
    faults = Faults(client)
    attack_forms(faults, spider, strings)
    attack_addresses(faults, spider, strings)
    return faults.found


def attack_with_all(cast, role, strings):
    """Many strings, as one role; returns what went wrong."""
    client, spider = walk(cast, role, EACH)
    faults, first = Faults(client), ROLES[0]
    tried = () if role == first else kinds_of_forms(walk(cast, first, EACH)[1])
    attack_fields(faults, spider, strings, tried)
    # Addresses are read alike for all: each role takes a third.
    attack_addresses(faults, spider, strings[ROLES.index(role) % 3 :: 3])
    return faults.found


def attack_addresses(faults, spider, strings):
    """Everything that is not a form."""
    attack_parameters(faults, spider, strings)
    attack_paths(faults, strings)
    attack_bytes(faults, spider)


@pytest.mark.parametrize("role", ROLES)
def test_no_bad_string_makes_a_fault(every_state, sample, role):
    assert attack(every_state, role, sample) == []


@pytest.mark.proof
@pytest.mark.parametrize("role", ROLES)
def test_no_bad_string_of_all_makes_a_fault(every_state, strings, role):
    assert attack_with_all(every_state, role, strings) == []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_one_can_reach_opens(every_state, role):
    """The walk itself finds no dead link and no fault."""
    _, spider = walk(every_state, role)
    broken = {page: code for page, code in spider.answers.items() if code >= 400}
    assert broken == {}
    assert spider.pages


# What takes a post and has no form on a page one can walk to: who tries it instead.
NO_FORM = {
    "rinnalla.phone.door.views.sync": "phone/tests/test_bad_batches.py",
    "rinnalla.phone.door.views.guest_sync": "phone/tests/test_guest.py",
    "rinnalla.phone.enrolling.enrol": "phone/tests/test_enrol.py",
    "rinnalla.phone.safety.safety_pass": "phone/tests/test_way_home.py",
    "rinnalla.phone.devices.notice_seen": "phone/tests/test_devices.py",
    "rinnalla.planning.safety.views.spot": "planning/tests/safety/test_pages.py",
    "rinnalla.planning.duty.views.call_back": "planning/tests/duty/test_duty.py",
    "rinnalla.planning.events.views.events_take": (
        "planning/tests/events/test_events_file.py"
    ),
    "rinnalla.shell.views.demo_sign_in": "shell/tests/test_demo_sign_in.py",
}


def takes_a_form(view):
    """Whether the code of a view, or the line above it, speaks of a post."""
    source = inspect.getsource(inspect.unwrap(view))
    return bool(re.search(r"(?<![A-Z])POST(?![A-Z])", source))


def goes_to(form):
    """The full name of the view a form is sent to."""
    return resolve(unquote(urlsplit(form.action).path))._func_path


def test_every_form_there_is_is_tried(every_state):
    """A form nobody can walk to would never meet a bad string."""
    # What the others reach, these reach too.
    some = ["aino", "kaisa", "hannu", None]
    walked = [walk(every_state, role, EACH)[1] for role in some]
    assert max(len(spider.answers) for spider in walked) < MOST_PAGES * EACH
    tried = {goes_to(form) for spider in walked for form in spider.forms}
    posts = {name for _, name, view in names() if takes_a_form(view)}
    missed = sorted(posts - tried - set(NO_FORM))
    assert missed == [], "\n".join(missed)
    for name, where in NO_FORM.items():
        assert (house.PACKAGE / where).exists(), name
