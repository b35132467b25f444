"""One line per action: who, what, which id, when. Never free text.

Each room says in its `audit_words.py` what its actions are called on the page.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.lib.prepared import insert


def log(worker, action, row, *, count=1, exact=False):
    """Note one action as the last line of its transaction.

    `row` is the thing acted on (its class name and key are kept), `count` how many
    rows a batch held. Times are cut to five minutes unless `exact` (domain B).
    """
    now = clock.now()
    event = AuditEvent(
        at=now if exact else clock.cut(now),
        worker_id=getattr(worker, "pk", None),
        action=action,
        object_kind=type(row).__name__,
        object_id=str(row.pk),
        count=count,
    )
    insert([event])


@cache
def words():
    """What each action is called, from every room: {"visit.started": "A visit …"}."""
    rooms = [app for app in settings.INSTALLED_APPS if app.startswith("rinnalla.")]
    tables = [f"{room}.audit_words" for room in rooms]
    found = [import_module(table).WORDS for table in tables if find_spec(table)]
    return {action: word for table in found for action, word in table.items()}


def word_of(action):
    """An action in the reader's language; one no longer known is shown as kept."""
    return str(words().get(action, action))
