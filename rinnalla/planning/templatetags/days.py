"""Days as people say them."""

from datetime import datetime

from django import template
from django.utils.formats import date_format

from rinnalla.lib import clock

register = template.Library()


@register.filter
def day_words(day):
    """A day or moment in the reader's words: "to 26.3.", "Thu 26 March"."""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    weekday, said = date_format(day, "D"), date_format(day, "MONTH_DAY_FORMAT")
    return f"{weekday} {said}"
