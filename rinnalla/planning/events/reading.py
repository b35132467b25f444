"""Reads a calendar file of announced events (RFC 5545), whatever its state.

Of an entry only the name, the place, the time and the address are taken. A part that
cannot be read is left out and counted; a file of anything else has no entries.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from rinnalla.lib import clock
from rinnalla.lib.text_guard import refusals, tidy

MOST_BYTES = 512 * 1024
MOST_ENTRIES = 200
LONGEST_AHEAD = timedelta(days=2 * 366)
WHAT_BROKEN_FILES_RAISE = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
)


@dataclass
class Found:
    """What a file held: entries to choose from, and how many were left out and why."""

    entries: list = field(default_factory=list)
    past: int = 0
    unread: int = 0
    # Entries whose name or place held a phone number, an email or an identity code.
    refused: int = 0


def read(content):
    """The coming events of a calendar file, by day."""
    found = Found()
    for component in _components(content):
        try:
            _take(found, _entry(component))
        except WHAT_BROKEN_FILES_RAISE:
            found.unread += 1
    found.entries.sort(key=lambda entry: (entry["day"], entry["name"]))
    del found.entries[MOST_ENTRIES:]
    return found


def _components(content):
    from icalendar import Component

    text = content.decode("utf-8-sig", "replace").replace("\x00", "")
    try:
        roots = Component.from_ical(text, multiple=True)
    except WHAT_BROKEN_FILES_RAISE:
        return []
    return [event for root in roots for event in root.walk("VEVENT")]


def _take(found, entry):
    today = clock.today()
    if (entry["until"] or entry["day"]) < today:
        found.past += 1
    elif not entry["name"] or entry["day"] > today + LONGEST_AHEAD:
        found.unread += 1
    elif refusals(entry["name"]) or refusals(entry["place"]):
        found.refused += 1
    elif all(entry["key"] != other["key"] for other in found.entries):
        found.entries.append(entry)


def _entry(component):
    """The fields of an event; raises one of the faults above where it has no day."""
    starts = _local(component["dtstart"].dt)
    ends = _local(component.decoded("dtend")) if "dtend" in component else None
    day, hour = _parts(starts)
    last, end_hour = _parts(ends) if ends else (None, None)
    if last and hour is None:
        last -= timedelta(days=1)  # the end of a whole day is the next day's beginning
    name, place = _text(component, "summary"), _text(component, "location")
    uid = f"{component.get('uid', '')}|{component.get('recurrence-id', '')}"
    seed = uid if component.get("uid") else f"{name}|{place}|{starts}"
    return {
        "key": sha256(seed.encode("utf-8", "replace")).hexdigest(),
        "name": name,
        "place": place,
        "day": day,
        "until": last if last and last > day else None,
        "starts": hour,
        "ends": end_hour if last == day and hour and end_hour > hour else None,
        "source": _address(component),
    }


def _local(moment):
    """A moment on a Finnish clock; one without a zone is taken as it stands."""
    if isinstance(moment, datetime) and moment.tzinfo:
        return clock.local(moment)
    return moment


def _parts(moment):
    if isinstance(moment, datetime):
        return moment.date(), moment.time().replace(second=0, microsecond=0)
    moment.toordinal()  # a time of day alone is no day
    return moment, None


def _text(component, name):
    return " ".join(tidy(str(component.get(name) or "")).split())[:120]


def _address(component):
    """The address of an announcement, if it is one of the web."""
    address = str(component.get("url") or "").strip()
    is_web = address.lower().startswith(("https://", "http://"))
    is_plain = address.isascii() and address.isprintable() and " " not in address
    return address if is_web and is_plain and len(address) <= 300 else ""
