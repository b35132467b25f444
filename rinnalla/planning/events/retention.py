"""What time deletes of events."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, months
from rinnalla.planning.events import actions


def _first_kept(today):
    """Whole months, as for the visits of the time."""
    month = today.year * 12 + today.month - 1 - settings.RAW_MONTHS
    return date(month // 12, month % 12 + 1, 1)


RULES = [
    Rule(
        name="planning.events",
        what=_("Announced events that are over"),
        after=months(settings.RAW_MONTHS),
        delete=lambda today, *, dry_run=False: actions.delete_old(
            _first_kept(today), dry_run=dry_run
        ),
    ),
]
