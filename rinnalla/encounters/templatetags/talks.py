"""How many talks an event's visit had, for pages of the rooms below.

{% load talks %}{% talks_of event.visit as number %}
"""

from django import template

from rinnalla.encounters.models import Count

register = template.Library()


@register.simple_tag
def talks_of(visit):
    """The talks counted on a visit."""
    return visit.counts.total(Count.Kind.TALK)
