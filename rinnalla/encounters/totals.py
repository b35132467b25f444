"""How many were met on one visit, by each phone and together; writes nothing."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count as HowMany
from django.db.models import Q, Sum

from rinnalla.encounters.models import NOBODYS_DEVICE, Count, Encounter
from rinnalla.lib.prepared import Prepared

MET, SAME_QUEUE = Count.Kind.MET, Count.Kind.SAME_QUEUE


@dataclass
class Totals:
    """The figures of one visit as they stand.

    `by_device` holds each phone's own met, its guided people included where the site
    counts them as met; `evened` is what was taken out because of one shared queue.
    """

    counts: Counter = field(default_factory=Counter)
    guided: int = 0
    met_as_guided: int = 0
    by_device: Counter = field(default_factory=Counter)
    guided_by_device: Counter = field(default_factory=Counter)
    evened: int = 0

    @property
    def met(self):
        """Times met on the visit: every row added up."""
        return self.counts[MET] + self.met_as_guided

    @property
    def is_same_queue(self):
        return self.counts[SAME_QUEUE] > 0

    @property
    def should_even(self):
        """What has to be taken out so that one shared queue counts once.

        The greatest phone's figure stands for the queue; the others repeat it.
        """
        if not self.is_same_queue:
            return 0
        own = self.by_device.values()
        return max(own, default=0) - sum(own)


def totals_of(visit):
    """Add up one visit in two queries."""
    return totals_of_all([visit.pk])[visit.pk]


def totals_of_all(visits):
    """Add up these visits, given by their keys, in two queries: {key: Totals}."""
    found = {key: Totals() for key in visits}
    for visit, device, kind, number in COUNTED(list(found)):
        _add(found[visit], device, kind, number)
    for visit, device, number, met in GUIDED(list(found)):
        totals = found[visit]
        totals.guided += number
        totals.met_as_guided += met
        totals.guided_by_device[device] += number
        if device:
            totals.by_device[device] += met
    return found


COUNTED = Prepared(
    lambda visits: (
        Count.objects.filter(visit__in=visits)
        .values_list("visit", "device", "kind")
        .annotate(n=Sum("number"))
    )
)
GUIDED = Prepared(
    lambda visits: (
        Encounter.objects.filter(visit__in=visits)
        .kept()
        .values_list("visit", "device")
        .annotate(n=HowMany("pk"), met=HowMany("pk", filter=Q(counts_as_met=True)))
    )
)


def _add(totals, device, kind, number):
    totals.counts[kind] += number
    if kind == Count.Kind.GUIDED:
        totals.guided += number
    if kind != MET or device is None:
        return
    if device == NOBODYS_DEVICE:
        totals.evened += number
    else:
        totals.by_device[device] += number
