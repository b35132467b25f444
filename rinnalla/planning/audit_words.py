"""What the audit log calls each action of this room, for who reads the page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "card.saved": _("A place's card was saved"),
    "guest_link.made": _("A guest's link was made"),
    "guest_link.revoked": _("A guest's link was closed"),
    "site.brought_back": _("A place was brought back"),
    "site.changed": _("A place was changed"),
    "site.made": _("A place was added"),
    "site.name_forgotten": _("A place's name was forgotten"),
    "site.retired": _("A place was retired"),
    "site.unmade": _("A place added by mistake was taken away"),
    "visit.cancelled": _("A visit was called off"),
    "visit.changed": _("A visit was changed"),
    "visit.finished": _("A visit was ended"),
    "visit.planned": _("A visit was planned"),
    "visit.reopened": _("A visit was opened again"),
    "visit.start_taken_back": _("A visit's start was taken back"),
    "visit.started": _("A visit was begun"),
}
