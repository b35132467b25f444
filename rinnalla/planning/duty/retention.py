"""What time deletes of the partners' line: who had it; the calls stay as figures."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_month, months
from rinnalla.planning.duty.actions import forget_workers

RULES = [
    Rule(
        name="planning.duty_workers",
        what=_("Who had the partners' line"),
        after=months(settings.RAW_MONTHS),
        delete=by_month(forget_workers, settings.RAW_MONTHS),
    ),
]
