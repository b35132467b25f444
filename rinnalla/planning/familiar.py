"""Whether those who went on a visit knew the place: reads, writes nothing.

Told of the visit as a whole. Nothing is counted of a worker, and who went is forgotten
after the raw records' time; what was known when the visit ended stays.
"""

from collections import defaultdict

from rinnalla.planning.models import Visit

TIMES = 3  # been at the place so many times before


def is_familiar(went, before):
    """Whether any of those who went is three times among those who went `before`.

    None when nobody is known to have gone.
    """
    return any(before.count(one) >= TIMES for one in went) if went else None


def on_visit(visit):
    """The same of one visit, by the visits done at its place on earlier days."""
    went = [worker.pk for worker in visit.workers.all()]
    earlier = Visit.objects.seen().done().filter(site=visit.site_id)
    earlier = earlier.filter(day__lt=visit.day, workers__in=went).order_by()
    return is_familiar(went, list(earlier.values_list("workers", flat=True)))


def unsaid_visits():
    """Ended visits of which it has not been said though it is known who went.

    Returns them as {visit's key: True or False}: rows from before this was asked.
    """
    rows = Visit.objects.seen().done().filter(workers__isnull=False)
    went, unsaid = defaultdict(lambda: defaultdict(list)), set()
    fields = ("site", "day", "pk", "is_familiar", "workers")
    for site, day, key, known, worker in rows.values_list(*fields):
        went[site, day][key].append(worker)
        if known is None:
            unsaid.add(key)
    before, found = defaultdict(list), {}
    for (site, _day), visits in sorted(went.items()):
        for key in unsaid.intersection(visits):
            found[key] = is_familiar(visits[key], before[site])
        before[site] += [one for people in visits.values() for one in people]
    return found
