"""The figures of visits as a phone shows them: its own, and all phones together."""

from django.db.models import Count as HowMany

from rinnalla.encounters.models import Mark
from rinnalla.encounters.totals import totals_of_all
from rinnalla.lib.prepared import Prepared


def totals_for_all(visits, device, found=None):
    """What the counters of these visits show on this phone: {visit's key: figures}.

    Three queries, however many visits; one, where their totals were found already.
    """
    if found is None:
        found = totals_of_all([visit.pk for visit in visits])
    marks = _marks_of(found, device)
    return {
        visit.pk: _shown(visit, found[visit.pk], marks.get(visit.pk, 0), device)
        for visit in visits
    }


def _marks_of(keys, device):
    """How many of this phone's marks still wait, by visit."""
    rows = MARKS(list(keys), [device]) if device else ()
    return {visit: number for visit, _device, number in rows}


MARKS = Prepared(
    lambda keys, devices: (
        Mark.objects.filter(visit__in=keys, device__in=devices, is_done=False)
        .values_list("visit", "device")
        .annotate(n=HowMany("pk"))
    )
)


def _shown(visit, totals, marks, device):
    others = [n for d, n in totals.by_device.items() if d != device]
    return {
        "own": totals.by_device[device],
        "guided": totals.guided_by_device[device],
        "marks": marks,
        "together": totals.met,
        "others": sum(others),
        "most_other": max(others, default=0),
        "loose": totals.met - totals.evened - sum(totals.by_device.values()),
        "guided_together": totals.guided,
        "same_queue": totals.is_same_queue,
        "declined": totals.counts["declined"],
        "attended": totals.counts["attended"],
        "is_open": visit.status in ("planned", "under_way"),
    }
