"""What time deletes of the partners' line: who had it; the calls stay as figures."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, months
from rinnalla.planning.duty.actions import forget_workers


def _forget_workers(today, *, dry_run=False):
    month = today.year * 12 + today.month - 1 - settings.RAW_MONTHS
    return forget_workers(date(month // 12, month % 12 + 1, 1), dry_run=dry_run)


RULES = [
    Rule(
        name="planning.duty_workers",
        what=_("Who had the partners' line"),
        after=months(settings.RAW_MONTHS),
        delete=_forget_workers,
    ),
]
