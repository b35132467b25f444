"""Car and kit of a visit: what its place needs, what is there and what lacks."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.models import Visit

A_WEEK = timedelta(days=7)
OPEN = (Visit.Status.PLANNED, Visit.Status.UNDER_WAY)
# The car stands among the codes of the kit by the name of its field.
CAR = "has_car"


@dataclass(frozen=True)
class Thing:
    """One thing to take along: there already, or still lacking."""

    code: str
    label: str
    is_there: bool
    is_needed: bool  # the place asks for it


def things_of(visit, words):
    """What goes along: what the place needs, then what else is taken.

    `words` are the labels of the list `kit`; reads the visit's place.
    """
    site, needed = visit.site, visit.site.needed_kit
    found = [
        Thing(code, words.get(code, code), code in visit.kit, code in needed)
        for code in dict.fromkeys([*needed, *visit.kit])
    ]
    if site.needs_car or visit.has_car:
        found.insert(0, Thing(CAR, _("Car"), visit.has_car, site.needs_car))
    return found


def lay_out(visits):
    """Give the visits of the coming week the things their places need (`things`)."""
    today = clock.today()
    soon = [
        visit
        for visit in visits
        if visit.status in OPEN
        and today <= visit.day <= today + A_WEEK
        and (visit.site.needed_kit or visit.site.needs_car)
    ]
    words = kinds.words("kit")["kit"] if soon else {}
    for visit in soon:
        found = things_of(visit, words)
        visit.things = [thing for thing in found if thing.is_needed]


def needs_of(site):
    """What a place needs along, in words: the car first."""
    words = kinds.words("kit")["kit"] if site.needed_kit else {}
    car = [_("Car")] if site.needs_car else []
    return car + [words.get(code, code) for code in site.needed_kit]


def lacks_in_words(visit, lacks_pair, words):
    """What a visit still lacks, in a sentence or two; empty when nothing does."""
    car = [_("Car")] if visit.lacks_car else []
    things = car + [words.get(code, code) for code in visit.lacking_kit]
    pair = [_("No pair yet.")] if lacks_pair else []
    kit = [_("Missing: %(things)s.") % {"things": ", ".join(things)}] if things else []
    return " ".join([*pair, *kit])
