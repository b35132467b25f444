"""What is done with people, organisations and code lists: the only code that writes."""

import csv
from pathlib import Path

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.crypto import salted_hmac

from rinnalla.access import audit, slowing
from rinnalla.access.models import (
    AuditEvent,
    Code,
    County,
    Municipality,
    Organisation,
    Team,
    Worker,
    WorkerSession,
)
from rinnalla.access.permissions import may_change, may_give
from rinnalla.access.roles import Role
from rinnalla.lib import clock

# The name of somebody who left long ago.
FORGOTTEN = "–"
DATA = Path(__file__).parent / "data"


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


@transaction.atomic
def load_areas():
    """Load the 308 municipalities of 2026 and their counties; running again updates."""
    names = ["name_fi", "name_sv", "name_en"]
    counties = [County(**row) for row in _rows(DATA / "counties_2026.csv")]
    County.objects.bulk_create(
        counties, update_conflicts=True, unique_fields=["code"], update_fields=names
    )
    municipalities = [
        Municipality(county_id=row.pop("county"), **row)
        for row in _rows(DATA / "municipalities_2026.csv")
    ]
    Municipality.objects.bulk_create(
        municipalities,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*names, "county"],
    )
    return len(municipalities)


@transaction.atomic
def load_codes(path):
    """Load a room's shipped code lists; a label the county changed is left alone."""
    kept = {(c.list, c.code): c for c in Code.objects.all()}
    new, changed = [], []
    for order, row in enumerate(_rows(path)):
        code = kept.get((row["list"], row["code"]))
        if code is None:
            new.append(Code(**row, order=order))
        elif not code.is_changed:
            for field, value in row.items():
                setattr(code, field, value)
            changed.append(code)
    Code.objects.bulk_create(new)
    if changed:
        Code.objects.bulk_update(changed, [f for f in row if f not in ("list", "code")])
    return len(new)


# --- People -------------------------------------------------------------------------


@transaction.atomic
def invite_worker(by, worker):
    """Add a worker who cannot sign in before following the link of the invitation.

    `by` is None for the first administrator, made on the command line. Raises
    PermissionDenied when `by` may not give that role or team.
    """
    if by is not None and not may_give(by, worker.role, worker.team):
        raise PermissionDenied("access.manage_workers")
    worker.set_unusable_password()
    worker.save()
    audit.log(by, "worker.invited", worker)
    return worker


@transaction.atomic
def add_administrator(name, email, organisation, language):
    """Add an administrator from the command line, and the county when it is new."""
    county, _ = Organisation.objects.get_or_create(
        name=organisation, defaults={"sector": Organisation.Sector.COUNTY}
    )
    worker = Worker(name=name, email=email, language=language)
    worker.role, worker.organisation = Role.ADMINISTRATOR, county
    return invite_worker(None, worker)


@transaction.atomic
def renew_invitation(by, worker):
    """Make the earlier link void, so that a new one may be given."""
    _must_be_changeable(by, worker)
    worker.set_unusable_password()
    worker.save(update_fields=["password"])
    audit.log(by, "worker.invited_again", worker)


@transaction.atomic
def change_worker(by, worker):
    """Keep the changed name, email, role, organisation, team or language.

    Nobody changes their own row here, so nobody raises their own role; the last
    administrator stays one. Raises PermissionDenied otherwise.
    """
    before = Worker.objects.get(pk=worker.pk)
    _must_be_changeable(by, before)
    if not may_give(by, worker.role, worker.team):
        raise PermissionDenied("access.manage_workers")
    _keep_one_administrator(before, worker.role)
    worker.save(
        update_fields=["name", "email", "role", "organisation", "team", "language"]
    )
    is_same = before.role == worker.role
    audit.log(by, "worker.changed" if is_same else "worker.role_changed", worker)


@transaction.atomic
def close_account(by, worker):
    """Let a worker in no more; what is open on any device ends at once."""
    _must_be_changeable(by, worker)
    _keep_one_administrator(worker, role=None)
    worker.is_active = False
    worker.save(update_fields=["is_active"])
    WorkerSession.objects.filter(worker=worker).delete()
    audit.log(by, "worker.closed", worker)


@transaction.atomic
def open_account(by, worker):
    """Let a worker in again, with the password and second step they had."""
    _must_be_changeable(by, worker)
    worker.is_active = True
    worker.save(update_fields=["is_active"])
    audit.log(by, "worker.opened", worker)


@transaction.atomic
def reset_second_step(by, worker):
    """Take away a lost second step; they set up a new one at the next sign-in."""
    _must_be_changeable(by, worker)
    Authenticator.objects.filter(user=worker).delete()
    WorkerSession.objects.filter(worker=worker).delete()
    audit.log(by, "worker.second_step_reset", worker)


@transaction.atomic
def accept_invitation(worker, password):
    """Set the first password; the link is used up with it."""
    worker.set_password(password)
    worker.save(update_fields=["password"])
    audit.log(worker, "worker.invitation_accepted", worker)


@transaction.atomic
def choose_language(worker, language):
    """Keep the language of a worker's pages and letters."""
    worker.language = language
    worker.save(update_fields=["language"])
    audit.log(worker, "worker.language_chosen", worker)


@transaction.atomic
def end_sessions(worker, public_id=None, but=None):
    """End one session of a worker, or all but the one at hand; how many ended."""
    rows = WorkerSession.objects.filter(worker=worker)
    if public_id is not None:
        rows = rows.filter(public_id=public_id)
    if but is not None:
        rows = rows.exclude(public_id=but)
    count, _ = rows.delete()
    if count:
        audit.log(worker, "worker.sessions_ended", worker, count=count)
    return count


def _must_be_changeable(by, worker):
    if not may_change(by, worker):
        raise PermissionDenied("access.manage_workers")


def _keep_one_administrator(worker, role):
    if worker.role != Role.ADMINISTRATOR or role == Role.ADMINISTRATOR:
        return
    others = Worker.objects.select_for_update(of=("self",)).filter(
        role=Role.ADMINISTRATOR, is_active=True
    )
    if not others.exclude(pk=worker.pk).exists():
        raise PermissionDenied("access.last_administrator")


# --- The second step ------------------------------------------------------------------


@transaction.atomic
def may_guess(worker):
    """Count one more try at the digits; whether it is looked at.

    Eight in 15 minutes are; trying while it is closed does not make it longer.
    """
    tries = _tries(worker)
    if clock.now() - tries.attempt_time > slowing.WINDOW:
        tries.failures_since_start = 0
    if tries.failures_since_start >= slowing.GUESSES_OF_DIGITS:
        return False
    tries.failures_since_start += 1
    tries.attempt_time = clock.now()
    tries.save(update_fields=["failures_since_start", "attempt_time"])
    return True


@transaction.atomic
def spend_digits(worker, digits):
    """Use right digits up and forget the misses; False when they were used before."""
    tries, used = _tries(worker), salted_hmac("second step", digits).hexdigest()
    if tries.path_info == used:
        return False
    tries.failures_since_start, tries.path_info = 0, used
    tries.save(update_fields=["failures_since_start", "path_info"])
    return True


def _tries(worker):
    held = AccessAttempt.objects.select_for_update()
    start = {"failures_since_start": 0}
    return held.get_or_create(**slowing.digits_of(worker), defaults=start)[0]


# --- Organisations, teams, code lists -----------------------------------------------


@transaction.atomic
def first_team(name):
    """The team of an installation that has none yet, in the county or a new one."""
    counties = Organisation.objects.filter(sector=Organisation.Sector.COUNTY)
    county = counties.order_by("pk").first() or save_organisation(
        None, Organisation(name=name, sector=Organisation.Sector.COUNTY)
    )
    return save_team(None, Team(name=name[:80], organisation=county))


@transaction.atomic
def save_organisation(by, organisation):
    """Add or change an organisation; its end date closes the accounts of its people."""
    return _save(by, organisation)


@transaction.atomic
def save_team(by, team):
    """Add or change a team."""
    return _save(by, team)


SAVED = {
    Organisation: ("organisation.added", "organisation.changed"),
    Team: ("team.added", "team.changed"),
    Code: ("code.added", "code.changed"),
}


def _save(by, row):
    added, changed = SAVED[type(row)]
    action = changed if row.pk else added
    row.save()
    audit.log(by, action, row)
    return row


@transaction.atomic
def add_code(by, code):
    """Add a choice at the end of its list; it is the county's own from the start."""
    last = Code.objects.of(code.list).aggregate(last=Max("order"))["last"]
    code.order = (last or 0) + 1
    code.is_changed = True
    return _save(by, code)


@transaction.atomic
def change_code(by, code):
    """Keep changed labels; the code stays, and an update leaves the labels alone."""
    code.is_changed = True
    return _save(by, code)


@transaction.atomic
def retire_code(by, code, retired):
    """Take a choice out of use or back; old records keep showing it either way."""
    code.is_retired = retired
    code.save(update_fields=["is_retired"])
    audit.log(by, "code.retired" if retired else "code.brought_back", code)


@transaction.atomic
def move_code(by, code, step):
    """Move a choice one place up (-1) or down (1) in its list; at the end it stays."""
    codes = list(Code.objects.of(code.list).select_for_update())
    here = codes.index(code)
    there = min(max(here + step, 0), len(codes) - 1)
    codes.insert(there, codes.pop(here))
    for order, row in enumerate(codes):
        row.order = order
    Code.objects.bulk_update(codes, ["order"])
    audit.log(by, "code.moved", code)


# --- What time deletes --------------------------------------------------------------


@transaction.atomic
def forget_audit(before, *, dry_run=False):
    """Delete audit events older than this moment; how many."""
    due = AuditEvent.objects.filter(at__lt=before)
    return due.count() if dry_run else due.forget()


@transaction.atomic
def forget_closed_workers(before, *, dry_run=False):
    """Take name, email and keys from accounts closed before this moment; how many.

    The row stays, so that a visit still knows that somebody was there.
    """
    lately = AuditEvent.objects.filter(action="worker.closed", at__gte=before)
    keys = [int(key) for key in lately.values_list("object_id", flat=True)]
    closed = Worker.objects.filter(is_active=False).exclude(name=FORGOTTEN)
    due = closed.exclude(pk__in=keys)
    if dry_run:
        return due.count()
    for worker in due:
        worker.name, worker.email = FORGOTTEN, f"{worker.pk}@forgotten.invalid"
        worker.set_unusable_password()
        worker.save(update_fields=["name", "email", "password"])
        Authenticator.objects.filter(user=worker).delete()
    return len(due)


@transaction.atomic
def forget_sessions(before, *, dry_run=False):
    """Delete sessions that expired before this moment; how many."""
    due = WorkerSession.objects.filter(expire_date__lt=before)
    return due.count() if dry_run else due.delete()[0]


@transaction.atomic
def forget_tries(before, *, dry_run=False):
    """Delete missed sign-ins older than this moment; how many."""
    due = AccessAttempt.objects.filter(attempt_time__lt=before)
    return due.count() if dry_run else due.delete()[0]
