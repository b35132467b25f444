"""The wrap-up page of one visit: what it shows and how its one form is read."""

import json
import uuid
from dataclasses import dataclass, field
from hashlib import sha256

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from rinnalla.encounters.actions import is_sealed
from rinnalla.encounters.forms import DetailForm, MarkForm, WrapUpForm, codes_in_use
from rinnalla.encounters.models import Observation, WrapUp
from rinnalla.encounters.totals import marks_of, taps_of, totals_of
from rinnalla.phone.screens import group_of, used_at, words_of
from rinnalla.planning.forms import asks_why

DETAILS = {
    "topics": "topic",
    "methods": "method",
    "next_step": "next_step",
    "age_band": "age_band",
}
HINTS = {"topic": "topic", "age_band": "age_band", "promise": "promise"}
MANY_TAPS = 100
# Thirty a minute, seen in the five minutes to which times are cut.
FAST_TAPS = 150
MOST_STUBS = 12
JOINED = ("how", "phenomena", "thresholds", "text", "atmosphere", "safety")
OWN_WORDS = ("phenomena", "thresholds", "text", "atmosphere", "safety")


@dataclass
class Part:
    """One meeting or mark on the page: its row, its form, its chips."""

    row: object
    form: object
    groups: list
    words: list
    is_wrong: bool = False
    shown: dict = field(default_factory=dict)

    @property
    def shown_json(self):
        """What the page shows of the row, to be sent back with what was chosen."""
        return json.dumps(self.shown)

    @property
    def changed(self):
        """The fields chosen otherwise than they were shown.

        A partner may have told of the same meeting meanwhile: what was not touched
        here stays, and of a list only what was added or taken out changes.
        """
        told, row = self.form.cleaned_data, self.row
        now = {name: getattr(row, name) for name in told}
        joined = {n: _joined(now[n], self.shown.get(n), told[n]) for n in told}
        return {name: joined[name] for name in told if joined[name] != now[name]}


def _joined(now, was, chosen):
    """What stands in a field now, was shown and is chosen, as what stands after."""
    if not isinstance(chosen, list):
        return now if chosen == (was or type(chosen)()) else chosen
    was = was if isinstance(was, list) else []
    kept = [code for code in now if code in chosen or code not in was]
    return kept + [code for code in chosen if code not in (*was, *kept)]


def _read_shown(data, name):
    """What the page showed, as it was sent along; nothing when it was not."""
    try:
        said = json.loads(data.get(name, ""))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


class WrapUpPage:
    """Everything the wrap-up shows, and what was sent with it.

    A partner worker without an agreement sees and corrects only the numbers.
    """

    def __init__(self, visit, worker, data=None):
        self.visit, self.data = visit, data
        self.is_counts_only = not worker.sees_details
        self.codes = codes_in_use()
        self.totals = totals_of(visit)
        self.kept = WrapUp.objects.filter(visit=visit).first()
        self.sealed = is_sealed(visit)
        self.asks_why = visit.lacks_solo_reason
        self.is_fresh, self.note = True, ""
        self.id = _uuid(data.get("id")) if data else uuid.uuid4()
        self.form = self._form(data)
        is_new = data is None
        self.shown = self._words_kept() if is_new else _read_shown(data, "shown")

    def _words_kept(self):
        """What the pair has said of the visit so far, in choices and own words."""
        kept = self._initial()
        return {name: kept[name] for name in JOINED if name in self.form.fields}

    @property
    def shown_json(self):
        """What the page shows of the visit, to be sent back with what was chosen."""
        return json.dumps(self.shown)

    @property
    def said(self):
        """What was sent, where nothing was touched as the pair has it now."""
        told, kept = self.form.cleaned_data, self._words_kept()
        same = {n: _joined(kept[n], self.shown.get(n), told[n]) for n in kept}
        return {**told, **same}

    def _form(self, data):
        form = WrapUpForm(
            data,
            codes=self.codes,
            is_number_asked=bool(self.asks_number),
            initial=self._initial(),
        )
        left_out = OWN_WORDS if self.is_counts_only else ()
        left_out += () if self.visit.is_group else ("attended", "shown_attended")
        left_out += () if self.asks_number else ("number_checked",)
        left_out += () if self.asks_why else ("solo_reason",)
        for name in left_out:
            del form.fields[name]
        if self.asks_why:
            why = form.fields["solo_reason"]
            why.required = not (data and "later" in data)
            why.error_messages["required"] = asks_why(self.visit.site)
        return form

    def _initial(self):
        seen = Observation.objects.filter(visit=self.visit).order_by("pk").first()
        shown = {
            "met": self.totals.met,
            "guided": self.totals.guided,
            "declined": self.totals.counts["declined"],
            "attended": self.totals.counts["attended"],
        }
        kept = self.kept
        return {
            **shown,
            **{f"shown_{name}": number for name, number in shown.items()},
            "how": kept.how if kept else "counted",
            "atmosphere": kept.atmosphere if kept else "",
            "safety": kept.safety if kept else "",
            "is_nobody_reached": bool(kept and kept.is_nobody_reached),
            "phenomena": seen.phenomena if seen else [],
            "thresholds": seen.thresholds if seen else [],
            "text": seen.text if seen else "",
        }

    @cached_property
    def asks_number(self):
        """How many taps there were, when so many that one asks once; else 0."""
        if self.kept:
            return 0
        taps, fastest = taps_of(self.visit)
        return taps if taps > MANY_TAPS or fastest > FAST_TAPS else 0

    # --- chips ---

    def _chosen(self, name):
        field = self.form[name]
        return field.value() or []

    @cached_property
    def how(self):
        return self._plain("how", "how")

    @cached_property
    def solo_reason(self):
        return self._plain("solo_reason", "solo_reason")

    @cached_property
    def atmosphere(self):
        return self._plain("atmosphere", "atmosphere")

    @cached_property
    def safety(self):
        return self._plain("safety", "safety")

    def _plain(self, name, code_list):
        return group_of(name, self.codes[code_list], chosen=self._chosen(name))

    @cached_property
    def phenomena(self):
        return self._plain("phenomena", "phenomenon")

    @cached_property
    def thresholds(self):
        return self._plain("thresholds", "threshold")

    # --- meetings and marks ---

    @cached_property
    def meetings(self):
        """The meetings of the visit: those still open with chips, the others as words.

        Sent back, the ones that were on the page stay open, so that nothing jumps.
        """
        if self.is_counts_only:
            return []
        rows = self.visit.encounters.kept().order_by("at", "pk")
        used = used_at(self.visit.site)
        on_page = set(self.data.getlist("stub")) if self.data else None
        return [self._meeting(row, used, on_page) for row in rows]

    def _meeting(self, row, used, on_page):
        is_open = not row.is_complete if on_page is None else str(row.pk) in on_page
        words = words_of(row, self.codes)
        if not is_open:
            return Part(row, None, [], words)
        prefix = str(row.pk)
        form = DetailForm(
            self.data, codes=self.codes, encounter=row, only=DETAILS, prefix=prefix
        )
        groups = [self._group(form, name, lst, used) for name, lst in DETAILS.items()]
        is_wrong = bool(self.data and self.data.get(f"{prefix}-wrong"))
        return Part(row, form, groups, words, is_wrong, self._shown(row, form))

    def _shown(self, row, form):
        """What the page showed of a meeting or mark, as it was sent along."""
        if self.data is None:
            return {name: getattr(row, name) for name in form.fields}
        return _read_shown(self.data, form.add_prefix("shown"))

    def _group(self, form, name, code_list, used=None):
        chosen = form[name].value() or []
        group = group_of(name, self.codes[code_list], chosen=chosen, used=used)
        group.name = form.add_prefix(name)
        return group

    @cached_property
    def stubs(self):
        """The meetings that wait for a topic or for what was done."""
        return [part for part in self.meetings if part.form][:MOST_STUBS]

    @cached_property
    def marks(self):
        """Time marks that nobody has dealt with, with their hints."""
        if self.is_counts_only:
            return []
        return [self._mark(row) for row in marks_of(self.visit)[:MOST_STUBS]]

    def _mark(self, row):
        form = MarkForm(self.data, codes=self.codes, mark=row, prefix=str(row.pk))
        groups = [self._group(form, name, lst) for name, lst in HINTS.items()]
        return Part(row, form, groups, [], shown=self._shown(row, form))

    # --- what was sent ---

    def is_valid(self):
        """Whether all of it can be stored; else every fault stands at its field."""
        if self.sealed:
            self.is_fresh = False
            return False
        parts = [self.form, *(part.form for part in (*self.stubs, *self.sent_marks))]
        faults = [form.errors for form in parts]
        self.is_fresh = not any(faults)
        return self.is_fresh

    @property
    def sent_marks(self):
        """The marks whose chips were on the page; one made meanwhile stays as it is."""
        sent = set(self.data.getlist("mark"))
        return [part for part in self.marks if str(part.row.pk) in sent]

    @property
    def details(self):
        return [(part.row, part.changed) for part in self.stubs if not part.is_wrong]

    @property
    def hints(self):
        return [(part.row, part.changed) for part in self.sent_marks]

    @property
    def wrong(self):
        return [part.row.pk for part in self.stubs if part.is_wrong]

    @cached_property
    def digest(self):
        """A mark of what was sent, by which a second press is known."""
        unlike = {"csrfmiddlewaretoken", "id"}
        sent = {k: v for k, v in self.data.lists() if k not in unlike}
        return sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()

    def say_stale(self):
        """Ask to look once more: this page had been sent before with other content."""
        self.is_fresh, self.id = False, uuid.uuid4()
        self.form.data = self.form.data.copy()
        for name in ("met", "guided", "declined", "attended"):
            self.form.data[f"shown_{name}"] = self._initial()[f"shown_{name}"]
        self.shown = self._words_kept()
        for part in (*self.stubs, *self.marks):
            part.shown = {name: getattr(part.row, name) for name in part.form.fields}
        self.note = _(
            "This page was sent once already. Look at the numbers and send again."
        )


def _uuid(text):
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return uuid.uuid4()
