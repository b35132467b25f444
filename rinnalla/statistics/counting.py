"""Adds up the facts of one site's month, afresh every time; writes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from rinnalla.encounters.models import Count, Encounter, Observation, WrapUp
from rinnalla.planning.models import MISTAKEN, PromisedDay, Visit
from rinnalla.statistics.models import ACTIVITY

# Not splits of people: how the promised days went, and who was known at the place.
RHYTHM, MOVED, CALLED_OFF, FACES = "rhythm", "rhythm_moved", "rhythm_off", "faces"
# Splits of people: shown only protected and for closed periods.
PEOPLE = ("topic", "target_group", "age_band", "familiarity", "next_step")
_MANY = {
    "topics": "topic",
    "target_groups": "target_group",
    "methods": "method",
    "items": "item",
}
_ONE = {
    "age_band": "age_band",
    "familiarity": "familiarity",
    "next_step": "next_step",
    "origin": "origin",
}
_CODED = {"topic": "topic", "method": "method", "result": "next_step"}
_FAMILIARITY = {Count.Kind.NEW, Count.Kind.RETURNING}
# What a guest tapped on a visit that was then called off is in no figure.
_HELD = [status for status in Visit.Status if status != Visit.Status.CANCELLED]
_SUMMED = {
    Count.Kind.MET: "met",
    Count.Kind.GUIDED: "guided",
    Count.Kind.DECLINED: "declined",
    Count.Kind.ATTENDED: "attended",
    Count.Kind.MATTER_OPENED: "matter_opened",
}
# A day with one of these has its number: nobody met may be the result.
_SAID = ("nobody_reached", *_SUMMED.values())


@dataclass
class Figures:
    """A site's month: numbers of each (day, organisation), and categories."""

    days: dict = field(default_factory=lambda: defaultdict(Counter))
    categories: Counter = field(default_factory=Counter)

    def total(self, organisation):
        """The month's numbers of one organisation."""
        total = Counter()
        for (_day, whose), numbers in self.days.items():
            if whose == organisation:
                total.update(numbers)
        return total

    @property
    def organisations(self):
        return sorted({whose for _day, whose in self.days})

    def as_rows(self):
        """Plain sorted rows, without zeros: to store as JSON and to compare."""
        return {
            "days": [
                [day.isoformat(), whose, name, number]
                for (day, whose), numbers in sorted(self.days.items())
                for name, number in sorted(numbers.items())
                if number
            ],
            "categories": [
                [*key, number]
                for key, number in sorted(self.categories.items())
                if number
            ],
        }

    @classmethod
    def from_rows(cls, rows):
        figures = cls()
        for day, whose, name, number in rows.get("days", ()):
            figures.days[date.fromisoformat(day), whose][name] = number
        for dimension, category, number in rows.get("categories", ()):
            figures.categories[dimension, category] = number
        return figures

    def minus(self, other):
        """What is here and not there, day by day; zeros left out."""
        rest = Figures()
        for key in {*self.days, *other.days}:
            mine, theirs = self.days.get(key, {}), other.days.get(key, {})
            change = {n: mine.get(n, 0) - theirs.get(n, 0) for n in ACTIVITY}
            if any(change.values()):
                rest.days[key] = Counter(change)
        return rest


def month_after(month):
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_before(month, number):
    """The first day of the month so many months before."""
    at = month.year * 12 + month.month - 1 - number
    return date(at // 12, at % 12 + 1, 1)


def figures_of(site_id, month):
    """Everything countable at a site in a month, from visits that may be seen."""
    span = {"day__gte": month, "day__lt": month_after(month)}
    visits = {
        visit.pk: visit
        for visit in Visit.objects.seen()
        .filter(site_id=site_id, **span)
        .select_related("site")
        .defer("kit")
    }
    figures = Figures()
    for visit in visits.values():
        _count_visit(figures, visit)
    if visits:
        theirs = {"visit__site_id": site_id, "visit__is_seen": True}
        theirs["visit__status__in"] = _HELD
        theirs |= {f"visit__{name}": value for name, value in span.items()}
        _count_wrap_ups(figures, visits, theirs)
        _count_meetings(figures, visits, theirs)
        _count_numbers(figures, visits, theirs)
    for day in figures.days.values():
        silent = not any(day[name] for name in _SAID)
        day["unrecorded"] = day["open_visits"] + silent * day["visits"]
    _count_observations(figures, site_id, span)
    _count_promised(figures, site_id, span, visits.values())
    return figures


def _key(visit):
    return visit.day, visit.organisation_id


def _count_visit(figures, visit):
    if visit.cancel_reason == MISTAKEN:
        return  # begun by mistake, it was never to be
    day, status = figures.days[_key(visit)], Visit.Status(visit.status)
    day["planned"] += 1
    if status == Visit.Status.CANCELLED:
        day["cancelled"] += 1
        figures.categories["cancel_reason", visit.cancel_reason] += 1
    elif status != Visit.Status.DONE:
        day["open_visits"] += 1
    elif visit.is_outreach:
        day["visits"] += 1
        _count_staff(day, visit)
        _count_faces(figures.categories, visit)
    else:
        day["other_visits"] += 1


def _count_staff(day, visit):
    if visit.site.needs_pair and visit.staff is not None:
        day["pair_required"] += 1
        day["pair_kept"] += _has_pair(visit)
    if _is_timed(visit):
        day["timed_visits"] += 1
        # Without a number of staff (old spreadsheets) the hours are everybody's.
        day["minutes"] += visit.minutes * (visit.staff or 1)


def _count_faces(categories, visit):
    """A visit whose people are known: whether one of them knew the place."""
    if visit.is_familiar is not None:
        categories[FACES, "known" if visit.is_familiar else "new"] += 1


def _has_pair(visit):
    """Two of our own, or one with a partner or an expert by experience."""
    return visit.staff + visit.company >= 2


def _is_timed(visit):
    done = visit.status == Visit.Status.DONE and visit.is_outreach
    return bool(done and visit.minutes)


def _count_wrap_ups(figures, visits, theirs):
    nobody = WrapUp.objects.filter(is_nobody_reached=True, **theirs)
    for visit_id in nobody.values_list("visit_id", flat=True):
        figures.days[_key(visits[visit_id])]["nobody_reached"] += 1


def _count_meetings(figures, visits, theirs):
    """Each meeting is one person guided, and met unless counted already."""
    names = [*_MANY, *_ONE]
    meetings = Encounter.objects.kept().filter(**theirs)
    rows = meetings.values_list("visit_id", "counts_as_met", *names)
    for visit_id, counts_as_met, *codes in rows.iterator(chunk_size=5000):
        visit = visits[visit_id]
        day = figures.days[_key(visit)]
        day["guided"] += 1
        day["met"] += counts_as_met
        day["timed_guided"] += _is_timed(visit)
        _count_codes(figures.categories, dict(zip(names, codes, strict=True)))


def _count_codes(categories, codes):
    for name, dimension in _MANY.items():
        for code in set(codes[name]):
            categories[dimension, code] += 1
    for name, dimension in _ONE.items():
        if codes[name]:
            categories[dimension, codes[name]] += 1


def _count_numbers(figures, visits, theirs):
    """Taps, typed totals and imported columns, added up in the database."""
    sums = (
        Count.objects.filter(**theirs)
        .order_by()
        .values_list("visit_id", "kind", "code", "how")
        .annotate(n=Sum("number"))
    )
    for visit_id, kind, code, how, number in sums:
        visit = visits[visit_id]
        day = figures.days[_key(visit)]
        if kind in _SUMMED:
            day[_SUMMED[kind]] += number
            _count_kind_of_met(day, kind, how, number)
            if kind == Count.Kind.GUIDED and _is_timed(visit):
                day["timed_guided"] += number
        elif kind in _CODED:
            figures.categories[_CODED[kind], code] += number
        elif kind in _FAMILIARITY:
            figures.categories["familiarity", kind] += number


def _count_kind_of_met(day, kind, how, number):
    if kind != Count.Kind.MET:
        return
    if how == Count.How.ESTIMATED:
        day["met_estimated"] += number
    elif how == Count.How.FROM_ORGANISER:
        day["met_from_organiser"] += number


def _count_observations(figures, site_id, span):
    """What the street showed: times noted, not persons."""
    seen = Observation.objects.filter(site_id=site_id, **span)
    for phenomena, thresholds in seen.values_list("phenomena", "thresholds"):
        for code in set(phenomena):
            figures.categories["phenomenon", code] += 1
        for code in set(thresholds):
            figures.categories["threshold", code] += 1


def _count_promised(figures, site_id, span, held):
    """Each promised day of a site's month once: how it went, and why not as promised.

    The month is that of the promised day, whenever one then went. `held` are the
    month's visits: one planned by hand on a promised day is as good as its slot's.
    """
    promised = list(PromisedDay.objects.filter(rhythm__site=site_id, **span))
    if not promised:
        return
    slots = {f"slot__{name.removeprefix('day__')}": day for name, day in span.items()}
    slots["rhythm__in"] = {row.rhythm_id for row in promised}
    visits = Visit.objects.seen().filter(site_id=site_id, **slots).defer("kit")
    by_slot = {(visit.rhythm_id, visit.slot): visit for visit in visits}
    by_hand = _by_hand(held)
    for row in promised:
        visit = by_slot.get((row.rhythm_id, row.day)) or by_hand.get(row.day)
        how = how_it_went(row, visit)
        figures.categories[RHYTHM, how] += 1
        if how == "moved":
            figures.categories[MOVED, visit.move_reason or UNSAID] += 1
        elif how == "cancelled":
            figures.categories[CALLED_OFF, visit.cancel_reason] += 1


def _by_hand(visits):
    """The visits that no rhythm asked for, by day: of several the one that was held."""
    rows = [v for v in visits if v.slot is None and v.is_outreach]
    rows = [v for v in rows if v.cancel_reason != MISTAKEN]
    done, off = Visit.Status.DONE, Visit.Status.CANCELLED
    rows.sort(key=lambda v: (v.status == done, v.status != off, v.pk))
    return {visit.day: visit for visit in rows}


UNSAID = "-"  # moved, and nobody said why


def how_it_went(promise, visit):
    """One word for a day of a rhythm; `visit` is the one of that day, or None.

    Not promised: "holiday", or "agreed" (left out or moved beforehand). Promised:
    "kept" on the day, "moved" to another, "cancelled", "open" (a visit nobody has
    ended), "none" (no visit was planned).
    """
    if not promise.is_promised:
        return "holiday" if promise.is_holiday else "agreed"
    if visit is None:
        return "none"
    if visit.status == Visit.Status.CANCELLED:
        return "cancelled"
    if visit.day != promise.day:
        return "moved"
    return "kept" if visit.status == Visit.Status.DONE else "open"
