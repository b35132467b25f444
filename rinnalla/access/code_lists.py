"""The code lists a county may edit, by the names people use for them."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "topic": _("Topics of guidance"),
    "method": _("What was done"),
    "next_step": _("What comes next"),
    "age_band": _("Age bands"),
    "familiarity": _("New or seen before"),
    "target_group": _("Target groups"),
    "item": _("Items handed out"),
    "origin": _("How the contact arose"),
    "how": _("How the number was counted"),
    "phenomenon": _("What the street shows"),
    "threshold": _("Thresholds people met"),
    "atmosphere": _("Atmosphere"),
    "safety": _("Safety of the visit"),
    "promise": _("What was promised"),
    "site_kind": _("Kinds of sites"),
    "visit_type": _("Types of visits"),
    "cancel_reason": _("Why a visit was cancelled"),
    "solo_reason": _("Why a visit was made alone"),
    "identifier": _("Vest or badge"),
    "kit": _("Kit taken along"),
    "event_material": _("What an event needs"),
    "incident_kind": _("Dangers at work"),
    "asker_sector": _("Who asks us to come"),
    "contact_source": _("How they heard of us"),
    "decline_reason": _("Why we could not come"),
    "duty_matter": _("What partners call about"),
}


def name_of(code_list):
    """The list's name for people; a list nobody named yet keeps its code."""
    return NAMES.get(code_list, code_list)
