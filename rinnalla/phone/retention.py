"""What time deletes in this room."""

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule
from rinnalla.phone.actions import drop_devices

RULES = [
    Rule(
        name="phone.devices",
        what=_("Which phone sent a record"),
        after="90 days",
        delete=drop_devices,
    ),
]
