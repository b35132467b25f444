"""Days as people say them."""

from datetime import datetime

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning.rhythm import words

register = template.Library()


@register.filter
def day_words(day):
    """A day or moment in the reader's words: "to 26.3.", "Thu 26 March"."""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return words.day(day, get_language())


@register.filter
def hours_words(visit):
    """A visit's hours as short as people say them: "at 10–12"; empty when unknown."""
    if not visit.starts:
        return ""
    return _("at %(hours)s") % {"hours": words.hours(visit.starts, visit.ends)}
