"""The door's verbs: take what a phone sends, answer for each fact, keep what waits.

The answer to a fact is stored in the transaction of its effect, so that a fact sent
again finds its answer. A fact that cannot be stored is not dropped: sealed, it waits
for a human, or for the later fact it speaks of.
"""

import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Q

from rinnalla.access import audit
from rinnalla.access.models import Worker
from rinnalla.encounters import actions as encounters
from rinnalla.encounters.permissions import RECORD
from rinnalla.encounters.totals import totals_of_all
from rinnalla.lib import clock
from rinnalla.lib.prepared import Prepared, insert
from rinnalla.phone import sealing
from rinnalla.phone.door import ranges, settling
from rinnalla.phone.door.reading import MAKE, Readers, Reason, read_fact
from rinnalla.phone.door.settling import Turn
from rinnalla.phone.models import Device, Fact, Quarantined
from rinnalla.planning import actions as planning
from rinnalla.planning.models import Visit

Result, Outcome = Fact.Result, Quarantined.Outcome
# What these wait for may come with a later fact.
TRY_AGAIN = (Reason.UNKNOWN_VISIT, Reason.NOT_STARTED, Reason.OUT_OF_ORDER)
MOST_TRIED = 50
NOBODY = uuid.UUID(int=0)
CLASHES = (IntegrityError, DataError)


@dataclass
class Sender:
    """Who speaks, with which phone, and the visits within reach.

    The visits are told by `reach`, or where there is none by `visits`. `reason` holds
    back everything this sender brings: a phone out of use, a worker without the right,
    a closed link. `decided_by` is the coordinator who wants it stored all the same.
    """

    visits: object
    reach: object = None
    device: uuid.UUID | None = None
    phone: Device | None = None
    worker: Worker | None = None
    team_id: int | None = None
    reason: str = ""
    is_guest: bool = False
    decided_by: Worker | None = None

    def within_reach(self):
        """The visits this sender may speak of."""
        return self.reach.visits() if self.reach else self.visits


@dataclass(frozen=True)
class Reach:
    """All of a worker that decides which visits are within reach, and nothing else."""

    id: int
    role: str
    team_id: int | None
    organisation_id: int
    sees_details: bool

    @classmethod
    def of(cls, worker):
        names = ("role", "team_id", "organisation_id", "sees_details")
        return cls(worker.pk, *(getattr(worker, name) for name in names))

    def visits(self):
        """The visits within reach, as the permissions say for such a worker."""
        told = {"team_id": self.team_id, "organisation_id": self.organisation_id}
        worker = Worker(pk=self.id, role=self.role, is_active=True, **told)
        worker.sees_details = self.sees_details
        return _within_reach(worker)


@dataclass
class Taken:
    """What a batch came to: an answer a fact, and the visits it spoke of."""

    answers: list
    visits: list = field(default_factory=list)
    totals: dict = field(default_factory=dict)


def sender_of(phone, worker_id):
    """Who speaks with this phone: its worker, or the one chosen on a shared one."""
    worker = phone.worker or _chosen(phone.team_id, worker_id)
    may_record = worker is not None and RECORD.reach_of(worker) is not None
    reason = "" if may_record else Reason.WORKER
    return Sender(
        visits=Visit.objects.none(),
        reach=worker and Reach.of(worker),
        device=phone.pk,
        phone=phone,
        worker=worker,
        team_id=phone.team_id or phone.worker.team_id,
        reason=Reason.REVOKED if phone.is_revoked else reason,
    )


def _chosen(team_id, worker_id):
    mine = Worker.objects.filter(pk=worker_id, team=team_id, is_active=True)
    worker = mine.first() if worker_id else None
    return None if worker is None or worker.organisation.has_ended else worker


def _within_reach(worker):
    if worker is None:
        return Visit.objects.none()
    return RECORD.limit(Visit.objects.visible_to(worker), worker)


# --- A batch ---------------------------------------------------------------------


def take(sender, facts, batch, now):
    """Store the facts of a batch and answer for each, in the order they came.

    When two batches bring the same at one moment, the later is taken again and finds
    duplicates. Should one fact still not fit into the database, the others are taken
    without it and it waits for a human.
    """
    try:
        return _take(sender, facts, batch, now)
    except CLASHES:
        pass
    try:
        return _take(sender, facts, batch, now, tries=False)
    except CLASHES:
        alone = [_take_alone(sender, fact, now) for fact in facts]
    _take(sender, [], batch, now, tries=False)
    visits = {visit.pk: visit for taken in alone for visit in taken.visits}
    answers = [taken.answers[0] for taken in alone]
    return Taken(answers, [*visits.values()], totals_of_all(visits))


def _take_alone(sender, fact, now):
    try:
        return _take(sender, [fact], None, now, tries=False)
    except CLASHES:
        return _take(sender, [fact.hold(Reason.UNREADABLE)], None, now, tries=False)


@transaction.atomic
def _take(sender, facts, batch, now, *, tries=True):
    if sender.phone and batch is not None:
        _hold(sender.phone)
    turn = Turn(sender, facts, now, is_bold=tries)
    new = _new_ones(turn, facts)
    outcomes = settling.settle(turn, new)
    _keep(turn, new, outcomes)
    answers = [_answer(turn, fact) for fact in facts]
    insert(turn.kept)
    Quarantined.objects.bulk_create(turn.held, ignore_conflicts=True)
    if tries and new:
        _try_again(turn)
    if sender.phone and batch is not None:
        _note_contact(sender.phone, facts, batch)
    visits = list(turn.visits.values())
    return Taken(answers, visits, encounters.evened_totals(visits))


def _new_ones(turn, facts):
    """The facts that came for the first time, in the order the phone numbered them."""
    new = {}
    for fact in facts:
        if fact.id and fact.id not in turn.known and fact.id not in new:
            new[fact.id] = fact
    return sorted(new.values(), key=lambda fact: fact.seq or ranges.TOP)


def _keep(turn, new, outcomes):
    """Remember each new fact, and seal those that wait."""
    today = clock.today()
    bare = settling.bare(new)
    for fact, (reason, why) in zip(new, outcomes, strict=True):
        result = Result.QUARANTINED if reason else Result.STORED
        turn.known[fact.id] = (fact.digest, result)
        device = None if fact.id in bare else turn.sender.device
        turn.kept.append(
            Fact(
                id=fact.id,
                device=device,
                digest=fact.digest,
                day=today,
                result=result,
                flag="" if reason else fact.flag,
            )
        )
        if reason:
            turn.why[fact.id] = str(why)
            turn.held.append(_held(turn, fact, reason, fact.id))
        elif fact.texts:
            turn.texts.add(fact.id)
            turn.held.append(_held(turn, fact, Reason.TEXT, fact.id))


def _answer(turn, fact):
    """What is said of one fact; one that cannot be known again is sealed here."""
    if fact.id is None:
        turn.held.append(_held(turn, fact, Reason.UNREADABLE, _number_of(fact)))
        said = fact.raw.get("id") if isinstance(fact.raw, dict) else None
        return _said(str(said)[:36], "quarantined", Reason.UNREADABLE.label)
    digest, result = turn.known[fact.id]
    if digest != fact.digest:
        row = _held(turn, fact, Reason.OTHER_VERSION, _number_of(fact))
        turn.held.append(row)
        return _said(fact.id, "quarantined", Reason.OTHER_VERSION.label)
    is_first = fact.id not in turn.answered and fact.id in turn.first
    turn.answered.add(fact.id)
    if result == Result.QUARANTINED:
        return _said(fact.id, "quarantined", turn.why.get(fact.id, ""))
    answer = _said(fact.id, "stored" if is_first else "duplicate")
    return answer | {"text": True} if fact.id in turn.texts else answer


def _said(id, result, why=""):
    return {"id": str(id), "result": result, "why": str(why)}


def _number_of(fact):
    """A number by which the same thing is known when it comes again."""
    mark = f"{fact.id}{fact.digest}" if fact.id else settling.packed(fact.raw)
    return uuid.UUID(bytes=sha256(mark.encode()).digest()[:16], version=4)


def _held(turn, fact, reason, number):
    """A row of quarantine; of a refused text the text alone."""
    sender = turn.sender
    content = fact.texts if reason == Reason.TEXT else _content(sender, fact)
    return Quarantined(
        id=number,
        fact_id=fact.id,
        device=sender.phone,
        worker=sender.worker,
        team_id=_team_of(turn, fact),
        visit=fact.visit,
        kind=fact.kind,
        reason=reason,
        sealed=sealing.keep(settling.packed(content).encode(), number),
        on=clock.today(),
    )


def _team_of(turn, fact):
    """Whose coordinator decides: for a visit out of reach that of its own team."""
    sender, visit = turn.sender, turn.visits.get(fact.visit)
    if visit is None and fact.visit:
        visit = Visit.objects.filter(pk=fact.visit).first()
        return visit.team_id if visit else sender.team_id
    return sender.team_id or (visit and visit.team_id)


def _content(sender, fact):
    """All that came of a fact, and the moment by our clock, for trying it again."""
    if not isinstance(fact.raw, dict):
        return {"raw": fact.raw}
    at = int(clock.cut(fact.at).timestamp()) if fact.at else None
    return fact.raw | {"at": at, "device": sender.device and str(sender.device)}


def _hold(phone):
    """Take the batches of one phone one after another, and read its numbers anew.

    Side by side an undo would not see the meeting another batch is just storing. The
    row was read before the transaction; another request may have written meanwhile.
    """
    for row in NOTED_OF([phone.pk]):
        for name, value in zip(NOTED, row, strict=True):
            setattr(phone, name, value)


def _note_contact(phone, facts, batch):
    """Note what this phone has brought, still holds, and no longer has."""
    numbers = [fact.seq for fact in facts if fact.seq]
    received = ranges.with_numbers(phone.received, numbers)
    highest = max([phone.highest, batch.highest, *numbers])
    lacks = ranges.lacking(received, highest)
    lost = ranges.within([*phone.lost, *batch.gone], lacks)
    told = {
        "received": received,
        "highest": highest,
        "lost": lost,
        "unsent": max(0, batch.unsent - len(facts)),
        "app_version": batch.app or phone.app_version,
        "last_contact": clock.cut(clock.now()),
    }
    if ranges.size(lost) > ranges.size(phone.lost):
        told["lost_noted_at"] = told["last_contact"]
    changed = {name: v for name, v in told.items() if getattr(phone, name) != v}
    for name, value in changed.items():
        setattr(phone, name, value)
    if changed:
        Device.objects.filter(pk=phone.pk).update(**changed)


NOTED = ("received", "highest", "lost", "unsent", "app_version", "last_contact")
# No key: rows that point at the phone were written in this transaction and hold it.
NOTED_OF = Prepared(
    lambda phones: (
        Device.objects.filter(pk__in=phones)
        .select_for_update(no_key=True)
        .values_list(*NOTED)
    )
)


def missing_of(phone):
    """The numbers the phone has given that came neither here nor wait to be sent."""
    lacks = ranges.lacking([*phone.received, *phone.lost], phone.highest)
    return lacks if ranges.size(lacks) > phone.unsent else []


# --- What waits ------------------------------------------------------------------


def _try_again(turn):
    """Take up what waited for one of these facts; as long as it helps, again."""
    for _round in range(3):
        went_in = [_goes_in(turn, row) for row in _waiting(turn)]
        if not any(went_in):
            return


def _waiting(turn):
    """What waits of this phone or these visits for a fact that may have come now."""
    mine = [turn.sender.device or NOBODY], list(turn.visits) or [NOBODY]
    found = {pk for [pk] in WAITING(*mine)}
    found -= {row.pk for row in turn.held} if turn.round == 0 else set()
    turn.round += 1
    if not found:
        return []
    rows = Quarantined.objects.waiting().filter(pk__in=found)
    rows = rows.select_for_update(of=("self",)).select_related("worker__organisation")
    return sorted(rows.order_by("tries", "on")[:MOST_TRIED], key=_order)


WAITING = Prepared(
    lambda devices, visits: (
        Quarantined.objects.waiting()
        .filter(Q(device__in=devices) | Q(visit__in=visits), reason__in=TRY_AGAIN)
        .values_list("pk")[: MOST_TRIED * 2]
    )
)


def _order(row):
    content = _opened(row)
    seq = content.get("seq") if isinstance(content, dict) else None
    return seq if type(seq) is int else 0


def _goes_in(turn, row):
    """Whether a waiting fact could be stored now.

    A guest's link opens one visit, and that one is known: a guest's fact of another
    visit stays with the coordinator.
    """
    worker = row.worker
    if worker is None and row.reason == Reason.UNKNOWN_VISIT:
        return False
    visits = _within_reach(worker) if worker else Visit.objects.filter(pk=row.visit)
    sender = Sender(visits=visits, worker=worker, is_guest=worker is None)
    reason, _why = _settle_row(row, sender, turn.now)
    if reason:
        Quarantined.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        return False
    _close(row, None)
    return True


def _settle_row(row, sender, now):
    """Take one waiting fact through the door; what came of it."""
    content = _opened(row)
    if not isinstance(content, dict):
        return Reason.UNREADABLE, Reason.UNREADABLE.label
    fact = read_fact(content, Readers(MAKE))
    fact.id = row.fact_id if row.reason != Reason.OTHER_VERSION else uuid.uuid4()
    sender.device = settling.uuid_of(content.get("device"))
    at = content.get("at")
    fact.at = clock.from_epoch(at) if type(at) is int else None
    turn = Turn(sender, [fact], now)
    [outcome] = settling.settle(turn, [fact])
    if not outcome[0]:
        _keep_again(turn, row, fact)
    return outcome


def _keep_again(turn, row, fact):
    """Remember that a waiting fact is stored now; a refused text waits on."""
    told = {"digest": fact.digest, "result": Result.STORED, "flag": fact.flag}
    new = {"device": turn.sender.device, "day": clock.today()}
    is_new = not Fact.objects.filter(pk=fact.id).update(**told)
    if is_new:
        Fact.objects.create(id=fact.id, **told, **new)
    if fact.texts:
        text = _held(turn, fact, Reason.TEXT, uuid.uuid4())
        text.device_id, text.team_id = row.device_id, row.team_id
        text.save(force_insert=True)


def _close(row, by):
    """Let a row of quarantine rest as stored; its content goes."""
    row.resolved_at, row.resolved_by = clock.cut(clock.now()), by
    row.outcome, row.sealed = Outcome.STORED, b""
    row.save()


def _opened(row):
    """What lies in a row, as it came; None when it cannot be opened."""
    try:
        return json.loads(sealing.open_kept(row))
    except (sealing.Broken, ValueError, RecursionError):
        return None


@transaction.atomic
def store_again(by, row, *, reopen=False, undo=False):
    """Store what waits, as a coordinator decides; (whether it is stored, why not).

    Who sent it and that the visit was closed no longer matter. `reopen` takes a
    visit back that was called off; `undo` takes back the first version of a fact
    that came with two contents, before the second is stored.
    """
    rows = Quarantined.objects.select_for_update(of=("self",))
    row = rows.select_related("worker__organisation").get(pk=row.pk)
    if row.resolved_at:
        return row.outcome == Outcome.STORED, row.get_outcome_display()
    visits = Visit.objects.seen()
    if row.team_id:
        visits = visits.filter(team=row.team_id)
    if reopen and (why := _reopened(by, visits.filter(pk=row.visit).first())):
        return False, why
    sender = Sender(visits=visits, worker=row.worker or by, decided_by=by)
    if undo:
        _take_back(sender, row)
    reason, why = _settle_row(row, sender, clock.now())
    if reason:
        transaction.set_rollback(True)
        return False, str(why)
    _close(row, by)
    audit.log(by, "phone.waiting_stored", row)
    return True, ""


def _reopened(by, visit):
    """Open a called-off visit again; why not, when it cannot be."""
    if visit is None:
        return Reason.UNKNOWN_VISIT.label
    try:
        planning.reopen_visit(by, visit)
    except planning.OutOfStep:
        return Reason.CANCELLED.label
    return ""


def _take_back(sender, row):
    """Take back the first version of a tap or a guided person, if it stands."""
    visit = Visit.objects.filter(pk=row.visit).select_related("site").first()
    if visit is not None:
        undo = encounters.Fact(visit, "undo", data={"of": row.fact_id}, is_late=True)
        encounters.record_facts(sender.worker, [undo])


# --- What time deletes -----------------------------------------------------------


def drop_waiting(today, *, days, dry_run=False):
    """Forget what was decided about so many days ago; what waits, waits on."""
    before = clock.at(today - timedelta(days=days))
    old = Quarantined.objects.filter(resolved_at__lt=before)
    return old.count() if dry_run else old.delete()[0]
