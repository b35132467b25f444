"""What time deletes of requests, bookable times, the duty line and feedback."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, days, months
from rinnalla.planning.booking.retention import RULES as SLOTS
from rinnalla.planning.duty.retention import RULES as DUTY
from rinnalla.planning.public import feedback_actions
from rinnalla.planning.requests import actions

CONTACT_DAYS = 7
HELD_DAYS = 30
FEEDBACK_DAYS = 90


def _since(forget, number):
    """A rule's delete: what is older than so many days."""
    return lambda today, *, dry_run=False: forget(
        today - timedelta(days=number), dry_run=dry_run
    )


def _forget_words(today, *, dry_run=False):
    """Whole months: words live as long as the single records of visits."""
    month = today.year * 12 + today.month - 1 - settings.RAW_MONTHS
    first = date(month // 12, month % 12 + 1, 1)
    return actions.forget_words(first, dry_run=dry_run)


RULES = [
    *SLOTS,
    *DUTY,
    Rule(
        name="planning.request_contacts",
        what=_("Addresses of those who asked us to come, when the matter has ended"),
        after=days(CONTACT_DAYS),
        delete=_since(actions.forget_contacts, CONTACT_DAYS),
    ),
    Rule(
        name="planning.held_requests",
        what=_("Held requests nobody took for real"),
        after=days(HELD_DAYS),
        delete=_since(actions.forget_held, HELD_DAYS),
    ),
    Rule(
        name="planning.request_words",
        what=_("Place and reason of old requests"),
        after=months(settings.RAW_MONTHS),
        delete=_forget_words,
    ),
    Rule(
        name="planning.feedback",
        what=_("Feedback on the pages that was answered"),
        after=days(FEEDBACK_DAYS),
        delete=_since(feedback_actions.forget, FEEDBACK_DAYS),
    ),
]
