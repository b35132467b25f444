"""What is done with a team's notes: written, ticked off, struck, forgotten."""

import uuid

from django.db import transaction

from rinnalla.access import audit
from rinnalla.lib import clock
from rinnalla.planning.models import TeamNote


@transaction.atomic
def write(worker, *, key, team, text, is_promise=False, site=None, day=None):
    """Keep a note on a place, or on the shift of a day; give one of the two.

    `key` is born with the form: sent twice, written once. A key another team's note
    already has is left alone: a new one is drawn.
    """
    if TeamNote.objects.filter(pk=key).exclude(team=team).exists():
        key = uuid.uuid4()
    told = {"site": site, "day": day, "text": text, "is_promise": is_promise}
    note, is_new = TeamNote.objects.get_or_create(
        pk=key, defaults={"team": team, "written_on": clock.today(), **told}
    )
    if is_new:
        audit.log(worker, "note.written", note)
    return note


@transaction.atomic
def tick(worker, note, *, is_done):
    """Say that a promise is done, or that it is open after all; sent twice, once.

    Whether there still was such a promise: a note struck meanwhile stays struck.
    """
    promises = TeamNote.objects.filter(pk=note.pk, is_promise=True)
    if promises.filter(is_done=not is_done).update(is_done=is_done):
        audit.log(worker, "note.done" if is_done else "note.reopened", note)
    return promises.exists()


@transaction.atomic
def strike(worker, note):
    """Take a note away for good. Whether it still was there."""
    rows = TeamNote.objects.filter(pk=note.pk)
    if not rows.exists():
        return False
    audit.log(worker, "note.struck", note)
    rows.delete()
    return True


def forget(before, *, dry_run=False):
    """Delete notes written before this day, done or not; how many."""
    rows = TeamNote.objects.filter(written_on__lt=before)
    return rows.count() if dry_run else rows.delete()[0]
