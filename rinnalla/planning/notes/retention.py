"""What time deletes of a team's notes."""

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_day, days
from rinnalla.planning.models.notes import KEPT_DAYS
from rinnalla.planning.notes import actions

RULES = [
    Rule(
        name="planning.notes",
        what=_("Notes of a team to itself, promises too"),
        after=days(KEPT_DAYS),
        delete=by_day(actions.forget, KEPT_DAYS),
    ),
]
