"""Visits of the coming week for which a pair is still looked for."""

from dataclasses import dataclass

from rinnalla.lib import clock
from rinnalla.planning.models import Visit
from rinnalla.planning.pairs.kit import A_WEEK

SHOWN = 6


@dataclass(frozen=True)
class Missing:
    """The nearest of these visits, and how many more there are."""

    visits: list
    more: int = 0


def missing_soon(worker, known):
    """What this person may open of the visits that lack a pair within a week.

    `known` are the kinds of places.
    """
    today = clock.today()
    soon = Visit.objects.visible_to(worker).lacking_pair()
    soon = soon.filter(day__range=(today, today + A_WEEK))
    nearest = soon.select_related("site").prefetch_related("workers")
    visits = list(nearest.order_by("day", "starts", "pk")[: SHOWN + 1])
    more = soon.count() - SHOWN if len(visits) > SHOWN else 0
    for visit in visits:
        visit.kind_shown = known[visit.site.kind]
    return Missing(visits[:SHOWN], more)
