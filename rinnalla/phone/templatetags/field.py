"""How the field screens say times and pairs."""

import re

from django import template
from django.utils.translation import get_language

register = template.Library()
# The last parts of long compounds: before them a chip may break its word.
_PARTS = re.compile(
    r"(?<=\w{4})(?=palvelut|turvallisuus|kuntoutujat|käyttävät|muuttajat|yrittäjät"
    r"|service|servicen|vården|företagare|system|personer)"
)
SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def _clock(time):
    """An hour as people say it: 10, 9.30; in English 9:30."""
    if not time.minute:
        return str(time.hour)
    mark = ":" if (get_language() or "fi").startswith("en") else "."
    return f"{time.hour}{mark}{time.minute:02}"


@register.filter
def hours(visit):
    """When a visit is: 10–12, 9.30, or nothing when no time was agreed."""
    return "–".join(_clock(time) for time in (visit.starts, visit.ends) if time)


@register.filter
def soft(label):
    """A chip's label, with the places where a long word may break."""
    return _PARTS.sub(SOFT_HYPHEN, label)
