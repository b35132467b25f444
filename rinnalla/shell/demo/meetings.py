"""What happened on an invented visit: how many were met, what was talked about.

Everything follows from a seed made of the place and the day, so the same day of the
same place is the same in every demo, whenever it is loaded.
"""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from rinnalla.lib import clock
from rinnalla.shell.demo.cards import OBSERVATIONS

# How often each is chosen, of a hundred or so. What is not listed does not come up.
TOPICS = {
    "benefits": 17,
    "social_assistance": 14,
    "finances": 12,
    "housing": 13,
    "social_services": 10,
    "health_services": 9,
    "mental_health": 9,
    "substances": 9,
    "loneliness": 10,
    "digital": 8,
    "debt": 8,
    "homelessness": 7,
    "physical_health": 7,
    "coping_at_home": 6,
    "work": 6,
    "family": 6,
}
# What a kind of place brings up more (or less) than others.
LEANING = {
    "food_distribution": {"benefits": 2, "social_assistance": 2, "finances": 2},
    "food_card_event": {"benefits": 2, "social_assistance": 2, "finances": 2},
    "street": {"homelessness": 4, "substances": 3, "digital": 0.3},
    "park": {"homelessness": 3, "substances": 3, "work": 2},
    "day_centre": {"homelessness": 3, "housing": 2, "loneliness": 1.5},
    "library": {"digital": 4, "work": 2, "substances": 0.3},
    "residents_space": {"loneliness": 3, "family": 3, "coping_at_home": 2},
    "home": {"coping_at_home": 5, "physical_health": 3, "loneliness": 2},
    "housing_unit": {"housing": 2, "debt": 2, "substances": 2},
    "health_counselling": {"substances": 4, "physical_health": 3},
    "health_centre": {"health_services": 4, "physical_health": 3},
    "shopping_centre": {"work": 3, "family": 2},
    "online": {"mental_health": 4, "loneliness": 3, "homelessness": 0.3},
    "parish_office": {"loneliness": 2, "finances": 2},
}
METHODS = {
    "information": 26,
    "guidance": 28,
    "motivating": 12,
    "joint_contact": 14,
    "presence": 12,
    "referred": 14,
    "errand": 6,
    "appointment": 8,
    "accompanied": 4,
    "trust": 8,
    "harm_reduction": 3,
}
NEXT_STEPS = {
    "none": 24,
    "meet_here": 34,
    "i_contact": 14,
    "person_contacts": 17,
    "service": 21,
}
AGES = {"18_24": 10, "25_29": 11, "30_44": 30, "45_64": 34, "65_74": 15, "75plus": 10}
TARGET_GROUPS = {
    "needing_information": 30,
    "unreached": 16,
    "homeless": 14,
    "substance_users": 16,
    "mental_health": 14,
    "staying_home": 8,
    "older": 18,
    "young": 12,
    "immigrants": 10,
}
ITEMS = {"leaflet": 30, "card": 34, "sweets": 18, "snack": 10, "drink": 10, "letter": 5}
ORIGINS = {"own_approach": 46, "sent": 14, "brought": 10, "came_back": 30}
PHENOMENA = {
    "price_rise": 20,
    "eviction": 10,
    "new_faces": 18,
    "kela_queue": 16,
    "families_in_queue": 10,
    "sleeping_rough": 8,
    "new_substance": 4,
    "violence": 4,
    "service_closed": 6,
    "good_news": 12,
}
THRESHOLDS = {
    "digital_only": 22,
    "queueing": 18,
    "appointment_only": 14,
    "phone": 12,
    "shame": 12,
    "left_alone": 10,
    "attitude": 8,
    "criteria": 8,
    "distance": 8,
}
CANCEL_REASONS = {
    "staff_ill": 34,
    "no_pair": 26,
    "weather": 12,
    "host_cancelled": 14,
    "other_task": 14,
}
SOLO_REASONS = {"pair_ill": 6, "host_gives_pair": 2, "familiar_place": 2}
OUTDOORS = {"street", "park"}
FIRST_DAY = date(2025, 1, 1)
# A quiet July, a busy late autumn: how many come, by month.
SEASONS = (1.0, 0.98, 1.02, 1.0, 0.97, 0.88, 0.66, 0.9, 1.03, 1.08, 1.12, 1.06)


@dataclass
class Outcome:
    """One invented visit when it is over; `meetings` are fields of an encounter."""

    cancel_reason: str = ""
    is_solo: bool = False
    solo_reason: str = ""
    met: int = 0
    declined: int = 0
    opened: int = 0
    how: str = "counted"
    minutes: int = 0
    meetings: list = field(default_factory=list)
    observation: dict = field(default_factory=dict)
    atmosphere: str = "calm"
    safety: str = "fine"


def dice_of(place, day, what="visit"):
    """The dice of one place and day."""
    return random.Random(f"{place.name} {place.municipality} {day} {what}")


def key_of(place, day, what="visit", number=0):
    """A lasting random key for one row of a place and day."""
    dice = dice_of(place, day, f"key of {what} {number}")
    return uuid.UUID(int=dice.getrandbits(128), version=4)


def outcome_of(place, day):
    """Make up what happened at the place on the day."""
    dice = dice_of(place, day)
    if dice.random() < _cancel_chance(place, day):
        return Outcome(cancel_reason=_cancel_reason(dice, place))
    return _done(dice, place, day)


def left_open(place, day):
    """A visit that took place for certain, with two meetings still to complete."""
    outcome = _done(dice_of(place, day, "left open"), place, day)
    outcome.meetings = [*outcome.meetings[:2], {}, {}]
    outcome.met = max(outcome.met, len(outcome.meetings))
    return outcome


def _done(dice, place, day):
    outcome = Outcome(met=_met(dice, place, day))
    outcome.minutes = _minutes(dice, place)
    _went_alone(dice, place, outcome)
    _counted(dice, place, outcome)
    guided = min(_about(dice, place.guided), outcome.met)
    outcome.meetings = [_meeting(dice, place, day) for _ in range(guided)]
    outcome.declined = dice.choice((0, 0, 0, 1, 1, 2, 4)) if outcome.met > 4 else 0
    outcome.opened = sum(dice.random() < 0.09 for _ in range(guided))
    outcome.observation = _observation(dice, place)
    outcome.atmosphere = _pick(dice, {"calm": 62, "busy": 30, "tense": 8})
    outcome.safety = _pick(dice, {"fine": 96, "worry": 4})
    return outcome


def _cancel_chance(place, day):
    chance = 0.1 if day.month == 7 else 0.055
    return chance + (0.05 if place.kind in OUTDOORS else 0)


def _cancel_reason(dice, place):
    reasons = dict(CANCEL_REASONS)
    if place.kind in OUTDOORS:
        reasons["weather"] = 60
    else:
        del reasons["weather"]
    if place.staffing == 1:
        del reasons["no_pair"]
    return _pick(dice, reasons)


def _met(dice, place, day):
    fewest, most = place.met
    usual = dice.triangular(fewest, most)
    if place.kind.startswith("food"):
        usual *= 0.78 if day.day <= 9 else 1.22 if day.day >= 21 else 1
    # A place becomes known: a tenth more in a year, for two years.
    years = min(max((day - FIRST_DAY).days / 365, 0), 2)
    usual *= SEASONS[day.month - 1] * (1 + years / 10)
    if place.kind in OUTDOORS and dice.random() < 0.06:
        return 0
    return max(round(usual), 1)


def _minutes(dice, place):
    planned = (place.hours[1] - place.hours[0]) * 60
    return max(planned + dice.choice((-30, -15, -10, 0, 0, 0, 5, 10, 20)), 30)


def _went_alone(dice, place, outcome):
    outcome.is_solo = place.staffing == 1 or dice.random() < 0.06
    if outcome.is_solo and place.staffing > 1:
        outcome.solo_reason = _pick(dice, SOLO_REASONS)


def _counted(dice, place, outcome):
    if outcome.met >= 60 and dice.random() < 0.4:
        outcome.how, outcome.met = "estimated", round(outcome.met / 10) * 10
    elif place.kind.startswith("food") and dice.random() < 0.12:
        outcome.how = "from_organiser"


def _meeting(dice, place, day):
    """The coded fields of one invented meeting; one in twenty is left a stub."""
    if dice.random() < 0.05:
        return {}
    leaning = LEANING.get(place.kind, {})
    topics = {code: n * leaning.get(code, 1) for code, n in TOPICS.items()}
    newness = 34 if place.is_queue or place.kind in OUTDOORS else 16
    meeting = {
        "topics": _some(dice, topics, (62, 30, 8)),
        "methods": _some(dice, METHODS, (46, 40, 14)),
        "next_step": _maybe(dice, 0.86, NEXT_STEPS),
        "age_band": _maybe(dice, 0.9, AGES),
        "familiarity": _maybe(dice, 0.92, {"new": newness, "returning": 100 - newness}),
        "origin": _maybe(dice, 0.55, ORIGINS),
        "has_language_barrier": dice.random() < 0.04,
        "tickets": int(dice.random() < 0.04),
    }
    if dice.random() < 0.7:
        meeting["target_groups"] = _some(dice, TARGET_GROUPS, (82, 18))
    if dice.random() < 0.3:
        meeting["items"] = _some(dice, ITEMS, (80, 20))
    return meeting


def _observation(dice, place):
    if dice.random() > 0.16:
        return {}
    group = "food" if place.is_queue else place.kind
    group = "outdoors" if place.kind in OUTDOORS else group
    words = OBSERVATIONS.get(group, OBSERVATIONS["indoors"])
    return {
        "phenomena": _some(dice, PHENOMENA, (70, 30)),
        "thresholds": _some(dice, THRESHOLDS, (80, 20)) if dice.random() < 0.6 else [],
        "text": dice.choice(words) if dice.random() < 0.75 else "",
    }


def times(place, day, outcome):
    """When the visit began, when each met person was guided and when it ended."""
    dice = dice_of(place, day, "times")
    begun = clock.at(day, place.hours[0]) + timedelta(minutes=dice.choice((-5, 0, 0)))
    ended = begun + timedelta(minutes=outcome.minutes)
    guided = sorted(dice.randrange(outcome.minutes) for _ in outcome.meetings)
    moments = [clock.cut(begun + timedelta(minutes=n)) for n in guided]
    return begun, moments, clock.cut(ended)


def _about(dice, usual):
    """A whole number near the usual one, seldom more than one off."""
    return max(round(dice.gauss(usual, 0.75)), 0)


def _pick(dice, weights):
    return dice.choices(list(weights), list(weights.values()))[0]


def _maybe(dice, chance, weights):
    return _pick(dice, weights) if dice.random() < chance else ""


def _some(dice, weights, how_many):
    """One or more different codes; `how_many` weighs one, two, three …"""
    number = dice.choices(range(1, len(how_many) + 1), how_many)[0]
    picked = []
    while len(picked) < number:
        code = _pick(dice, weights)
        if code not in picked:
            picked.append(code)
    return picked
