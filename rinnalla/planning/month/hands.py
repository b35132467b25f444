"""Who could go on the days of a rhythm: a proposal, which people then change.

Those who look after a place take turns: who was there longest ago goes next, if free
on that day and hour. Read from the visits themselves; nothing is kept by worker.
"""

from collections import defaultdict
from datetime import date, time, timedelta

from rinnalla.planning.models import Site, Visit

LOOKED_BACK = timedelta(days=62)
NEVER = date.min


class Turns:
    """Who was where last and who is busy when, as the proposal goes on day by day."""

    def __init__(self, site_keys, first, last):
        self._last_there = defaultdict(lambda: NEVER)
        self._busy = defaultdict(list)
        self._groups = _groups(site_keys)
        visits = Visit.objects.seen().exclude(status=Visit.Status.CANCELLED)
        visits = visits.filter(day__range=(first - LOOKED_BACK, last))
        people = {worker.pk for group in self._groups.values() for worker in group}
        went = visits.filter(workers__in=people).order_by("day")
        for row in went.values_list("workers", "site", "day", "starts", "ends"):
            self._note(*row)

    def take(self, slot):
        """The workers proposed for a slot, noted as busy then."""
        rhythm, site = slot.rhythm, slot.rhythm.site
        group = self._groups.get(site.pk, [])
        free = [w for w in group if self._is_free(w.pk, slot)]
        free.sort(key=lambda worker: self._last_there[worker.pk, site.pk])
        chosen = free[: site.required_staffing]
        for worker in chosen:
            self._note(worker.pk, site.pk, slot.on, rhythm.starts, rhythm.ends)
        return chosen

    def _note(self, worker, site, day, starts, ends):
        self._last_there[worker, site] = max(self._last_there[worker, site], day)
        self._busy[worker, day].append((starts or time.min, ends or time.max))

    def _is_free(self, worker, slot):
        starts, ends = slot.rhythm.starts or time.min, slot.rhythm.ends or time.max
        taken = self._busy[worker, slot.on]
        return all(end <= starts or ends <= start for start, end in taken)


def _groups(site_keys):
    """The people who look after each place and still work: {site: [worker, …]}."""
    link = Site.responsible.through.objects.filter(
        site__in=site_keys, worker__is_active=True
    )
    found = defaultdict(list)
    for row in link.select_related("worker").order_by("worker__name", "pk"):
        found[row.site_id].append(row.worker)
    return found
