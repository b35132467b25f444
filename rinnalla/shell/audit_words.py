"""What the audit log calls each action of this room, for who reads the page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "demo.loaded": _("The demo was loaded"),
    "night.run": _("The night's tasks were run"),
}
