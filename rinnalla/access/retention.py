"""What a retention rule is: each room lists its own in RULES, the shell runs them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rinnalla.access import actions
from rinnalla.lib import clock

TRIES_DAYS = 30


@dataclass(frozen=True)
class Rule:
    """One thing that time deletes: what it is, after how long, and how.

    `delete(today)` deletes what is due and says how many rows went; with
    `dry_run=True` it changes nothing and says how many would go. Running it again
    finds nothing.
    """

    name: str  # "encounters.texts", for logs and the proof
    what: str  # in words a data-protection officer reads
    after: str  # "13 months": how long it is kept, likewise
    delete: Callable[..., int]

    def run(self, today: date, *, dry_run: bool = False) -> int:
        """Delete what is due on this day; the number of rows."""
        return self.delete(today, dry_run=dry_run)


def _days(number):
    return ngettext("%d day", "%d days", number) % number


def _months(number):
    return ngettext("%d month", "%d months", number) % number


# So many days or months, said in the language of whoever reads it.
days, months = lazy(_days, str), lazy(_months, str)


def _audit_begins(today):
    """The first moment the audit still tells of; whole months."""
    month = today.year * 12 + today.month - 1 - settings.AUDIT_MONTHS
    return clock.at(date(month // 12, month % 12 + 1, 1))


def _forget_audit(today, *, dry_run=False):
    return actions.forget_audit(_audit_begins(today), dry_run=dry_run)


def _forget_closed_workers(today, *, dry_run=False):
    return actions.forget_closed_workers(_audit_begins(today), dry_run=dry_run)


def _forget_sessions(today, *, dry_run=False):
    return actions.forget_sessions(clock.at(today), dry_run=dry_run)


def _forget_tries(today, *, dry_run=False):
    first = clock.at(today - timedelta(days=TRIES_DAYS))
    return actions.forget_tries(first, dry_run=dry_run)


RULES = [
    Rule(
        name="access.audit",
        what=_("Who did what to which row"),
        after=months(settings.AUDIT_MONTHS),
        delete=_forget_audit,
    ),
    Rule(
        name="access.closed_workers",
        what=_("Names of workers who left"),
        after=months(settings.AUDIT_MONTHS),
        delete=_forget_closed_workers,
    ),
    Rule(
        name="access.sessions",
        what=_("Sessions that have ended"),
        after=_("the day they expired"),
        delete=_forget_sessions,
    ),
    Rule(
        name="access.sign_in_tries",
        what=_("Sign-ins that were missed"),
        after=days(TRIES_DAYS),
        delete=_forget_tries,
    ),
]
