"""Who could go on the days of a rhythm: a proposal, which people then change.

Those who look after a place take turns, as far as they are free on that day and hour.
"""

from collections import defaultdict
from datetime import timedelta

from django.db.models import F

from rinnalla.lib import clock
from rinnalla.planning.models import Site, Visit
from rinnalla.planning.pairs.turns import Turns

LOOKED_BACK = timedelta(days=62)


class Hands:
    """The hands of a month's places, taken slot by slot as the proposal goes on."""

    def __init__(self, site_keys, first, last):
        self._turns = Turns()
        self._groups = _groups(site_keys)
        visits = Visit.objects.seen().exclude(status=Visit.Status.CANCELLED)
        visits = visits.filter(day__range=(first - LOOKED_BACK, last))
        visits = visits.exclude(status=Visit.Status.PLANNED, day__lt=clock.today())
        people = {worker.pk for group in self._groups.values() for worker in group}
        went = visits.filter(workers__in=people).order_by("day")
        for row in went.values_list("workers", "site", "day", "starts", "ends"):
            self._note(*row)

    def take(self, slot):
        """The workers proposed for a slot, noted as busy then."""
        rhythm, site = slot.rhythm, slot.rhythm.site
        hours = slot.on, rhythm.starts, rhythm.ends
        group = self._groups.get(site.pk, [])
        free = [w for w in group if not self._turns.elsewhere(w.pk, *hours)]
        keepers = {worker.pk for worker in group}
        ordered = self._turns.in_order(free, site.pk, keepers)
        chosen = ordered[: site.own_staffing]
        for worker in chosen:
            self._note(worker.pk, site.pk, *hours)
        return chosen

    def _note(self, worker, site, day, starts, ends):
        self._turns.note_there(worker, site, day)
        self._turns.note_busy(worker, day, starts, ends)


def _groups(site_keys):
    """Those of its team who look after each place: {site: [worker, …]}."""
    link = Site.responsible.through.objects.filter(
        site__in=site_keys, worker__is_active=True, worker__team=F("site__team")
    )
    found = defaultdict(list)
    for row in link.select_related("worker").order_by("worker__name", "pk"):
        found[row.site_id].append(row.worker)
    return found
