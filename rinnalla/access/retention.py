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


def by_day(delete, number):
    """A rule's delete that is told the first day kept: so many days before today."""

    def run(today, *, dry_run=False):
        return delete(today - timedelta(days=number), dry_run=dry_run)

    return run


def by_moment(delete, number):
    """The same, told the first moment of that day."""

    def run(today, *, dry_run=False):
        return delete(clock.at(today - timedelta(days=number)), dry_run=dry_run)

    return run


def by_month(delete, number):
    """The same, told the first day of the month so many months before this one."""

    def run(today, *, dry_run=False):
        return delete(first_kept(today, number), dry_run=dry_run)

    return run


def first_kept(today, number):
    """The first day of what is kept for so many whole months."""
    month = today.year * 12 + today.month - 1 - number
    return date(month // 12, month % 12 + 1, 1)


def _by_audit(forget):
    """What goes with the audit is told the first moment the audit still tells of."""

    def run(today, *, dry_run=False):
        first = clock.at(first_kept(today, settings.AUDIT_MONTHS))
        return forget(first, dry_run=dry_run)

    return run


RULES = [
    Rule(
        name="access.audit",
        what=_("Who did what to which row"),
        after=months(settings.AUDIT_MONTHS),
        delete=_by_audit(actions.forget_audit),
    ),
    Rule(
        name="access.closed_workers",
        what=_("Names of workers who left"),
        after=months(settings.AUDIT_MONTHS),
        delete=_by_audit(actions.forget_closed_workers),
    ),
    Rule(
        name="access.sessions",
        what=_("Sessions that have ended"),
        after=_("the day they expired"),
        delete=by_moment(actions.forget_sessions, 0),
    ),
    Rule(
        name="access.sign_in_tries",
        what=_("Sign-ins that were missed"),
        after=days(TRIES_DAYS),
        delete=by_moment(actions.forget_tries, TRIES_DAYS),
    ),
]
