"""What the audit log calls each action of this room, for who reads the page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "months.sealed": _("Months were sealed"),
}
