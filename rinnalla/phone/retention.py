"""What time deletes in this room."""

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, days
from rinnalla.phone.actions import drop_devices

RULES = [
    Rule(
        name="phone.devices",
        what=_("Which phone sent a record"),
        after=days(90),
        delete=drop_devices,
    ),
]
