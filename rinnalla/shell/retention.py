"""What time deletes of the shell's own: the traces that running the service leaves."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from rinnalla.access.retention import Rule, days
from rinnalla.lib import clock
from rinnalla.shell import actions
from rinnalla.shell.models import JobSlot, NightRun

JOB_DAYS, PROOF_DAYS = 7, 3 * 365


def _jobs(today, *, dry_run=False):
    done = DBTaskResult.objects.finished()
    old = done.filter(finished_at__lt=clock.at(today - timedelta(days=JOB_DAYS)))
    return actions.delete(old, dry_run=dry_run)


def _slots(today, *, dry_run=False):
    first = (today - timedelta(days=JOB_DAYS)).isoformat()
    return actions.delete(JobSlot.objects.filter(slot__lt=first), dry_run=dry_run)


def _proofs(today, *, dry_run=False):
    old = NightRun.objects.filter(at__lt=clock.at(today - timedelta(days=PROOF_DAYS)))
    return actions.delete(old, dry_run=dry_run)


RULES = [
    Rule("shell.jobs", _("Finished jobs of the worker process"), days(JOB_DAYS), _jobs),
    Rule("shell.slots", _("Which nights were run"), days(JOB_DAYS), _slots),
    Rule("shell.proofs", _("Lines of this report"), _("3 years"), _proofs),
]
