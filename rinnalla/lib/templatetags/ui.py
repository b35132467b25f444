"""Small parts every page uses: an icon beside a word."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()
ICONS = Path(__file__).parent.parent / "icons.svg"
SYMBOL = re.compile(r'<symbol id="i-([\w-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


@cache
def _drawings():
    return dict(SYMBOL.findall(ICONS.read_text()))


@register.simple_tag
@cache
def icon(name, size=""):
    """Draw the icon of this role; always beside a word, so hidden from readers.

    Raises KeyError for a name that icons.svg does not have.
    """
    return format_html(
        '<svg class="rn-i{}" viewBox="0 0 24 24" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        f" rn-i--{size}" if size else "",
        mark_safe(_drawings()[name]),
    )
