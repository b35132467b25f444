"""The slow steps of an import, done in the worker process; small files at once."""

from __future__ import annotations

from functools import partial

from django.db import DatabaseError, transaction
from django.utils.translation import get_language, override
from django_tasks import task

from rinnalla.encounters.importing import actions, files
from rinnalla.encounters.models import ImportBatch

State = ImportBatch.State
STEPS = {
    State.RECEIVED: actions.open_file,
    State.CHECKING: actions.check,
    State.STAGING: actions.stage,
    State.UNDOING: actions.take_out,
}
SMALL_UNDO = 300


def go_on(batch: ImportBatch) -> None:
    """Do the step an import waits for: at once for a small file, else in the worker."""
    if not batch.is_working:
        return
    if _is_quick(batch):
        do_step(batch.pk, batch.state)
    else:
        said = {"batch": batch.pk, "state": batch.state, "language": get_language()}
        enqueue = partial(work_on.enqueue, **said)
        transaction.on_commit(enqueue)


def _is_quick(batch: ImportBatch) -> bool:
    if batch.state == State.UNDOING:
        return batch.rows_total <= SMALL_UNDO
    return files.is_small(batch.stored_as)


@task()
def work_on(*, batch: int, state: str, language: str) -> None:
    """One step in the worker process, telling faults in the reader's language."""
    with override(language):
        do_step(batch, state)


def do_step(pk: int, state: str) -> None:
    """Do a step unless the import has moved on or was dropped meanwhile."""
    batches = ImportBatch.objects.select_related("source", "team", "started_by")
    batch = batches.filter(pk=pk, state=state).first()
    if batch is None:
        return
    try:
        STEPS[State(state)](batch)
    except DatabaseError:
        if ImportBatch.objects.filter(pk=pk).exists():
            raise
