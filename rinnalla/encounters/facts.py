"""What a batch of facts comes to: rows to make and to change, found in few queries.

Reads only; `actions.record_facts` saves what stands here. The rows that a batch speaks
of are fetched once, a kind of row a query, and facts of one batch may speak of each
other.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from rinnalla.encounters.joining import told_of
from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.planning.models import Visit

NOT_STARTED = _("This visit has not been started.")
SEALED = _("This visit can no longer be changed. Ask your coordinator.")
NOTHING_TO_UNDO = _("There is nothing here to undo.")
UNDONE = _("This was undone already.")
NO_MEETING = _("This meeting is not on the visit.")
NO_MARK = _("This note is not on the visit.")
TAKEN = _("This record was stored earlier with other content.")


class Refused(Exception):
    """This record cannot be taken; the text says why in words for the worker."""


@dataclass
class Fact:
    """One thing that happened on a visit, as a phone tells it.

    `id` is born on the phone, `data` is what the kind's form cleaned. `at` is cut to
    five minutes by the caller. `is_late` lets it in after the visit was closed.
    """

    visit: Visit
    kind: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    device: uuid.UUID | None = None
    data: dict = field(default_factory=dict)
    at: object = None
    is_late: bool = False


class Shelf:
    """The rows a batch speaks of, those it makes, and those it changes."""

    def __init__(self, facts, *, are_new=False):
        """`are_new` spares the question whether rows of the facts' own ids are here."""
        asked, own = defaultdict(set), {fact.id for fact in facts} if are_new else ()
        for fact in facts:
            for model, key in _spoken_of(fact):
                if key not in own:
                    asked[model].add(key)
        self.rows = {
            model: model.objects.in_bulk(asked[model]) if asked[model] else {}
            for model in (Count, Encounter, Mark)
        }
        self.undone = _undone(
            {fact.data["of"] for fact in facts if fact.kind == "undo"}
        )
        self.made = {Count: {}, Encounter: {}, Mark: {}}
        # (model, names of fields) -> rows whose fields changed
        self.changed = defaultdict(dict)
        self.gone = []

    def take(self, fact):
        """Put one fact on the shelf. Raises Refused."""
        TAKE[fact.kind](self, fact)

    def make(self, row):
        """A new row. Raises Refused when its id is another's already."""
        if row.pk in self.rows[type(row)]:
            raise Refused(TAKEN)
        self.rows[type(row)][row.pk] = row
        self.made[type(row)][row.pk] = row

    def find(self, model, key, visit):
        """The row of this key on this visit, or None."""
        row = self.rows[model].get(key)
        return row if row is not None and row.visit_id == visit.pk else None

    def change(self, row, **told):
        """New values of some fields of a row; a row of this batch just has them."""
        for name, value in told.items():
            setattr(row, name, value)
        if told and row.pk not in self.made[type(row)]:
            self.changed[type(row), tuple(sorted(told))][row.pk] = row


def runs(facts):
    """The facts in runs that can be laid on one shelf each.

    A typed total that came without what was shown is compared with what is saved: it
    begins a run of its own.
    """
    run = []
    for fact in facts:
        if run and _is_bare_total(fact.data):
            yield run
            run = []
        run.append(fact)
    if run:
        yield run


def _is_bare_total(data):
    return data.get("total") is not None and data.get("was") is None


def _spoken_of(fact):
    """The rows a fact makes or speaks of: pairs of a model and a key."""
    if fact.kind == "undo":
        of = fact.data["of"]
        return [(Count, of), (Count, fact.id), (Encounter, of), (Mark, of)]
    if fact.kind == "encounter_detail":
        return [(Encounter, fact.data["encounter"])]
    if fact.kind == "mark_detail":
        return [(Mark, fact.data["mark"])]
    return [(MAKES[fact.kind], fact.id)]


def _undone(keys):
    """Which of these taps were taken back already."""
    if not keys:
        return set()
    taken_back = Count.objects.filter(undoes__in=keys)
    return set(taken_back.values_list("undoes", flat=True))


# --- Kind by kind ----------------------------------------------------------------


def _count(shelf, fact):
    """A tap, or a typed total as the difference to what was shown.

    A matter opened elsewhere keeps neither clock nor phone, so that it cannot be
    laid beside one meeting.
    """
    kind = fact.data["kind"]
    is_bare = kind == Count.Kind.MATTER_OPENED
    number = fact.data.get("number")
    row = Count(
        id=fact.id,
        visit=fact.visit,
        device=None if is_bare else fact.device,
        kind=kind,
        number=_difference(fact) if number is None else number,
        at=None if is_bare else fact.at,
    )
    shelf.make(row)


def _difference(fact):
    """How many more a typed total means; without what was shown, by what stands.

    Of people met it is the phone's own figure, of the others the visit's.
    """
    kind, total = fact.data["kind"], fact.data["total"]
    if fact.data.get("was") is not None:
        return total - fact.data["was"]
    totals = totals_of(fact.visit)
    is_met = kind == Count.Kind.MET
    return total - (totals.by_device[fact.device] if is_met else totals.counts[kind])


def _encounter(shelf, fact):
    shelf.make(new_encounter(fact.visit, fact.id, fact.device, fact.at, fact.data))


def new_encounter(visit, id, device, at, details):
    """A guided person, not yet saved; counted as met where the place says so."""
    details = {"counts_as_met": visit.site.guided_counts_as_met} | details
    return Encounter(id=id, visit=visit, device=device, at=at, **details)


def _encounter_detail(shelf, fact):
    told = dict(fact.data)
    row = shelf.find(Encounter, told.pop("encounter"), fact.visit)
    if row is None:
        raise Refused(NO_MEETING)
    if row.is_undone:
        raise Refused(UNDONE)
    shelf.change(row, **told_of(row, told))


def _mark(shelf, fact):
    at = fact.at or clock.cut(clock.now())
    row = Mark(id=fact.id, visit=fact.visit, device=fact.device, at=at, **fact.data)
    shelf.make(row)


def _mark_detail(shelf, fact):
    told = dict(fact.data)
    row = shelf.find(Mark, told.pop("mark"), fact.visit)
    if row is None:
        raise Refused(NO_MARK)
    shelf.change(row, **told_of(row, told))


def _undo(shelf, fact):
    """Take back a tap by a row of its own, or set a guided person aside.

    A mark is only a note to come back to: taken back, it is gone.
    """
    of, visit = fact.data["of"], fact.visit
    tap = shelf.find(Count, of, visit)
    if tap and tap.undoes_id is None:
        _undo_tap(shelf, fact, tap)
    elif mark := shelf.find(Mark, of, visit):
        _drop_mark(shelf, mark)
    elif meeting := shelf.find(Encounter, of, visit):
        if meeting.is_undone:
            raise Refused(UNDONE)
        shelf.change(meeting, is_undone=True)
    else:
        raise Refused(NOTHING_TO_UNDO)


def _undo_tap(shelf, fact, tap):
    if tap.pk in shelf.undone:
        raise Refused(UNDONE)
    row = Count(
        id=fact.id,
        visit=fact.visit,
        device=tap.device,
        kind=tap.kind,
        code=tap.code,
        number=-tap.number,
        how=tap.how,
        at=fact.at if tap.at else None,
        undoes=tap,
    )
    shelf.make(row)
    shelf.undone.add(tap.pk)


def _drop_mark(shelf, mark):
    del shelf.rows[Mark][mark.pk]
    if not shelf.made[Mark].pop(mark.pk, None):
        shelf.gone.append(mark.pk)


MAKES = {"count": Count, "encounter": Encounter, "mark": Mark}
TAKE = {
    "count": _count,
    "encounter": _encounter,
    "encounter_detail": _encounter_detail,
    "undo": _undo,
    "mark": _mark,
    "mark_detail": _mark_detail,
}
