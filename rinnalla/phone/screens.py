"""What the field app shows first: places lately, the chips of a meeting."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STREET = ("street", "park")
RECENT = timedelta(days=90)
STILL_OPEN = timedelta(days=3)
# So many presses, or so fast, that the wrap-up asks once whether the number is right:
# thirty a minute, seen in the five minutes to which times are cut.
MANY_TAPS = 100
FAST_TAPS = 150
# Before a site has a history of its own, these stand first.
USUAL = {
    "topics": ["benefits", "finances", "housing", "mental_health", "substances"],
    "methods": ["guidance", "joint_contact", "referred", "appointment"],
    "next_step": ["none", "meet_here", "i_contact"],
}


def latest_places(visits, limit=6):
    """The unplanned places and streets of these visits, the latest first."""
    visits = visits.filter(site__retired_on=None)
    recent = visits.filter(Q(site__is_ad_hoc=True) | Q(site__kind__in=STREET))
    latest = recent.select_related("site").order_by("-day", "-pk")[:50]
    return list({visit.site_id: visit.site for visit in latest}.values())[:limit]


# --- The sheet of chips ------------------------------------------------------


SHOWN = {"topics": 8, "methods": 3, "next_step": 3}
LEGENDS = {
    "topics": pgettext_lazy("field", "Topic"),
    "methods": _("What was done"),
    "next_step": _("What next"),
    "age_band": _("Age, if it came up"),
    "familiarity": _("Met before"),
    "target_groups": _("Target group"),
    "items": _("Handed out"),
    "origin": _("How it began"),
    "topic": pgettext_lazy("field", "Topic"),
    "promise": _("What was promised"),
    "phenomena": _("What was seen today"),
    "thresholds": _("Thresholds people met"),
    "how": _("How the number came about"),
    "solo_reason": _("There were few of you. Why this time?"),
    "atmosphere": _("Atmosphere"),
    "safety": _("Safety"),
}
WIDTHS = {
    "topics": "3",
    "methods": "2",
    "age_band": "4",
    "phenomena": "wrap",
    "thresholds": "wrap",
    "solo_reason": "wrap",
    "target_groups": "wrap",
    "items": "wrap",
}
MANY = {"topics", "methods", "target_groups", "items", "phenomena", "thresholds"}


def order_of(name, codes, used):
    """Codes by use at the site, then the usual ones, then the county's order."""
    if name not in SHOWN:
        return codes
    usual = USUAL[name]

    def place(code):
        rank = usual.index(code.code) if code.code in usual else len(usual)
        return -used.get(code.code, 0), rank

    return sorted(codes, key=place)
