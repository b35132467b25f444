"""How what a phone sends is read: the batch, each fact's envelope, its seal, its body.

Nothing here asks whether a fact may be stored and nothing raises for one fact: what
cannot be read comes out with the reason for quarantine. The bodies are read by the
rooms' own forms; each form is made once a batch and reads fact after fact.
"""

import json
import math
import re
import threading
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from django import forms
from django.utils.translation import gettext as _

from rinnalla.access.models import Code, Municipality
from rinnalla.encounters.forms import (
    CountForm,
    DetailForm,
    EncounterForm,
    MarkForm,
    NoteForm,
    WrapUpForm,
)
from rinnalla.lib.text_guard import GuardedCharField, GuardedTextField
from rinnalla.phone import sealing
from rinnalla.phone.door import ranges
from rinnalla.phone.forms import (
    MOST_BYTES,
    MOST_FACTS,
    UndoForm,
    VisitPlacedForm,
    VisitStartedForm,
    digest_of,
)
from rinnalla.phone.models import Quarantined

VERSION = 1
# The protocol's version now and the two before it, each with how its facts are read.
VERSIONS = (1,)
# What lies open of a fact, and what a seal holds.
ENVELOPE, PLAIN = ("id", "seq", "v", "at", "device"), ("visit", "kind", "made")
Reason = Quarantined.Reason
GUARDED = (GuardedCharField, GuardedTextField)
# The phone has asked about these itself; here they stop nothing.
ASKED_THERE = {"wrap_up": {"number_checked", "is_nobody_reached", "text_confirmed"}}


class BadBatch(Exception):
    """What was sent is no batch of facts at all; the text says what is wrong."""

    def __init__(self, why, status=400):
        super().__init__(why)
        self.status = status


@dataclass
class Batch:
    """One request of a phone. Times are seconds since 1970 by the phone's own clock."""

    version: object
    worker: int | None
    now: float | None
    highest: int
    unsent: int
    gone: list
    app: str
    device: uuid.UUID | None
    raws: list


@dataclass
class Told:
    """One fact as it was read; `reason` is set when it can only wait for a human.

    `made` is by the phone's clock, `at` by the server's (set when it is decided).
    `texts` holds own words that the guard refused, by field.
    """

    raw: object
    id: uuid.UUID | None = None
    seq: int | None = None
    visit: uuid.UUID | None = None
    kind: str = ""
    made: float | None = None
    digest: str = ""
    data: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    reason: str = ""
    why: str = ""
    at: object = None
    flag: str = ""

    def hold(self, reason, why=""):
        """Say why it cannot be stored; the first reason stands."""
        if not self.reason:
            self.reason, self.why = reason, why or reason.label
        return self


# --- The batch -------------------------------------------------------------------


def read_batch(request):
    """A phone's request. Raises BadBatch: 413 when it is too much, else 400."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise BadBatch(_("There are too many records at once."), 413)
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("facts"), list):
        raise BadBatch(_("This is not a batch of records."))
    if len(said["facts"]) > MOST_FACTS:
        raise BadBatch(_("There are too many records at once."), 413)
    return Batch(
        version=said.get("version"),
        worker=_whole(said.get("worker")),
        now=_seconds(said.get("now")),
        highest=_whole(said.get("highest")) or 0,
        unsent=_whole(said.get("unsent")) or 0,
        gone=ranges.read(said.get("gone")),
        app=_line(said.get("app")),
        device=_random(_uuid(said.get("device"))),
        raws=said["facts"],
    )


def _whole(said):
    """A whole number from nought up to what a column holds, or None."""
    return said if type(said) is int and 0 <= said <= ranges.TOP else None


def _seconds(said):
    """Seconds since 1970 within the years a date can show, or None."""
    is_number = type(said) in (int, float) and math.isfinite(said)
    return said if is_number and abs(said) < 2**35 else None


def _uuid(said):
    try:
        return uuid.UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _random(number):
    """The number if it was drawn at random; others have a meaning here."""
    return number if number and number.version == 4 else None


def _line(said):
    """A short text that every database can hold."""
    said = said[:20] if isinstance(said, str) else ""
    return said if said.isprintable() else ""


# --- One fact --------------------------------------------------------------------


def read_facts(batch, kinds):
    """Every fact of a batch as far as it can be read, in the order of the request."""
    readers, whole = Readers(kinds), batch.version in VERSIONS
    return [read_fact(raw, readers, is_version_known=whole) for raw in batch.raws]


def read_fact(raw, readers, *, is_version_known=True):
    """One fact: its envelope, then its seal, then its body."""
    told = Told(raw)
    if not isinstance(raw, dict):
        return told.hold(Reason.UNREADABLE)
    told.id, told.seq = _uuid(raw.get("id")), _whole(raw.get("seq")) or None
    if told.id is None:
        return told.hold(Reason.UNREADABLE)
    if not is_version_known or raw.get("v", VERSION) not in VERSIONS:
        told.hold(Reason.VERSION)
    try:
        _read_plain(told, _opened(raw), readers)
    except sealing.Broken:
        told.hold(Reason.SEALED_BROKEN)
    except RecursionError:
        told.hold(Reason.UNREADABLE)
    told.digest = told.digest or _digest(raw)
    return told


def _digest(raw):
    """A mark of what came, where it could not be opened or goes too deep."""
    try:
        return digest_of({"body": raw})
    except RecursionError:
        return digest_of({"body": str(raw.get("id"))})


def _opened(raw):
    """The plain fact: as it came, or out of its seal. Raises sealing.Broken."""
    if "sealed" not in raw:
        return raw
    plain = sealing.open_fact(raw.get("key"), raw["sealed"], raw.get("id"))
    try:
        said = json.loads(plain)
    except ValueError:
        raise sealing.Broken from None
    if not isinstance(said, dict):
        raise sealing.Broken
    return said


def _read_plain(told, plain, readers):
    body = plain.get("body", {})
    outer = {name: told.raw[name] for name in ENVELOPE if name in told.raw}
    told.raw = outer | {name: plain.get(name) for name in PLAIN} | {"body": body}
    told.digest = digest_of(plain)
    told.visit, told.made = _uuid(plain.get("visit")), _seconds(plain.get("made"))
    kind = plain.get("kind")
    if isinstance(kind, str) and len(kind) <= 20 and re.fullmatch(r"[a-z_]+", kind):
        told.kind = kind
    if told.visit is None or not isinstance(body, dict) or not told.kind:
        told.hold(Reason.UNREADABLE)
    else:
        readers.read(told, body)


class Readers:
    """The forms by kind: each is made once a process and thread and reads bodies."""

    _kept = threading.local()

    def __init__(self, kinds):
        self._kinds, self._is_fresh = kinds, False
        self._forms = self._forms_of(known_codes())

    def _forms_of(self, codes):
        if getattr(self._kept, "codes", None) is not codes:
            self._kept.codes, self._kept.forms = codes, {}
        return self._kept.forms

    def read(self, told, body):
        """Read the body into `told.data`; a fault becomes the reason it waits."""
        if told.kind not in self._kinds or told.kind not in MAKE:
            told.hold(Reason.UNKNOWN_KIND)
            return
        faults = self._clean(told, body)
        if _is_unknown_code(faults) and not self._is_fresh:
            # A code added a moment ago by another process.
            known_codes.cache_clear()
            self._forms, self._is_fresh = self._forms_of(known_codes()), True
            faults = self._clean(told, body)
        if faults:
            unknown = _is_unknown_code(faults)
            told.hold(
                Reason.UNKNOWN_CODE if unknown else Reason.UNREADABLE,
                next(iter(faults.values()))[0],
            )

    def _clean(self, told, body):
        """Fill `data` and `texts`; the faults by field, those of own words left out."""
        form = self._form(told.kind)
        form.data = body
        form.full_clean()
        told.data = {
            name: value
            for name, value in form.cleaned_data.items()
            if name in body or name not in form.fields
        }
        if form.is_valid():
            return {}
        asked, faults = ASKED_THERE.get(told.kind, ()), {}
        for name, errors in form.errors.items():
            if isinstance(form.fields.get(name), GUARDED):
                told.texts[name] = str(body.get(name))
            elif name not in asked:
                faults[name] = errors
        return faults

    def _form(self, kind):
        if kind not in self._forms:
            self._forms[kind] = MAKE[kind]({})
        return self._forms[kind]


def _is_unknown_code(faults):
    return any(
        error.code == "invalid_choice"
        for errors in faults.values()
        for error in errors.as_data()
    )


# --- The forms by kind -----------------------------------------------------------


@lru_cache(maxsize=1)
def known_codes():
    """Every code by its list, retired ones too: {list: [Code, …]}.

    What was chosen in a basement may have been retired before it came up.
    """
    found = defaultdict(list)
    for code in Code.objects.order_by("order", "code"):
        found[code.list].append(code)
    return found


def _detail(data):
    form = DetailForm(data, codes=known_codes())
    form.fields["encounter"] = forms.UUIDField()
    form.fields["shown"] = forms.JSONField(required=False)
    return form


def _mark_detail(data):
    form = MarkForm(data, codes=known_codes())
    form.fields["mark"] = forms.UUIDField()
    form.fields["shown"] = forms.JSONField(required=False)
    return form


def _wrap_up(data):
    form = WrapUpForm(data, codes=known_codes())
    form.fields["shown"] = forms.JSONField(required=False)
    form.fields["left"] = forms.BooleanField(required=False)
    return form


def _placed(data):
    places = [
        (code, code) for code in Municipality.objects.values_list("pk", flat=True)
    ]
    kinds = [(code.code, code.code) for code in known_codes()["site_kind"]]
    return VisitPlacedForm(data, kinds=kinds, municipalities=places)


MAKE = {
    "count": CountForm,
    "encounter": EncounterForm,
    "encounter_detail": _detail,
    "undo": UndoForm,
    "mark": lambda data: MarkForm(data, codes=known_codes()),
    "mark_detail": _mark_detail,
    "note": NoteForm,
    "visit_started": lambda data: VisitStartedForm(data, codes=known_codes()),
    "visit_placed": _placed,
    "visit_mistaken": EncounterForm,
    "visit_ended": EncounterForm,
    "wrap_up": _wrap_up,
}
