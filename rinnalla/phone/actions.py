"""The door for facts: each is stored once, whatever the network does."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from rinnalla.access import audit
from rinnalla.encounters import actions as encounters
from rinnalla.encounters.facts import TAKEN
from rinnalla.encounters.models import Count
from rinnalla.lib import clock
from rinnalla.phone.forms import Bodies, FactForm, digest_of, first_error
from rinnalla.phone.guards import digest_of_token
from rinnalla.phone.models import Device, Dismissal, EnrolCode, Fact, Quarantined
from rinnalla.planning.actions import finish_visit, note_solo_reason

KEPT_WITH_DEVICE = timedelta(days=90)
STORED, DUPLICATE, REFUSED = "stored", "duplicate", "refused"


def take_facts(by, visits, raws, *, kinds=encounters.STORE):
    """Store what a phone sends and answer for each fact, in order.

    `visits` are those the sender may write to, by id; `raws` the facts as read from
    JSON. An answer is {id, result: stored|duplicate|refused, why}. When two requests
    bring the same fact at one moment, the later is read again and finds a duplicate.
    """
    try:
        return _take(by, visits, raws, kinds)
    except IntegrityError:
        return _take(by, visits, raws, kinds)


@transaction.atomic
def _take(by, visits, raws, kinds):
    bodies, envelopes = Bodies(), [_envelope(raw) for raw in raws]
    ids = [form.cleaned_data["id"] for form in envelopes if form.is_valid()]
    known = dict(Fact.objects.filter(pk__in=ids).values_list("pk", "digest"))
    answers, fresh = [], []
    for raw, form in zip(raws, envelopes, strict=True):
        answer, fact = _look_at(raw, form, visits, known, bodies, kinds)
        answers.append(answer)
        if fact:
            known[fact.id] = digest_of(raw)
            fresh.append((answer, fact))
    _store(by, fresh, known)
    return answers


def _envelope(raw):
    return FactForm(raw if isinstance(raw, dict) else {})


def _look_at(raw, form, visits, known, bodies, kinds):
    """The answer to one fact, and the fact itself when it is new and readable."""
    if not form.is_valid():
        said = raw.get("id") if isinstance(raw, dict) else None
        return _answer(str(said)[:36], REFUSED, first_error(form)), None
    told = form.cleaned_data
    if told["id"] in known:
        return _again(told["id"], known[told["id"]] == digest_of(raw)), None
    visit = visits.get(told["visit"])
    if visit is None:
        why = _("This visit belongs to another team or is not here.")
        return _answer(told["id"], REFUSED, why), None
    body = raw.get("body", {})
    read = bodies.form_of(told["kind"], body) if isinstance(body, dict) else None
    if read is None or told["kind"] not in kinds:
        why = _("This kind of record is not known here.")
        return _answer(told["id"], REFUSED, why), None
    if not read.is_valid():
        return _answer(told["id"], REFUSED, first_error(read)), None
    fact = encounters.Fact(
        visit=visit,
        kind=told["kind"],
        id=told["id"],
        device=told["device"],
        data=read.cleaned_data,
        at=_moment(visit, told["age"] or 0),
    )
    return _answer(told["id"], STORED), fact


def _again(id, is_same):
    if is_same:
        return _answer(id, DUPLICATE)
    return _answer(id, REFUSED, TAKEN)


def _answer(id, result, why=""):
    return {"id": str(id), "result": result, "why": str(why)}


def _moment(visit, age):
    """When it happened, by the server's clock, cut to five minutes."""
    moment = clock.cut(clock.now() - timedelta(seconds=age))
    return max(moment, visit.started_at) if visit.started_at else moment


def _store(by, fresh, known):
    """Store the new facts and remember them; a refused one is told why."""
    action = "encounters.recorded" if by else "encounters.recorded_by_guest"
    facts = [fact for _answer, fact in fresh]
    refusals = encounters.record_facts(by, facts, action=action)
    kept, today, bare = [], clock.today(), _bare(facts)
    for (answer, fact), why in zip(fresh, refusals, strict=True):
        digest = known[fact.id]
        if why is None:
            device = None if fact.id in bare else fact.device
            kept.append(Fact(id=fact.id, device=device, digest=digest, day=today))
        elif Fact.objects.filter(pk=fact.id, digest=digest).exists():
            # Sent again, it overtook its own first sending a moment ago.
            answer |= {"result": DUPLICATE}
        else:
            answer |= {"result": REFUSED, "why": str(why)}
    Fact.objects.bulk_create(kept)


def _bare(facts):
    """Which facts keep no phone: a matter opened elsewhere, and its taking back."""
    matter = Count.Kind.MATTER_OPENED
    may_be = [f.id for f in facts if f.kind == "undo" or f.data.get("kind") == matter]
    stored = Count.objects.filter(pk__in=may_be, kind=matter)
    return set(stored.values_list("pk", flat=True))


def send_wrap_up(by, visit, page, *, is_left=False):
    """End the visit and keep what its pair says; says whether the page was fresh.

    The page's id is remembered like a fact's: sent twice, stored once. The same id
    with other content comes from a page that was gone back to; it is not stored.
    """
    try:
        return _send(by, visit, page, is_left)
    except IntegrityError:
        return _send(by, visit, page, is_left)


@transaction.atomic
def _send(by, visit, page, is_left):
    known = Fact.objects.filter(pk=page.id).first()
    if known:
        return known.digest == page.digest
    Fact.objects.create(id=page.id, digest=page.digest, day=clock.today())
    visit = finish_visit(by, visit)
    if reason := page.form.cleaned_data.get("solo_reason"):
        note_solo_reason(by, visit, reason=reason)
    encounters.wrap_up(
        by,
        visit,
        page.said,
        details=page.details,
        hints=page.hints,
        wrong=page.wrong,
        is_left=is_left,
    )
    return True


def drop_devices(today, *, dry_run=False):
    """Forget which phone sent the facts older than 90 days; the number of facts."""
    old = Fact.objects.filter(day__lt=today - KEPT_WITH_DEVICE, device__isnull=False)
    return old.count() if dry_run else old.update(device=None)


# --- Phones: taken into use, taken out of use --------------------------------

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
CODE_OPENS = timedelta(minutes=10)


@transaction.atomic
def make_code(by, *, nonce, name, worker=None, team=None):
    """Make a code that takes one phone into use within ten minutes; row and code.

    For a worker's own phone or a team's shared one. `nonce` is born with the form:
    the same form sent twice gives the same code. Only its digest is stored.
    """
    seed = f"{by.pk}.{nonce}"
    secret = salted_hmac("phone.enrol_code", seed, algorithm="sha256").digest()
    code = _spelled(secret)
    row, is_new = EnrolCode.objects.get_or_create(
        digest=digest_of_token(code),
        defaults={
            "name": name,
            "worker": worker,
            "team": team,
            "made_by": by,
            "expires_at": clock.now() + CODE_OPENS,
        },
    )
    if is_new:
        audit.log(by, "phone.code_made", row)
    return row, code


def _spelled(secret):
    """A code of twelve signs one can read aloud: 59 bits, open for ten minutes."""
    number, signs = int.from_bytes(secret), []
    for _sign in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[rest])
    return "".join(signs)


def enrol(code):
    """Take a phone into use by its code; the device and its token, or None.

    Of two phones that send the same code one gets in. The token is told once. A wrong
    code is only looked for: guessing takes no turn from those who write.
    """
    plain = "".join(sign for sign in code.upper() if sign in CODE_SIGNS)
    codes = EnrolCode.objects.open().select_related("worker__organisation", "made_by")
    row = codes.filter(digest=digest_of_token(plain)).first()
    return _enrol(row) if row and _may_still_enrol(row) else None


@transaction.atomic
def _enrol(row):
    if not EnrolCode.objects.open().filter(pk=row.pk).update(used_at=clock.now()):
        return None
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        name=row.name,
        worker=row.worker,
        team=row.team,
        token_digest=digest_of_token(token),
        enrolled_by=row.made_by,
        enrolled_on=clock.today(),
    )
    audit.log(row.made_by, "phone.enrolled", device)
    return device, token


def _may_still_enrol(row):
    """Whether who made the code still works here."""
    by = row.made_by
    return by is not None and by.is_active and not by.organisation.has_ended


@transaction.atomic
def revoke_device(by, device):
    """Take a phone out of use; says whether it was in use until now.

    At its next contact it wipes itself. What it still holds sealed comes in all the
    same and waits for a coordinator.
    """
    alive = Device.objects.filter(pk=device.pk, revoked_at=None)
    if not alive.update(revoked_at=clock.cut(clock.now()), revoked_by=by):
        return False
    audit.log(by, "phone.revoked", device)
    return True


@transaction.atomic
def put_away(by, notice):
    """Put a notice away by its key, for everybody whom it was for. Sent twice, once."""
    row, is_new = Dismissal.objects.get_or_create(
        notice=notice, defaults={"by": by, "on": clock.today()}
    )
    if is_new:
        audit.log(by, "phone.notice_put_away", row)
    return row


# --- What waits for a human ---------------------------------------------------


class Decided(Exception):
    """Somebody has decided about this already; `row` says how."""

    def __init__(self, row):
        super().__init__(row.outcome)
        self.row = row


@transaction.atomic
def delete_waiting(by, row, *, why):
    """Delete what waits, its content for good; that it was, and why, is kept.

    Raises Decided when somebody was first.
    """
    row = _held(row)
    row.outcome, row.why_deleted = Quarantined.Outcome.DELETED, why
    _decide(by, row)
    audit.log(by, "phone.waiting_deleted", row)
    return row


@transaction.atomic
def save_struck_text(by, row, visit, text):
    """Keep a text that waited, after the identifier was struck, with its visit.

    The text has passed the guard. Raises Decided when somebody was first.
    """
    row = _held(row)
    encounters.keep_text(by, visit, text)
    row.outcome = Quarantined.Outcome.STORED
    _decide(by, row)
    audit.log(by, "phone.waiting_stored", row)
    return row


@transaction.atomic
def note_opened(by, row):
    """Leave a line in the log: what waits was opened and read."""
    audit.log(by, "phone.waiting_opened", row)


def _held(row):
    """The row as it stands now, held for this transaction. Raises Decided."""
    rows = Quarantined.objects.select_for_update(of=("self",))
    row = rows.select_related("device", "worker").get(pk=row.pk)
    if row.resolved_at:
        raise Decided(row)
    return row


def _decide(by, row):
    """Note who decided and when; the sealed content goes."""
    row.resolved_at, row.resolved_by = clock.cut(clock.now()), by
    row.sealed = b""
    row.save()


# --- What time deletes -----------------------------------------------------------


def delete_codes(before, *, dry_run=False):
    """Delete codes that stopped opening before this day; how many."""
    old = EnrolCode.objects.filter(expires_at__lt=clock.at(before))
    return old.count() if dry_run else old.delete()[0]


def delete_phones(before, *, dry_run=False):
    """Delete phones that have been out of use since before this day; how many.

    Taken out of use, or silent as long after the worker left. One of which something
    waits for a decision stays until it is made.
    """
    day, left = clock.at(before), Q(worker__is_active=False)
    silent = Q(last_contact__lt=day) | Q(last_contact=None, enrolled_on__lt=before)
    old = Device.objects.filter(Q(revoked_at__lt=day) | (left & silent))
    waiting = Quarantined.objects.waiting().filter(device__isnull=False)
    old = old.exclude(pk__in=waiting.values("device"))
    return old.count() if dry_run else old.delete()[0]


def delete_dismissals(before, *, dry_run=False):
    """Delete notices put away before this day; how many."""
    old = Dismissal.objects.filter(on__lt=before)
    return old.count() if dry_run else old.delete()[0]
