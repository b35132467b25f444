"""What time deletes of calendars and reminders."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, days
from rinnalla.planning.calendars import actions

ENTRY_DAYS = 60
SENT_DAYS = 30

RULES = [
    Rule(
        name="planning.calendar_entries",
        what=_("What calendars were told of past visits"),
        after=days(ENTRY_DAYS),
        delete=lambda today, *, dry_run=False: actions.delete_entries(
            today - timedelta(days=ENTRY_DAYS), dry_run=dry_run
        ),
    ),
    Rule(
        name="planning.sent_reminders",
        what=_("Which reminders were sent"),
        after=days(SENT_DAYS),
        delete=lambda today, *, dry_run=False: actions.delete_sent(
            today - timedelta(days=SENT_DAYS), dry_run=dry_run
        ),
    ),
]
