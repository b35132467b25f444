"""What time deletes in this room."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from rinnalla.access.retention import Rule
from rinnalla.planning import actions

PRINT_DAYS = 30
LINK_DAYS = 30


def _days(number):
    return ngettext_lazy("%d day", "%d days", number) % number


RULES = [
    Rule(
        name="planning.prints",
        what=_("Prints made for somebody"),
        after=_days(PRINT_DAYS),
        delete=lambda today, *, dry_run=False: actions.delete_prints(
            today - timedelta(days=PRINT_DAYS), dry_run=dry_run
        ),
    ),
    Rule(
        name="planning.guest_links",
        what=_("Links of guests that no longer open"),
        after=_days(LINK_DAYS),
        delete=lambda today, *, dry_run=False: actions.delete_links(
            today - timedelta(days=LINK_DAYS), dry_run=dry_run
        ),
    ),
]
