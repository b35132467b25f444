"""One line per action: who, what, which id, when. Never free text."""

from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock


def log(worker, action, row, *, count=1, exact=False):
    """Note one action as the last line of its transaction.

    `row` is the thing acted on (its class name and key are kept), `count` how many
    rows a batch held. Times are cut to five minutes unless `exact` (domain B).
    """
    now = clock.now()
    AuditEvent.objects.create(
        at=now if exact else clock.cut(now),
        worker_id=getattr(worker, "pk", None),
        action=action,
        object_kind=type(row).__name__,
        object_id=str(row.pk),
        count=count,
    )
