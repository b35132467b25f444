"""A visit's records in words, for the pages of the desk. Never who recorded what."""

from django.core.paginator import Paginator
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from rinnalla.access.models import Code
from rinnalla.encounters.models import Count

Kind = Count.Kind
PER_PAGE = 20
# A field of a meeting, mark or wrap-up -> the code list its codes come from.
LISTS = {
    "topics": "topic",
    "methods": "method",
    "next_step": "next_step",
    "age_band": "age_band",
    "familiarity": "familiarity",
    "target_groups": "target_group",
    "items": "item",
    "origin": "origin",
    "topic": "topic",
    "promise": "promise",
    "phenomena": "phenomenon",
    "thresholds": "threshold",
    "how": "how",
    "atmosphere": "atmosphere",
    "safety": "safety",
}
MEETING = ["topics", "methods", "next_step"]
HINTS = ["topic", "age_band", "promise"]
SEEN = ["phenomena", "thresholds"]
ENDED = ["how", "atmosphere", "safety"]
PERSON = ["age_band", "familiarity", "target_groups", "origin", "items"]
ALONE = {
    Kind.MET: _("Met"),
    Kind.GUIDED: _("Guided"),
    Kind.DECLINED: _("Did not want to talk"),
    Kind.ATTENDED: _("Took part in the group"),
    Kind.MATTER_OPENED: _("Matter opened in the client information system"),
    Kind.NEW: _("New"),
    Kind.RETURNING: _("Known from before"),
}
TABLES = {
    Kind.TOPIC: (_("Topics"), "topic"),
    Kind.METHOD: (_("What was done"), "method"),
    Kind.RESULT: (pgettext_lazy("next step", "Next"), "next_step"),
}


class Words:
    """The labels of these code lists in the reader's language; a lost code as it is."""

    def __init__(self):
        codes = Code.objects.filter(list__in=[*LISTS.values(), "site_kind"])
        self.labels = {(code.list, code.code): code.label for code in codes}

    def of(self, code_list, code):
        """One code in words."""
        return self.labels.get((code_list, code), code)

    def say(self, row, fields):
        """The filled fields of a row in words, in this order."""
        return [
            self.of(LISTS[field], code)
            for field in fields
            for code in _several(getattr(row, field))
        ]


def when(visit):
    """The visit's day and time as one says them: to 12.3.2026 klo 10–12."""
    day = visit.day
    said = f"{date_format(day, 'D')} {date_format(day, 'SHORT_DATE_FORMAT')}"
    if visit.starts:
        said += " " + pgettext("time", "at") + " " + _clock(visit.starts)
    if visit.starts and visit.ends:
        said += "–" + _clock(visit.ends)
    return said


def _clock(time):
    return time_format(time, "TIME_FORMAT" if time.minute else "G")


def totals(sums):
    """The single sums: [(kind, words, number)]; met and guided also when nought."""
    first = (Kind.MET, Kind.GUIDED)
    return [
        (kind, label, sums[kind, ""])
        for kind, label in ALONE.items()
        if sums[kind, ""] or kind in first
    ]


def tables(sums, words):
    """The sums by code, largest first: [(title, [(label, number)])], none empty."""
    found = []
    for kind, (title, code_list) in TABLES.items():
        rows = [
            (words.of(code_list, code), number)
            for (of, code), number in sums.most_common()
            if of == kind
        ]
        found += [(title, rows)] * bool(rows)
    return found


def details(visit, words, *, page):
    """The single records of a visit, a page of meetings at a time."""
    rows = visit.encounters.order_by("at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(page)
    wrap_up = getattr(visit, "wrap_up", None)
    return {
        "page": page,
        "kept": visit.encounters.kept().count(),
        "meetings": [meeting(row, words) for row in page],
        "marks": [
            {"row": mark, "hints": words.say(mark, HINTS)}
            for mark in visit.marks.order_by("at", "pk")
        ],
        "observations": [
            {"row": row, "codes": words.say(row, SEEN)}
            for row in visit.observations.order_by("pk")
        ],
        "wrap_up": words.say(wrap_up, ENDED) if wrap_up else [],
    }


def meeting(row, words):
    """One meeting in words: what it was about, and about whom in broad codes."""
    about = words.say(row, PERSON)
    if row.tickets:
        about.append(_("Tickets: %(number)d") % {"number": row.tickets})
    if row.has_language_barrier:
        about.append(_("No common language"))
    return {"row": row, "did": words.say(row, MEETING), "about": about}


def _several(value):
    """The codes of a field that holds a list, one code or nothing."""
    return value if isinstance(value, list) else [value] * bool(value)
