"""What time deletes of events."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_month, months
from rinnalla.planning.events import actions

RULES = [
    Rule(
        name="planning.events",
        what=_("Announced events that are over"),
        after=months(settings.RAW_MONTHS),
        delete=by_month(actions.delete_old, settings.RAW_MONTHS),
    ),
]
