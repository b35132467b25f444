"""What time deletes of bookable times."""

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_day, days
from rinnalla.planning.booking.actions import forget_old

SLOT_DAYS = 30

RULES = [
    Rule(
        name="planning.slots",
        what=_("Times a host could book, when their day has passed"),
        after=days(SLOT_DAYS),
        delete=by_day(forget_old, SLOT_DAYS),
    ),
]
