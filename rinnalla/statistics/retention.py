"""What time deletes here: single records, once their months are sealed."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, months
from rinnalla.encounters.models import Encounter
from rinnalla.encounters.retention import purge_raw, raw_before
from rinnalla.statistics import actions


def _seal_and_purge(today, *, dry_run=False):
    before = raw_before(today)
    due = Encounter.objects.filter(visit__day__lt=before).count()
    if not dry_run:
        actions.seal_before(before, purge_raw)
    return due


RULES = [
    Rule(
        name="statistics.seal",
        what=_("Single encounters and taps, after their months are sealed"),
        after=months(settings.RAW_MONTHS),
        delete=_seal_and_purge,
    )
]
