"""What time deletes of calendars and reminders."""

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_day, days
from rinnalla.planning.calendars import actions

ENTRY_DAYS = 60
SENT_DAYS = 30

RULES = [
    Rule(
        name="planning.calendar_entries",
        what=_("What calendars were told of past visits"),
        after=days(ENTRY_DAYS),
        delete=by_day(actions.delete_entries, ENTRY_DAYS),
    ),
    Rule(
        name="planning.sent_reminders",
        what=_("Which reminders were sent"),
        after=days(SENT_DAYS),
        delete=by_day(actions.delete_sent, SENT_DAYS),
    ),
]
