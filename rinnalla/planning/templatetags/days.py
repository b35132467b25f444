"""Days as people say them."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning.rhythm.words import hours

register = template.Library()


@register.filter
def day_words(day):
    """A day or moment in the reader's words: "to 26.3.", "Thu 26 March"."""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    weekday, said = date_format(day, "D"), date_format(day, "MONTH_DAY_FORMAT")
    return f"{weekday} {said}"


@register.filter
def hours_words(visit):
    """A visit's hours as short as people say them: "at 10–12"; empty when unknown."""
    if not visit.starts:
        return ""
    return _("at %(hours)s") % {"hours": hours(visit.starts, visit.ends)}
