"""What time deletes in this room.

The single records themselves go only after their months are sealed, which a room
above knows; it calls `purge_raw(raw_before(today))` when they are.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule
from rinnalla.encounters.actions import delete_texts, drop_devices, purge_raw
from rinnalla.encounters.keeping import devices_before, raw_before, texts_before

__all__ = ["RULES", "purge_raw", "raw_before"]


def _delete_texts(today, *, dry_run=False):
    return delete_texts(texts_before(today), dry_run=dry_run)


def _drop_devices(today, *, dry_run=False):
    return drop_devices(devices_before(today), dry_run=dry_run)


RULES = [
    Rule(
        name="encounters.texts",
        what=_("Own words of observations"),
        after=f"{settings.RAW_MONTHS} months",
        delete=_delete_texts,
    ),
    Rule(
        name="encounters.devices",
        what=_("Which phone recorded a tap"),
        after="90 days",
        delete=_drop_devices,
    ),
]
