"""What time deletes of requests, bookable times, the duty line and feedback."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_day, by_month, days, months
from rinnalla.planning.booking.retention import RULES as SLOTS
from rinnalla.planning.duty.retention import RULES as DUTY
from rinnalla.planning.public import feedback_actions
from rinnalla.planning.requests import actions

CONTACT_DAYS = 7
HELD_DAYS = 30
FEEDBACK_DAYS = 90


RULES = [
    *SLOTS,
    *DUTY,
    Rule(
        name="planning.request_contacts",
        what=_("Addresses of those who asked us to come, when the matter has ended"),
        after=days(CONTACT_DAYS),
        delete=by_day(actions.forget_contacts, CONTACT_DAYS),
    ),
    Rule(
        name="planning.held_requests",
        what=_("Held requests nobody took for real"),
        after=days(HELD_DAYS),
        delete=by_day(actions.forget_held, HELD_DAYS),
    ),
    Rule(
        name="planning.request_words",
        what=_("Place and reason of old requests"),
        after=months(settings.RAW_MONTHS),
        delete=by_month(actions.forget_words, settings.RAW_MONTHS),
    ),
    Rule(
        name="planning.feedback",
        what=_("Feedback on the pages that was answered"),
        after=days(FEEDBACK_DAYS),
        delete=by_day(feedback_actions.forget, FEEDBACK_DAYS),
    ),
]
