"""What time deletes of bookable times."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, days
from rinnalla.planning.booking.actions import forget_old

SLOT_DAYS = 30

RULES = [
    Rule(
        name="planning.slots",
        what=_("Times a host could book, when their day has passed"),
        after=days(SLOT_DAYS),
        delete=lambda today, *, dry_run=False: forget_old(
            today - timedelta(days=SLOT_DAYS), dry_run=dry_run
        ),
    ),
]
