"""What time deletes in this room.

The single records themselves go only after their months are sealed, which a room
above knows; it calls `purge_raw(raw_before(today))` when they are.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_day, days, months
from rinnalla.encounters.actions import (
    delete_texts,
    drop_devices,
    purge_raw,
    raw_visits,
)
from rinnalla.encounters.importing.actions import delete_left
from rinnalla.encounters.keeping import (
    DEVICE_DAYS,
    raw_before,
    texts_before,
)
from rinnalla.encounters.voices.retention import RULES as VOICES

IMPORT_DAYS = 7

__all__ = ["RULES", "purge_raw", "raw_before", "raw_visits"]


def _delete_texts(today, *, dry_run=False):
    return delete_texts(texts_before(today), dry_run=dry_run)


RULES = [
    Rule(
        name="encounters.texts",
        what=_("Own words of observations"),
        after=months(settings.RAW_MONTHS),
        delete=_delete_texts,
    ),
    Rule(
        name="encounters.devices",
        what=_("Which phone recorded a tap"),
        after=days(DEVICE_DAYS),
        delete=by_day(drop_devices, DEVICE_DAYS),
    ),
    Rule(
        name="encounters.imports",
        what=_("Files of imports nobody finished"),
        after=days(IMPORT_DAYS),
        delete=by_day(delete_left, IMPORT_DAYS),
    ),
    *VOICES,
]
