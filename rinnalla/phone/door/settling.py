"""What becomes of each fact: an effect on its visit, or the reason it has to wait."""

import json
import uuid
from datetime import timedelta

from django.db import transaction

from rinnalla.access.models import Municipality, Team
from rinnalla.encounters import actions as encounters
from rinnalla.encounters.facts import NOT_STARTED, SEALED, TAKEN, UNDONE
from rinnalla.encounters.models import Count
from rinnalla.lib import clock
from rinnalla.lib.prepared import Prepared
from rinnalla.phone.door.reading import Reason
from rinnalla.phone.models import Fact
from rinnalla.planning import actions as planning
from rinnalla.planning.models import Site, Visit

Status = Visit.Status
STORED = ("", "")
# A clock may be so wrong before it is said.
SKEW = timedelta(minutes=10)
OLDEST = timedelta(days=30)
LATE = timedelta(hours=12)


def held(reason, why=""):
    """The outcome of a fact that waits."""
    return reason, why or reason.label


class Turn:
    """One batch on its way through the door: what is known, what was decided."""

    def __init__(self, sender, facts, now, *, is_bold=False):
        """A bold turn takes what the door does not know for new everywhere."""
        self.sender, self.now, self.round = sender, now, 0
        self.is_bold = is_bold
        ids = {fact.id for fact in facts} - {None}
        self.known = _known(ids)
        self.first = ids - self.known.keys()
        asked = {fact.visit for fact in facts} - {None}
        self.visits = _visits(sender, asked) if asked else {}
        self.kept, self.held, self.texts, self.why = [], [], set(), {}
        self.answered, self.stored = set(), set()
        self._closed = {}

    def is_closed(self, visit):
        """Whether a visit is past correcting; asked once a visit."""
        if visit.pk not in self._closed:
            self._closed[visit.pk] = encounters.is_sealed(visit)
        return self._closed[visit.pk]


def _known(ids):
    return {pk: (digest, result) for pk, digest, result in KNOWN(list(ids))}


KNOWN = Prepared(
    lambda ids: Fact.objects.filter(pk__in=ids).values_list("pk", "digest", "result")
)


def _visits(sender, asked):
    """The visits within reach, each with its place, by their keys."""
    if sender.reach is None:
        found = sender.visits.filter(pk__in=asked).select_related("site")
        return {visit.pk: visit for visit in found}
    rows = WITHIN_REACH(list(asked), fixed=(sender.reach,))
    return {visit.pk: visit for visit in map(_visit_of, rows)}


def _visit_of(row):
    """A visit with its place out of the values of one row."""
    visit = Visit.from_db("default", VISIT, row[: len(VISIT)])
    visit.site = Site.from_db("default", SITE, row[len(VISIT) :])
    return visit


VISIT = [field.attname for field in Visit._meta.concrete_fields]
SITE = [field.attname for field in Site._meta.concrete_fields]
WITHIN_REACH = Prepared(
    lambda reach, keys: (
        reach.visits()
        .filter(pk__in=keys)
        .values_list(*VISIT, *(f"site__{name}" for name in SITE))
    )
)


def settle(turn, facts):
    """Store what can be stored, in this order; (reason, why) of each, empty if stored.

    Records of a kind with many are stored together; what changes the visit itself
    comes in between, at its place.
    """
    outcomes, pending = [STORED] * len(facts), []
    for place, fact in enumerate(facts):
        if wait := _why_wait(turn, fact):
            outcomes[place] = wait
        elif fact.kind in DO:
            _record(turn, facts, pending, outcomes)
            outcomes[place] = DO[fact.kind](turn, fact)
        else:
            pending.append(place)
    _record(turn, facts, pending, outcomes)
    return outcomes


def _why_wait(turn, fact):
    """Why a fact cannot be stored now, before it is tried; None when it may."""
    if turn.sender.reason:
        return held(turn.sender.reason)
    if fact.reason:
        return held(fact.reason, fact.why)
    visit = turn.visits.get(fact.visit)
    _time(turn, fact, visit)
    if fact.kind == "visit_placed":
        return None
    if visit is None:
        return held(Reason.UNKNOWN_VISIT)
    return _why_visit_waits(turn, fact, visit)


def _why_visit_waits(turn, fact, visit):
    """Why the visit does not take this kind of fact as it stands."""
    if fact.kind == "visit_mistaken":
        return None
    if visit.status == Status.CANCELLED:
        return held(Reason.CANCELLED)
    if fact.kind in ("visit_started", "visit_ended") and visit.status == Status.DONE:
        return None
    if visit.status == Status.PLANNED:
        return None if _may_begin(turn, fact, visit) else held(Reason.NOT_STARTED)
    if turn.is_closed(visit):
        return _why_late(turn, fact, visit)
    return None


def _may_begin(turn, fact, visit):
    """Whether a planned visit takes this: a start, or what is told afterwards."""
    if fact.kind == "visit_started":
        return True
    if visit.day > clock.today():
        return False
    if turn.sender.decided_by and fact.kind != "wrap_up":
        by = turn.sender.worker
        turn.visits[visit.pk] = planning.start_visit(by, visit, at=fact.at)
        return True
    return turn.sender.is_guest or fact.kind == "wrap_up"


def _why_late(turn, fact, visit):
    """A closed visit still takes what was recorded while it went on."""
    is_in_time = fact.at <= _end_of(visit) + LATE or turn.sender.decided_by
    if fact.kind in RECORDS and is_in_time:
        fact.flag = Fact.Flag.LATE
        return None
    if turn.sender.decided_by and fact.kind in ("wrap_up", "note"):
        return None
    return held(Reason.CLOSED)


def _end_of(visit):
    if visit.ended_at:
        return visit.ended_at
    return clock.at(visit.day + timedelta(days=1))


def _time(turn, fact, visit):
    """Set when it happened: by the server's clock, cut, not before the visit began."""
    began = visit.started_at if visit else None
    moment = clock.cut(fact.at or began or turn.now)
    if began and moment < began and fact.kind not in ("visit_started", "visit_placed"):
        if began - moment > SKEW:
            fact.flag = Fact.Flag.CLOCK
        moment = began
    fact.at = moment


def set_moments(facts, phone_now, now):
    """Turn each fact's own time into the server's: so long before the request.

    One of the future or older than 30 days says nothing: it is flagged, and stored
    at its visit's start.
    """
    for fact in facts:
        age = _age(fact.made, phone_now)
        if age is None or age < -SKEW or age > OLDEST:
            fact.flag = Fact.Flag.CLOCK
        else:
            fact.at = now - max(age, timedelta())


def _age(made, phone_now):
    if made is None or phone_now is None:
        return None
    return timedelta(seconds=phone_now - made)


# --- Records ---------------------------------------------------------------------


RECORDS = ("count", "encounter", "encounter_detail", "undo", "mark", "mark_detail")
# What a fact of these kinds speaks of.
SPEAKS_OF = {"undo": "of", "encounter_detail": "encounter", "mark_detail": "mark"}


def _record(turn, facts, pending, outcomes):
    """Store the records that were gathered, and note what became of each."""
    if not pending:
        return
    sender = turn.sender
    records = [
        encounters.Fact(
            visit=turn.visits[facts[place].visit],
            kind=facts[place].kind,
            id=facts[place].id,
            device=sender.device,
            data=facts[place].data,
            at=facts[place].at,
            is_late=facts[place].flag == Fact.Flag.LATE,
        )
        for place in pending
    ]
    guest = "encounters.recorded_by_guest"
    action = guest if sender.is_guest else "encounters.recorded"
    refusals = encounters.record_facts(
        sender.worker,
        records,
        action=action,
        are_new=turn.is_bold,
        evens=False,
    )
    for place, why in zip(pending, refusals, strict=True):
        if why is None:
            turn.stored.add(facts[place].id)
        outcomes[place] = _outcome_of(turn, facts[place], why)
    pending.clear()


def _outcome_of(turn, fact, why):
    """What a refusal means at the door."""
    if why is None or why is UNDONE:
        return STORED
    if why is TAKEN:
        return held(Reason.OTHER_VERSION)
    if why is NOT_STARTED:
        return held(Reason.NOT_STARTED)
    if why is SEALED:
        return held(Reason.CLOSED)
    # What it speaks of came and is gone again: there is nothing more to do.
    return STORED if _has_come(turn, fact) else held(Reason.OUT_OF_ORDER)


def _has_come(turn, fact):
    of = fact.data[SPEAKS_OF[fact.kind]]
    come = Fact.objects.filter(pk=of, result=Fact.Result.STORED)
    return of in turn.stored or come.exists()


def bare(facts):
    """Which facts keep no phone: a matter opened elsewhere, and its taking back."""
    matter = Count.Kind.MATTER_OPENED
    found = {fact.id for fact in facts if fact.data.get("kind") == matter}
    undone = [fact.data["of"] for fact in facts if fact.data.get("of")]
    if undone:
        rows = Count.objects.filter(undoes__in=undone, kind=matter)
        found |= set(rows.values_list("pk", flat=True))
    return found


# --- What changes the visit itself -----------------------------------------------


def _started(turn, fact):
    visit, why = turn.visits[fact.visit], fact.data.get("solo_reason", "")
    by = turn.sender.worker
    if visit.status == Status.PLANNED:
        visit = planning.start_visit(by, visit, solo_reason=why, at=fact.at)
    elif why and not visit.solo_reason:
        visit = planning.note_solo_reason(by, visit, reason=why)
    turn.visits[visit.pk] = visit
    return STORED


def _placed(turn, fact):
    """An unplanned visit: its key was born on the phone."""
    if fact.visit in turn.visits:
        return STORED
    if Visit.objects.filter(pk=fact.visit).exists():
        return held(Reason.UNKNOWN_VISIT)
    site = _site(turn.sender, fact.data)
    if site is None:
        return held(Reason.UNKNOWN_CODE)
    turn.visits[fact.visit] = planning.street_visit(
        turn.sender.worker, key=fact.visit, site=site, at=fact.at
    )
    return STORED


def _site(sender, told):
    """The place named by its number, or by name: one known here, or a new one."""
    team_id = sender.team_id or sender.worker.team_id
    if told.get("site"):
        sites = Site.objects.select_related("team").filter(pk=told["site"])
        whose = {"visits__organisation": sender.worker.organisation_id}
        return sites.filter(**({"team": team_id} if team_id else whose)).first()
    if team_id is None:
        return None
    municipality = Municipality.objects.get(pk=told["municipality"])
    name = " ".join(told.get("name", "").split())
    return planning.place_for(
        team=Team.objects.get(pk=team_id),
        municipality=municipality,
        kind=told["kind"],
        name=name or municipality.name_fi,
        by=sender.worker,
    )


def _mistaken(turn, fact):
    visit = turn.visits[fact.visit]
    if visit.status == Status.CANCELLED:
        return STORED
    try:
        visit = planning.take_back_start(turn.sender.worker, visit)
    except planning.OutOfStep:
        return held(Reason.OUT_OF_ORDER)
    turn.visits[visit.pk] = visit
    return STORED


def _ended(turn, fact):
    visit = turn.visits[fact.visit]
    if visit.status == Status.UNDER_WAY:
        by = turn.sender.worker
        turn.visits[visit.pk] = planning.finish_visit(by, visit, at=fact.at)
    return STORED


def _wrapped(turn, fact):
    """The wrap-up: ends the visit where that has not come, and keeps what is said.

    Where a coordinator decided, the closed visit is opened for it and ended again.
    """
    said = dict(fact.data)
    # An empty `shown` is read as none; a phone that showed nothing joins all the same.
    shown, is_left = said.pop("shown", None) or {}, said.pop("left", False)
    why, by = said.pop("solo_reason", ""), turn.sender.worker
    visit = turn.visits[fact.visit]
    try:
        with transaction.atomic():
            visit = _ready(turn, fact, visit)
            if why:
                visit = planning.note_solo_reason(by, visit, reason=why)
            encounters.wrap_up(by, visit, said, shown=shown, is_left=is_left)
            visit = planning.finish_visit(by, visit)
    except encounters.Refused as refusal:
        return held(Reason.CLOSED, refusal.args[0])
    turn.visits[visit.pk] = visit
    return STORED


def _ready(turn, fact, visit):
    """The visit ended, or opened again where a coordinator decided."""
    if turn.sender.decided_by and turn.is_closed(visit):
        return planning.reopen_visit(turn.sender.decided_by, visit)
    return planning.finish_visit(turn.sender.worker, visit, at=fact.at)


def _noted(turn, fact):
    """The visit's own words; refused ones wait sealed and change nothing here."""
    if "text" in fact.texts:
        return STORED
    told, visit = fact.data, turn.visits[fact.visit]
    if turn.sender.decided_by and turn.is_closed(visit):
        encounters.keep_text(turn.sender.worker, visit, told.get("text", ""))
        return STORED
    shown = told.get("shown", "")
    try:
        encounters.note(
            turn.sender.worker, visit, text=told.get("text", ""), shown=shown
        )
    except encounters.Refused as refusal:
        return held(Reason.CLOSED, refusal.args[0])
    return STORED


DO = {
    "visit_started": _started,
    "visit_placed": _placed,
    "visit_mistaken": _mistaken,
    "visit_ended": _ended,
    "wrap_up": _wrapped,
    "note": _noted,
}


# --- Small things ----------------------------------------------------------------


def packed(said):
    """JSON in one line; of what goes too deep only that it did."""
    try:
        return json.dumps(said)
    except RecursionError:
        return '{"raw": "…"}'


def uuid_of(said):
    """The number in a text, or None."""
    try:
        return uuid.UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None
