"""What a pasted e-mail says of a request. The text is read and forgotten."""

import re
from datetime import date, timedelta

from rinnalla.access.models import Municipality, Organisation
from rinnalla.lib import clock
from rinnalla.lib.text_guard import refusals, tidy, warnings
from rinnalla.planning.models import Site

FROM = re.compile(
    r"^(?:From|Lähettäjä|Från|Avsändare)\s*:.*?([\w.+-]{1,64}@[\w.-]{3,100})",
    re.MULTILINE | re.IGNORECASE,
)
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,60}")
DAY = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\d)")
HEADER = re.compile(r"^[A-ZÅÄÖ][\w -]{1,20}:\s.*$")
LONGEST = 600


def read(letter):
    """The fields of the form an e-mail gives: {"asker": …, "place": …, …}.

    Only what is surely there is filled in. A sentence that may name somebody is left
    out of the reason; who pasted it reads the form before it is stored.
    """
    text = tidy(letter)
    found = {
        "email": _address(text),
        "asker": _organisation(text),
        "place": _place(text),
        "municipality": _municipality(text),
        "wished_day": _day(text),
        "why": _why(text),
    }
    return {name: value for name, value in found.items() if value}


def _address(text):
    """The sender's address: of the From line, else the first one there is."""
    said = FROM.search(text)
    if said:
        return said[1].rstrip(".")
    first = ADDRESS.search(text)
    return first[0].rstrip(".") if first else ""


def _organisation(text):
    """A known organisation named in the text, the longest name first."""
    return _named(text, Organisation.objects.values_list("name", flat=True))


def _place(text):
    return _named(text, Site.objects.in_use().values_list("name", flat=True))


def _named(text, names):
    small = text.lower()
    said = [name for name in names if len(name) > 3 and _stem(name) in small]
    return max(said, key=len, default="")


def _stem(name):
    """A name as it stands inside a declined word: the last letters may change."""
    small = name.lower()
    return small[: len(small) - (3 if len(small) > 8 else len(small) > 5)]


def _municipality(text):
    """The code of a municipality of ours whose name stands in the text."""
    small = text.lower()
    said = [
        (len(row.name_fi), row.code)
        for row in Municipality.objects.all()
        if re.search(rf"(?<!\w){re.escape(_stem(row.name_fi))}", small)
    ]
    return max(said, default=(0, ""))[1]


def _day(text):
    """The first day named that is still to come, within a year."""
    today = clock.today()
    for day, month, year in DAY.findall(text):
        for guess in [int(year)] if year else [today.year, today.year + 1]:
            found = _date(guess, int(month), int(day))
            if found and today <= found <= today + timedelta(days=366):
                return found
    return None


def _date(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _why(text):
    """The sentences of the letter that name nobody, without greetings and headers."""
    lines = [line.strip() for line in text.splitlines()]
    body = " ".join(line for line in lines if line and not HEADER.match(line))
    kept = []
    for sentence in re.split(r"(?<=[.!?])\s+", body):
        is_greeting = len(sentence.split()) < 4
        if not is_greeting and not refusals(sentence) and not warnings(sentence):
            kept.append(sentence)
    return " ".join(kept)[:LONGEST].strip()
