"""How many were met on visits, for pages that list visits: rooms below may show them.

{% load visit_figures %}{% with_figures visits as rows %}
{% for row in rows %}{{ row.visit.day }} {{ row.met }} {{ row.guided }}{% endfor %}
"""

from collections import Counter

from django import template
from django.db.models import Count as HowMany
from django.db.models import Q, Sum

from rinnalla.encounters.models import Count, Encounter

register = template.Library()


@register.simple_tag
def with_figures(visits):
    """Each visit with its met and guided in all, in two queries for the lot."""
    visits = list(visits)
    met, guided = _sums([visit.pk for visit in visits])
    return [
        {"visit": visit, "met": met[visit.pk], "guided": guided[visit.pk]}
        for visit in visits
    ]


def _sums(keys):
    met, guided = Counter(), Counter()
    both = {Count.Kind.MET: met, Count.Kind.GUIDED: guided}
    rows = Count.objects.filter(visit__in=keys, kind__in=both).values("visit", "kind")
    for row in rows.order_by().annotate(n=Sum("number")):
        both[row["kind"]][row["visit"]] += row["n"]
    people = Encounter.objects.kept().filter(visit__in=keys).values("visit")
    met_too = HowMany("pk", filter=Q(counts_as_met=True))
    for row in people.order_by().annotate(n=HowMany("pk"), met=met_too):
        guided[row["visit"]] += row["n"]
        met[row["visit"]] += row["met"]
    return met, guided
