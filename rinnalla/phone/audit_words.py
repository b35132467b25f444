"""What the audit log calls each action of this room, for who reads the page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "phone.code_made": _("A code for a phone was made"),
    "phone.enrolled": _("A phone was taken into use"),
    "phone.notice_put_away": _("A notice was put away"),
    "phone.revoked": _("A phone was taken out of use"),
    "phone.waiting_deleted": _("A waiting record was deleted"),
    "phone.waiting_opened": _("A waiting record was opened"),
    "phone.waiting_stored": _("A waiting record was stored"),
}
