"""What the rhythms ask for in a month and nobody has planned yet."""

import json
from dataclasses import dataclass, field
from hashlib import sha256

from django.utils.translation import get_language

from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.models import Rhythm, Site, Visit
from rinnalla.planning.month.hands import Hands
from rinnalla.planning.permissions import PLAN_MONTH
from rinnalla.planning.rhythm import slots, words


@dataclass
class Offer:
    """One day that could be planned, and who could go."""

    slot: slots.Slot
    people: list

    @property
    def day(self):
        """The day in words: "ke 8.4."."""
        return words.day(self.slot.on, get_language())

    @property
    def names(self):
        return ", ".join(worker.first_name for worker in self.people)

    @property
    def lacks(self):
        few = self.slot.rhythm.site.has_too_few(len(self.people))
        return few or not self.people


@dataclass
class Place:
    """A place, its rhythm in words, and its days of the month."""

    site: Site
    said: str
    kind: object
    offers: list = field(default_factory=list)

    @property
    def name(self):
        return words.name_in_list(self.site)


@dataclass(frozen=True)
class Proposal:
    """All the days of a month that wait to be planned, in order."""

    offers: list

    @property
    def usual(self):
        """Those one goes on unless somebody leaves them out."""
        return [offer for offer in self.offers if not offer.slot.is_skipped]

    @property
    def mark(self):
        """Changes when what was shown no longer holds."""
        told = [[o.slot.key, [w.pk for w in o.people]] for o in self.offers]
        return sha256(json.dumps(told).encode()).hexdigest()[:24]

    def chosen(self, *, left_out, taken):
        """The offers to plan: the usual ones but for some, and holidays one keeps."""
        usual = {offer.slot.key for offer in self.usual} - set(left_out)
        wanted = usual | set(taken)
        return [offer for offer in self.offers if offer.slot.key in wanted]

    def by_place(self):
        """The offers under their places, in the order of kinds and names."""
        places, known = {}, kinds.all_kinds()
        order = list(known)
        for offer in self.offers:
            rhythm = offer.slot.rhythm
            if rhythm.pk not in places:
                kind = known[rhythm.site.kind]
                places[rhythm.pk] = Place(rhythm.site, words.say(rhythm), kind)
            places[rhythm.pk].offers.append(offer)

        def place_of(place):
            code = place.site.kind
            return (order.index(code) if code in order else 99, place.site.name)

        return sorted(places.values(), key=place_of)


def propose(worker, month):
    """The proposal for the own team's month, from today on."""
    found = _asked_for(worker, month)
    found.sort(key=lambda slot: (slot.on, slot.rhythm.starts is None, slot.key))
    first = max(month.first, clock.today())
    hands = Hands({slot.rhythm.site_id for slot in found}, first, month.last)
    return Proposal([Offer(s, [] if s.is_skipped else hands.take(s)) for s in found])


def how_many_wait(worker, month):
    """How many visits the rhythms still ask for in the own team's month."""
    return sum(not slot.is_skipped for slot in _asked_for(worker, month))


def _asked_for(worker, month):
    """The slots of a month nobody has planned or left out."""
    first = max(month.first, clock.today())
    rhythms = Rhythm.objects.of_places_in_use()
    rhythms = PLAN_MONTH.limit(rhythms, worker, team="site__team")
    found = slots.between(rhythms, first, month.last)
    return _still_open([s for s in found if not s.is_left_out], worker.team_id)


def _still_open(found, team):
    """Slots without a visit, on days when the place has no other visit."""
    if not found:
        return []
    visits = Visit.objects.filter(team=team)
    made = visits.filter(slot__in={slot.day for slot in found}, rhythm__isnull=False)
    made = set(made.values_list("rhythm", "slot"))
    others = visits.filter(day__in={slot.on for slot in found})
    others = others.exclude(status=Visit.Status.CANCELLED)
    others = set(others.values_list("site", "day"))
    return [
        slot
        for slot in found
        if (slot.rhythm.pk, slot.day) not in made
        and (slot.rhythm.site_id, slot.on) not in others
    ]


def sites_without_rhythm(worker):
    """The own team's places nobody has given a rhythm."""
    sites = PLAN_MONTH.limit(Site.objects.in_use(), worker)
    return sites.filter(rhythms=None).order_by("kind", "name", "pk")
