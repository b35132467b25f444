"""What a place's public page says: when we come next, who, and a missed day kindly."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.models import MISTAKEN, PublicLine, Visit

AHEAD = timedelta(days=120)
BACK = timedelta(days=7)
AFTER_NEXT = 3
Status = Visit.Status
COMING = (Status.PLANNED, Status.UNDER_WAY)


@dataclass(frozen=True)
class Line:
    """A place's next time, and what is said beside it.

    `same` is how many come who were there last time too, when they are the very same;
    `missed` a day we did not keep, `fell_through` one we shall not.
    """

    next: Visit | None
    later: list
    same: int = 0
    missed: date | None = None
    fell_through: date | None = None

    @property
    def is_today(self):
        return bool(self.next) and self.next.day == clock.today()

    @property
    def is_here(self):
        """Whether we are there at this moment."""
        return bool(self.next) and self.next.is_open


def may_be_public(site):
    """A home is never on a public page, nor a place that is not a place of ours."""
    return was_public(site) and not site.is_retired


def was_public(site):
    """Whether a place's page may be open, if only to say that we come no more."""
    is_home = kinds.all_kinds()[site.kind].icon == "home"
    return not site.is_ad_hoc and not is_home


def where_now(site):
    """The public line of the place to which we moved from here, or None."""
    card = site.cards.newest()
    rows = PublicLine.objects.filter(site=card and card.moved_to, is_shown=True)
    row = rows.select_related("site__municipality").first()
    return row if row and may_be_public(row.site) else None


def line_of(site):
    """The line of one place as it stands now."""
    today = clock.today()
    visits = list(visits_of(site).prefetch_related("workers"))
    coming = [visit for visit in visits if _is_coming(visit, today)]
    if site.retired_on:
        coming = [visit for visit in coming if visit.day < site.retired_on]
    following = coming[0] if coming else None
    return Line(
        next=following,
        later=coming[1 : 1 + AFTER_NEXT],
        same=_same_hands(site, following),
        missed=_missed(visits, today),
        fell_through=_fell_through(visits, following, today),
    )


def visits_of(site):
    """The visits a place's public page tells of, called off or not; by day."""
    today = clock.today()
    around = Visit.objects.seen().filter(day__range=(today - BACK, today + AHEAD))
    rows = around.filter(site=site).exclude(cancel_reason=MISTAKEN)
    return rows.order_by("day", "starts", "pk")


def _is_coming(visit, today):
    return visit.status in COMING and (visit.day >= today or visit.is_open)


def _missed(visits, today):
    """The last day we called off and have not been there since."""
    past = [visit for visit in visits if visit.day < today]
    said = [v for v in past if v.status in (Status.CANCELLED, Status.DONE)]
    is_missed = said and said[-1].status == Status.CANCELLED
    return said[-1].day if is_missed else None


def _fell_through(visits, following, today):
    """The first coming day that was called off, or moved, before we come next."""
    days = [v.day for v in visits if v.status == Status.CANCELLED and v.day >= today]
    days += [v.slot for v in visits if v.slot and today <= v.slot != v.day]
    there = {v.day for v in visits if v.status in COMING}
    first = min(set(days) - there, default=None)
    is_before = first and (following is None or first < following.day)
    is_moved = first and following and first == following.slot
    return first if is_before or is_moved else None


def _same_hands(site, following):
    """How many come when they are the very ones who were there last time, else 0."""
    if following is None:
        return 0
    hands = {worker.pk for worker in following.workers.all()}
    done = Visit.objects.seen().done().filter(site=site, day__lte=clock.today())
    last = done.order_by("-day", "-starts").first()
    if not hands or last is None:
        return 0
    was_there = set(last.workers.values_list("pk", flat=True))
    return len(hands) if hands == was_there else 0


def next_days(sites):
    """When we come next to each of some places: {site key: visit}; in one query."""
    visits = Visit.objects.seen().filter(
        site__in=sites,
        status__in=COMING,
        day__range=(clock.today(), clock.today() + AHEAD),
    )
    is_used = Q(site__retired_on=None) | Q(day__lt=F("site__retired_on"))
    visits = visits.filter(is_used)
    found = {}
    for visit in visits.order_by("day", "starts", "pk"):
        found.setdefault(visit.site_id, visit)
    return found
