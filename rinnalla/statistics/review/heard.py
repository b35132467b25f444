"""What the street, partners and those who ask for us say of one place in a year.

Observations and requests hold no person; their own words are guarded and only the
place's own team reads them here.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, Sum

from rinnalla.access.models import Code
from rinnalla.encounters.models import Observation
from rinnalla.encounters.permissions import READ_ENCOUNTERS
from rinnalla.lib import clock
from rinnalla.planning.booking.retention import SLOT_DAYS
from rinnalla.planning.models import BookableSlot, OutreachRequest, Visit
from rinnalla.planning.permissions import HANDLE_REQUESTS
from rinnalla.statistics.models import MonthCount

MOST_WORDS = 5
MOST_CODES = 5
MOST_REQUESTS = 5


@dataclass(frozen=True)
class Heard:
    """What was heard of a place: codes noted, own words, partners, those who asked."""

    phenomena: list  # of (label, times)
    thresholds: list
    words: list  # observations with a text, newest first
    partners: list  # of (organisation, visits along or alone)
    requests: list
    request_count: int
    booked: int

    @property
    def more_requests(self):
        """How many requests there are beside those shown."""
        return self.request_count - len(self.requests)

    @property
    def is_silent(self):
        """Whether nobody has said anything."""
        lists = self.phenomena, self.thresholds, self.words, self.partners
        return not any([*lists, self.requests, self.booked])


def heard_of(worker, site, first):
    """What was heard of a place from the first day of a month to this day."""
    requests = _requests(worker, site, first)
    return Heard(
        phenomena=_noted(site, "phenomenon", first),
        thresholds=_noted(site, "threshold", first),
        words=list(_words(worker, site, first)[:MOST_WORDS]),
        partners=_partners(site, first),
        requests=list(requests[:MOST_REQUESTS]),
        request_count=requests.count(),
        booked=_booked(site).count(),
    )


def _booked(site):
    """Times the place booked, as far back as they are kept."""
    since = clock.today() - timedelta(days=SLOT_DAYS)
    slots = BookableSlot.objects.filter(site=site, day__gte=since)
    return slots.exclude(booked_at=None)


def _noted(site, dimension, first):
    """The codes noted most often: (label, times). They count notes, not people."""
    rows = MonthCount.objects.filter(site=site, dimension=dimension, month__gte=first)
    sums = rows.order_by().values_list("category").annotate(n=Sum("value"))
    labels = {code.code: code.label for code in Code.objects.of(dimension)}
    noted = [(labels.get(code, code), times) for code, times in sums if times > 0]
    return sorted(noted, key=lambda row: (-row[1], row[0]))[:MOST_CODES]


def _words(worker, site, first):
    """Observations with own words, each with whose visit it was made on."""
    rows = READ_ENCOUNTERS.limit(
        Observation.objects.exclude(text=""),
        worker,
        team="site__team",
        organisation="visit__organisation",
    )
    rows = rows.filter(site=site, day__gte=first)
    rows = rows.filter(Q(visit=None) | Q(visit__is_seen=True))
    return rows.select_related("visit__organisation").order_by("-day", "-pk")


def _partners(site, first):
    """Other organisations that were there, with us or alone: (name, visits)."""
    visits = Visit.objects.seen().done().filter(site=site, day__gte=first)
    own = site.team.organisation_id
    along = visits.exclude(partner=None).exclude(partner=own)
    theirs = visits.exclude(organisation=own).exclude(partner=F("organisation"))
    found = {}
    for rows, name in ((along, "partner__name"), (theirs, "organisation__name")):
        for who, times in rows.order_by().values_list(name).annotate(n=Count("pk")):
            found[who] = found.get(who, 0) + times
    return sorted(found.items())


def _requests(worker, site, first):
    """Requests since this day for this place: visited here, or named after it."""
    # SQLite folds the case of a-z only, so the usual spellings are tried.
    named = Q(visit__site=site)
    for name in {site.name, site.name.lower(), site.name.capitalize()}:
        near = Q(municipality=None) | Q(municipality=site.municipality_id)
        named |= Q(place__icontains=name) & near
    rows = HANDLE_REQUESTS.limit(OutreachRequest.objects.filter(named), worker)
    rows = rows.filter(is_held=False, received_at__gte=clock.at(first))
    return rows.order_by("-received_at", "pk")
