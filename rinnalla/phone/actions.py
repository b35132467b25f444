"""What people decide of phones: taken into use and out of use, what waits settled."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from rinnalla.access import audit
from rinnalla.encounters import actions as encounters
from rinnalla.lib import clock
from rinnalla.phone.guards import digest_of_token
from rinnalla.phone.models import Device, Dismissal, EnrolCode, Fact, Quarantined
from rinnalla.planning.safety.actions import end_passes

KEPT_WITH_DEVICE = timedelta(days=90)


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
    end_passes(device.pk)
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
