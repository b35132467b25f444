"""Turns the invented county into unsaved rows, visit by visit."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from rinnalla.access.roles import Role
from rinnalla.encounters.models import Count, Encounter, Observation, WrapUp
from rinnalla.lib import clock
from rinnalla.planning.models import Decision, SiteCard, Visit
from rinnalla.shell.demo.cards import CARDS
from rinnalla.shell.demo.county import (
    ANNA,
    COUNTY,
    DAY_CENTRE,
    FOOD_QUEUE,
    HOME_VISITS,
    MIKKO,
    PARISH_TABLE,
    PEOPLE,
)
from rinnalla.shell.demo.meetings import dice_of, key_of, left_open, outcome_of, times
from rinnalla.shell.demo.rhythm import days
from rinnalla.shell.demo.rhythms import follows_rule

WEEKS_AHEAD = 6
MONTHS = 18
YESTERDAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
TODAY = (FOOD_QUEUE, HOME_VISITS, PARISH_TABLE)


@dataclass(frozen=True)
class Plan:
    """One visit that was or will be."""

    place: object
    day: date

    @property
    def key(self):
        return key_of(self.place, self.day)


@dataclass
class Rows:
    """Everything that will be written for the visits, table by table."""

    visits: list = field(default_factory=list)
    went: list = field(default_factory=list)  # (visit, people)
    counts: list = field(default_factory=list)
    meetings: list = field(default_factory=list)
    wrap_ups: list = field(default_factory=list)
    observations: list = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """The rows that stand already: sites, people and organisations by name."""

    sites: dict
    people: dict
    organisations: dict
    rhythms: dict = field(default_factory=dict)

    def keepers(self, place, today):
        """Who looks after a place: those who go, and others who take turns there."""
        team = [self.people[p.name] for p in PEOPLE if p.team == place.team]
        workers = [person for person in team if person.role == Role.WORKER]
        group = dict.fromkeys([*self.hands(place, today), *workers])
        return list(group)[: place.keepers]

    def hands(self, place, day):
        """Who goes: mostly the two who always go, so that faces become familiar."""
        if place.organisation != COUNTY:
            theirs = [p for p in PEOPLE if p.organisation == place.organisation]
            return [self.people[person.name] for person in theirs]
        team = [p for p in PEOPLE if p.team == place.team and p.role == Role.WORKER]
        usual = dice_of(place, date(2025, 1, 1), "usual pair").sample(team, 2)
        dice = dice_of(place, day, "pair")
        pair = usual if dice.random() < 0.75 else dice.sample(team, 2)
        return [self.people[person.name] for person in pair]


def first_day(today, months):
    """The first day of the month so many months back."""
    at = today.year * 12 + today.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def plans(places, today, months=MONTHS):
    """Every visit of the demo from its first month to six weeks from today."""
    first = first_day(today, months)
    last = today + timedelta(weeks=WEEKS_AHEAD)
    for place in places:
        on = set(days(place.rhythm, place.season, first, last))
        if place in TODAY:
            on.add(today)  # so that the demo's people always have a day to live
        if place == DAY_CENTRE:
            on.add(today - YESTERDAY)  # and something left to complete
        for day in sorted(on):
            yield Plan(place, day)


def card_of(place, site, written_by, today):
    """A site's card; every sixth is due for review already."""
    dice = dice_of(place, date(2025, 1, 1), "card")
    reviewed = today - timedelta(days=dice.randrange(20, 200))
    why, resources, features = CARDS[place.kind]
    return SiteCard(
        site=site,
        version=1,
        why=why,
        when=place.when,
        where=place.where,
        resources=resources,
        features=features,
        safety_note=place.safety,
        reviewed_on=reviewed,
        review_due_on=reviewed + timedelta(days=182),
        written_by=written_by,
        **(_decided() if place.season else {}),
    )


def _decided():
    """How the last review of a place in season ended."""
    said = "Väki on täällä kesällä, talvella muualla. Rytmi toimi, jatketaan samoin."
    return {"decision": Decision.CONTINUE, "decided_why": said}


def add(rows, plan, known, today):
    """Add one visit, and what happened on it when its day is past."""
    visit = _visit(plan, known, today)
    people = _hands(plan, known, today)
    rows.visits.append(visit)
    if plan.day >= today:
        looks = plan.place.looks_for_pair and plan.day <= today + A_WEEK
        people = people[: 1 if looks else plan.place.staffing]
    else:
        outcome = outcome_of(plan.place, plan.day)
        if _is_left_open(plan, today):
            outcome = left_open(plan.place, plan.day)
        people = people[:1] if outcome.is_solo else people
        _happened(rows, plan, visit, outcome)
        visit.staff = len(people) if visit.status == Visit.Status.DONE else None
    rows.went += [(visit, person) for person in people]


def _hands(plan, known, today):
    """Who goes; the demo's worker has her own day and what she left yesterday."""
    anna, mikko = known.people[ANNA.name], known.people[MIKKO.name]
    if plan.day == today and plan.place in (FOOD_QUEUE, HOME_VISITS):
        return [anna, mikko]
    if _is_left_open(plan, today):
        return [anna]
    return known.hands(plan.place, plan.day)


def _is_left_open(plan, today):
    return plan.place == DAY_CENTRE and plan.day == today - YESTERDAY


def _visit(plan, known, today):
    place, site = plan.place, known.sites[plan.place.name]
    dice = dice_of(place, plan.day, "frame")
    starts, ends = place.hours
    rhythm = known.rhythms.get(place.name)
    is_slot = follows_rule(place.rhythm) and place.rhythm.includes(plan.day)
    if plan.day == today:
        starts, ends = _hours_today(place, starts, ends)
    return Visit(
        pk=plan.key,
        site=site,
        team_id=site.team_id,
        organisation=known.organisations[place.organisation],
        day=plan.day,
        starts=time(starts),
        ends=time(ends),
        arrive_before_minutes=30 if place.kind.startswith("food") else 0,
        rhythm=rhythm if is_slot else None,
        slot=plan.day if is_slot and rhythm else None,
        type=_type_of(place),
        partner=known.organisations.get(place.partner),
        has_expert_by_experience=place.kind == "street" and dice.random() < 0.3,
        has_student=dice.random() < 0.06,
        has_volunteer=place.partner != "" and dice.random() < 0.4,
        identifier="vest" if place.kind in ("street", "park", "event") else "badge",
        has_car=place.kind.startswith("food") or place.kind == "home",
        kit=_kit(place, ["cards", "leaflets"] if dice.random() < 0.8 else ["cards"]),
    )


def _kit(place, usual):
    """What is along: all that the place needs but the laptop, which is elsewhere."""
    needed = [code for code in place.kit if code != "laptop"]
    return list(dict.fromkeys([*needed, *usual]))


def _type_of(place):
    return {"home": "on_request", "event": "event"}.get(place.kind, "planned")


def _hours_today(place, starts, ends):
    """What the demo's people go to begins this hour, the home visit later."""
    now = min(max(clock.local(clock.now()).hour, 8), 18)
    if place in (FOOD_QUEUE, PARISH_TABLE):
        return now, now + 2
    return (now + 3, now + 4) if place == HOME_VISITS else (starts, ends)


def _happened(rows, plan, visit, outcome):
    """Write what happened into the visit and its facts."""
    if outcome.cancel_reason:
        visit.status, visit.cancel_reason = "cancelled", outcome.cancel_reason
        return
    begun, moments, ended = times(plan.place, plan.day, outcome)
    visit.status, visit.solo_reason = "done", outcome.solo_reason
    visit.started_at, visit.ended_at = begun, ended
    visit.minutes = outcome.minutes
    rows.meetings += _meetings(plan, visit, outcome, moments)
    rows.counts += _counts(plan, visit, outcome, ended)
    rows.wrap_ups.append(
        WrapUp(
            visit=visit,
            how=outcome.how,
            is_nobody_reached=not outcome.met,
            atmosphere=outcome.atmosphere,
            safety=outcome.safety,
        )
    )
    if outcome.observation:
        rows.observations.append(
            Observation(
                visit=visit, site=visit.site, day=plan.day, **outcome.observation
            )
        )


def _meetings(plan, visit, outcome, moments):
    return [
        Encounter(
            pk=key_of(plan.place, plan.day, "meeting", number),
            visit=visit,
            at=at,
            counts_as_met=not plan.place.is_queue,
            **fields,
        )
        for number, (fields, at) in enumerate(
            zip(outcome.meetings, moments, strict=True)
        )
    ]


def _counts(plan, visit, outcome, ended):
    """The numbers of a visit; who was guided counts as met except in a queue."""
    beside = 0 if plan.place.is_queue else len(outcome.meetings)
    numbers = {
        "met": outcome.met - beside,
        "declined": outcome.declined,
        "matter_opened": outcome.opened,
    }
    return [
        Count(
            pk=key_of(plan.place, plan.day, kind),
            visit=visit,
            kind=kind,
            number=number,
            how=outcome.how if kind == "met" else "counted",
            at=ended,
        )
        for kind, number in numbers.items()
        if number
    ]
