#!/usr/bin/env python3
"""Keep the Finnish and Swedish texts of each room in step with its code.

    python tools/messages.py phone            take up new texts, then compile
    python tools/messages.py --all            the same for every room
    python tools/messages.py --all --check    change nothing; name what is missing
    python tools/messages.py --all --compile  only make the .mo files

The English text in the code is the key. A text that left the code leaves the
catalogue; a translation is never guessed from a similar one. Files are named in
the catalogue without line numbers, so moving code changes nothing there.
"""

import argparse
import ast
import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "rinnalla"
LANGUAGES = ("fi", "sv")
SKIPPED = {"tests", "migrations", "locale", "vendor", "__pycache__"}
SINGLE, CONTEXT = (1,), ((1, "c"), 2)
KEYWORDS = {
    "_": SINGLE,
    "gettext": SINGLE,
    "gettext_lazy": SINGLE,
    "gettext_noop": SINGLE,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
STRING = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
CALL = re.compile(rf"\b(n?p?gettext|_)\(u?((?:{STRING})(?:,\s*u?(?:{STRING}))*)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w*\}")
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def main():
    """Run for the rooms asked for; the exit code is 1 when a check complains."""
    options = read_options()
    rooms = all_rooms() if options.all else options.rooms
    if options.check:
        complaints = [line for room in rooms for line in check(room)]
        complaints += disagreements(rooms)
        print("\n".join(complaints) or f"texts: {len(rooms)} rooms, fi and sv complete")
        return 1 if complaints else 0
    for room in rooms:
        if not options.compile:
            update(room)
        compile_room(room)
    return 0


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    parser.add_argument("--all", action="store_true", help="every room")
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--compile", action="store_true", help="only make .mo files")
    options = parser.parse_args()
    unknown = [room for room in options.rooms if room not in all_rooms()]
    if unknown or not (options.all or options.rooms):
        parser.error(f"rooms are: {', '.join(all_rooms())}; or --all")
    return options


def all_rooms():
    """Every room of the package: a folder with an __init__.py."""
    found = (path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    return sorted(set(found) - SKIPPED)


def update(room):
    """Write a room's catalogues afresh: its texts now, its translations kept."""
    wanted = extract(room)
    for language in LANGUAGES:
        path = po_path(room, language)
        if not wanted and not path.exists():
            continue
        missing = untranslated(merged(wanted, read(path, language)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(wanted, read(path, language), language))
        where = path.relative_to(ROOT)
        print(f"{where}: {len(wanted)} texts, {len(missing)} without translation")


def check(room):
    """Say what is missing, stale or broken in a room's catalogues, a line each."""
    wanted = extract(room)
    for language in LANGUAGES:
        path = po_path(room, language)
        name = path.relative_to(ROOT)
        if not path.exists():
            if wanted:
                yield f"{name}: missing; run: make messages"
            continue
        current = read(path, language)
        if path.read_bytes() != as_po(wanted, current, language):
            yield f"{name}: not in step with the code; run: make messages"
        for message in untranslated(merged(wanted, current)):
            yield f"{name}: no translation: {first(message.id)!r}"
        for message in merged(wanted, current):
            if is_full(message) and placeholders_differ(message):
                yield f"{name}: placeholders differ: {first(message.id)!r}"


def disagreements(rooms):
    """Name texts that two rooms translate differently: only one would be shown."""
    for language in LANGUAGES:
        seen = {}
        for room in rooms:
            for message in read(po_path(room, language), language):
                if not message.id or not message.string:
                    continue
                key = (message.context, first(message.id))
                other, string = seen.setdefault(key, (room, message.string))
                if string != message.string:
                    yield f"{language}: {other} and {room} differ on {key[1]!r}"


def compile_room(room):
    """Make the .mo files Django reads, where the .po is newer."""
    for language in LANGUAGES:
        path = po_path(room, language)
        target = path.with_suffix(".mo")
        if not path.exists():
            continue
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, read(path, language))
        fresh.replace(target)


def extract(room):
    """Every translatable text of a room: {(context, id): (id, context, files)}."""
    found = {}
    for path in sources(room):
        name = path.relative_to(ROOT).as_posix()
        texts = from_python(path) if path.suffix == ".py" else from_template(path)
        for function, text in texts:
            add(found, function, text, name)
    return found


def sources(room):
    """The Python files and templates of a room; the shell also owns the top files."""
    paths = [*(PACKAGE / room).rglob("*.py"), *(PACKAGE / room).rglob("templates/**/*")]
    if room == "shell":
        paths += PACKAGE.glob("*.py")
    kept = (path for path in paths if path.suffix in {".py", ".html", ".txt", ".svg"})
    return sorted(p for p in kept if not SKIPPED & set(p.relative_to(ROOT).parts))


def from_python(path):
    """The texts of gettext calls in Python code, as (function, text)."""
    from babel.messages.extract import extract as babel_extract

    with path.open("rb") as file:
        for _line, text, _comments, context in babel_extract("python", file, KEYWORDS):
            ids = text if isinstance(text, tuple) else (text,)
            if context:
                yield "npgettext"[len(ids) == 1 :], (context, *ids)
            else:
                yield "ngettext"[len(ids) == 1 :], ids


def from_template(path):
    """The texts of translate tags, read by Django's own reader of templates."""
    from django.utils.translation.template import templatize

    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for function, arguments in CALL.findall(source):
        texts = tuple(ast.literal_eval(text) for text in re.findall(STRING, arguments))
        yield function, texts


def add(found, function, texts, name):
    """Put one found text among the others; a plural form wins over a single one."""
    context = None
    if "p" in function.replace("gettext", ""):
        context, *texts = texts
    texts = tuple(texts[:2]) if function.startswith("n") else texts[0]
    key = (context, first(texts))
    if not key[1]:
        return
    old = found.get(key)
    if old and isinstance(old[0], tuple):
        texts = old[0]
    found[key] = (texts, context, (old[2] if old else set()) | {name})


def first(text):
    """The singular of a text that may have a plural."""
    return text[0] if isinstance(text, tuple | list) else text


def po_path(room, language):
    """Where a room keeps a language."""
    return PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path, language):
    """Read a catalogue; an absent file is an empty one."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def merged(wanted, current):
    """A catalogue of the wanted texts with the translations there are."""
    catalog = Catalog(locale=current.locale)
    for text, context, files in wanted.values():
        old = current.get(first(text), context)
        string = old.string if old and not old.fuzzy else None
        if isinstance(text, tuple) and not isinstance(string, tuple | list):
            string = (string, "") if string else ("", "")
        elif isinstance(text, str) and isinstance(string, tuple | list):
            string = string[0]
        places = [(name, None) for name in sorted(files)]
        catalog.add(text, string, locations=places, context=context)
    return catalog


def as_po(wanted, current, language):
    """The bytes a catalogue should have."""
    file = io.BytesIO()
    catalog = merged(wanted, current)
    write_po(file, catalog, width=88, omit_header=True, sort_output=True)
    return HEADER.format(language=language).encode() + file.getvalue()


def untranslated(catalog):
    """The texts of a catalogue with an empty translation or an empty plural."""
    return [message for message in catalog if message.id and not is_full(message)]


def is_full(message):
    """Whether every form of a text is translated."""
    strings = message.string
    return all(strings if isinstance(strings, tuple | list) else (strings,))


def placeholders_differ(message):
    """Whether a translation lacks or invents a placeholder. A singular may omit one."""
    if isinstance(message.id, tuple):
        pairs = [(message.id[1], string) for string in message.string[1:]]
    else:
        pairs = [(message.id, message.string)]
    return any(
        sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(target))
        for source, target in pairs
    )


if __name__ == "__main__":
    sys.exit(main())
