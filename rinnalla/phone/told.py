"""What a fact says, in words, for the coordinator who decides about it."""

from datetime import UTC, datetime

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.reading import (
    ALONE,
    ENDED,
    HINTS,
    LISTS,
    MEETING,
    PERSON,
    SEEN,
)
from rinnalla.lib import clock

KINDS = {
    "count": gettext_lazy("A number"),
    "encounter": gettext_lazy("A guided person"),
    "encounter_detail": gettext_lazy("What was told of a guided person"),
    "undo": gettext_lazy("Taking back a press"),
    "mark": gettext_lazy("A note to come back to"),
    "mark_detail": gettext_lazy("Hints of a note to come back to"),
    "visit_started": gettext_lazy("The start of a visit"),
    "visit_placed": gettext_lazy("A visit nobody had planned"),
    "visit_mistaken": gettext_lazy("A start made by mistake"),
    "visit_ended": gettext_lazy("The end of a visit"),
    "wrap_up": gettext_lazy("A wrap-up"),
    "note": gettext_lazy("Own words"),
}
FIELDS = [*MEETING, *PERSON, *HINTS, *SEEN, *ENDED, "solo_reason"]
NUMBERS = {
    "met": gettext_lazy("Met"),
    "guided": gettext_lazy("Guided"),
    "declined": gettext_lazy("Did not want to talk"),
    "attended": gettext_lazy("Took part in the group"),
}


def kind_in_words(kind):
    """What kind of record it is; an unknown one says itself."""
    return KINDS.get(kind) or _("A record of an unknown kind")


def in_words(fact, words):
    """The lines a fact says: when, how many, which choices. Never free text.

    `fact` is what was sealed ({"kind", "body", "made" …}) or anything broken.
    """
    body = fact.get("body") if isinstance(fact, dict) else None
    if not isinstance(body, dict):
        return []
    return [*_number(body), *_numbers(body), *_codes(body, words), *_rest(body)]


def made_at(fact):
    """When the phone says it happened, on a Finnish clock; None when it says nothing.

    A clock that is wrong may say anything.
    """
    made = fact.get("made") if isinstance(fact, dict) else None
    if isinstance(made, bool) or not isinstance(made, int | float):
        return None
    try:
        return clock.local(clock.cut(datetime.fromtimestamp(made, UTC)))
    except (OverflowError, ValueError, OSError):
        return None


def stored_in_words(fact_id, words):
    """What was stored under this number first: (kind, lines), or None."""
    count = Count.objects.filter(pk=fact_id).first()
    if count:
        said = {"kind": count.kind, "number": count.number}
        return _first("undo" if count.undoes_id else "count", count, _number(said))
    encounter = Encounter.objects.filter(pk=fact_id).first()
    if encounter:
        lines = _codes(vars(encounter), words) + _rest(vars(encounter))
        if encounter.is_undone:
            lines.append(_("Taken back later"))
        return _first("encounter", encounter, lines)
    mark = Mark.objects.filter(pk=fact_id).first()
    return _first("mark", mark, _codes(vars(mark), words)) if mark else None


def _first(kind, row, lines):
    at = [_at(clock.local(row.at))] if row.at else []
    return {"kind": kind_in_words(kind), "lines": [*at, *lines]}


def _at(moment):
    return _("at %(time)s") % {"time": time_format(moment, "TIME_FORMAT")}


def _number(body):
    kind, number, total = body.get("kind"), body.get("number"), body.get("total")
    if not isinstance(kind, str) or kind not in ALONE:
        return []
    if isinstance(number, int):
        return [f"{ALONE[kind]} {number:+d}"]
    if isinstance(total, int):
        told = {"what": ALONE[kind], "n": total}
        return [_("%(what)s: %(n)d in all") % told]
    return [str(ALONE[kind])]


def _numbers(body):
    return [
        f"{label}: {body[name]}"
        for name, label in NUMBERS.items()
        if isinstance(body.get(name), int)
    ]


def _codes(body, words):
    """The choices in words, each once; what is no code is left out."""
    found = {}
    for field in FIELDS:
        chosen = body.get(field)
        for code in chosen if isinstance(chosen, list) else [chosen]:
            if isinstance(code, str) and code:
                label = words.of(LISTS.get(field, field), code)
                found[str(label)[:80]] = None
    return list(found)


def _rest(body):
    found = []
    if isinstance(body.get("tickets"), int) and body["tickets"]:
        found.append(_("Tickets: %(number)d") % {"number": body["tickets"]})
    if body.get("has_language_barrier") is True:
        found.append(_("No common language"))
    if body.get("is_nobody_reached") is True:
        found.append(_("Nobody could be reached"))
    return found
