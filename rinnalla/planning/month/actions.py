"""What is done with a month: its visits made from the rhythms, its room agreed."""

from django.db import transaction
from django.db.models import OuterRef, Subquery

from rinnalla.access import audit
from rinnalla.access.models import Team
from rinnalla.planning.models import Rhythm, Site, StaleMonth, TeamCapacity, Visit
from rinnalla.planning.rhythm.actions import set_rhythm

# What a new visit takes over from the place's last one.
AS_LAST_TIME = ("arrive_before_minutes", "identifier", "has_car", "kit")


@transaction.atomic
def plan_month(worker, team, offers):
    """Make a visit of each offered day and return how many were new.

    A slot that has its visit already is passed by, so that two presses make one.
    """
    Team.objects.select_for_update().get(pk=team.pk)
    made = _made_already(offers)
    new = [o for o in offers if (o.slot.rhythm.pk, o.slot.day) not in made]
    last = _last_times({offer.slot.rhythm.site_id for offer in new})
    visits = [_visit(team, offer.slot, last) for offer in new]
    Visit.objects.bulk_create(visits)
    link = Visit.workers.through
    link.objects.bulk_create(
        link(visit_id=visit.pk, worker_id=person.pk)
        for visit, offer in zip(visits, new, strict=True)
        for person in offer.people
    )
    stale = {(visit.site_id, visit.day.replace(day=1)) for visit in visits}
    StaleMonth.objects.bulk_create(StaleMonth(site_id=s, month=m) for s, m in stale)
    if new:
        audit.log(worker, "month.planned", team, count=len(new))
    return len(new)


def _made_already(offers):
    rhythms = Rhythm.objects.filter(pk__in={offer.slot.rhythm.pk for offer in offers})
    made = Visit.objects.filter(
        rhythm__in=rhythms, slot__in={offer.slot.day for offer in offers}
    )
    return set(made.values_list("rhythm", "slot"))


def _last_times(site_keys):
    """What each place's last planned or made visit was gone to with."""
    rows = last_visits(site_keys).values("site", *AS_LAST_TIME)
    return {row["site"]: row for row in rows}


def last_visits(site_keys):
    """The last visit of each place's rhythms; one a place, however long ago."""
    visits = Visit.objects.seen().filter(rhythm__isnull=False)
    theirs = visits.filter(site=OuterRef("pk")).order_by("-day", "pk")
    sites = Site.objects.filter(pk__in=site_keys)
    return visits.filter(pk__in=sites.values_list(Subquery(theirs.values("pk")[:1])))


def _visit(team, slot, last):
    rhythm = slot.rhythm
    before = last.get(rhythm.site_id, {})
    return Visit(
        site=rhythm.site,
        team=team,
        organisation_id=team.organisation_id,
        day=slot.on,
        starts=rhythm.starts,
        ends=rhythm.ends,
        rhythm=rhythm,
        slot=slot.day,
        move_reason=slot.reason,
        **_as_last_time(rhythm.site, before),
    )


def _as_last_time(site, before):
    """What the last visit was gone to with, but for what the place asks for.

    That is looked at anew each time: it is there when somebody says so.
    """
    taken = {name: before[name] for name in AS_LAST_TIME if name in before}
    if taken:
        taken["has_car"] = taken["has_car"] and not site.needs_car
        taken["kit"] = [code for code in taken["kit"] if code not in site.needed_kit]
    return taken


@transaction.atomic
def set_rhythms(worker, chosen):
    """Give several places their rhythms at once: [(site, choice), …]."""
    return [set_rhythm(worker, site, **choice) for site, choice in chosen]


@transaction.atomic
def set_capacity(worker, team, *, times_a_week):
    """Agree how many times a week one worker of the team goes out at most."""
    capacity, is_new = TeamCapacity.objects.get_or_create(
        team=team, defaults={"times_a_week": times_a_week}
    )
    if is_new or capacity.times_a_week != times_a_week:
        capacity.times_a_week = times_a_week
        capacity.save(update_fields=["times_a_week"])
        audit.log(worker, "capacity.set", capacity)
    return capacity
