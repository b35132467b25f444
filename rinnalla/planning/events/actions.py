"""What is done with announced events: the only code of this area that writes."""

from django.db import transaction

from rinnalla.access import audit
from rinnalla.access.models import Team
from rinnalla.planning.actions import plan_visit
from rinnalla.planning.models import Event, EventMaterial

State = Event.State


@transaction.atomic
def add_event(worker, event):
    """Put a new event on its team's list; the same one sent twice is kept once."""
    _alone(event.team)
    same = {"team": event.team, "name": event.name, "day": event.day}
    twin = Event.objects.filter(**same).first()
    if twin:
        return twin
    event.save()
    audit.log(worker, "event.added", event)
    return event


@transaction.atomic
def change_event(worker, event, **written):
    """Change what is known of an event; what was decided meanwhile stays."""
    event = _locked(event)
    for name, value in written.items():
        setattr(event, name, value)
    event.save(update_fields=list(written))
    audit.log(worker, "event.changed", event)
    return event


@transaction.atomic
def decide_to_go(worker, event, *, site, **planned):
    """Plan the visit of an event; decided twice, it is one visit.

    `planned` is what `plan_visit` takes. Raises SoloReasonNeeded.
    """
    event = _locked(event)
    if event.visit:
        return event.visit
    event.visit = plan_visit(worker, site=site, **planned)
    event.state = State.GOING
    event.save(update_fields=["visit", "state"])
    audit.log(worker, "event.decided", event)
    return event.visit


@transaction.atomic
def set_state(worker, event, state):
    """Leave an event out, or watch it again; one with a visit stays as it is."""
    event = _locked(event)
    if event.visit is None and event.state != state:
        event.state = state
        event.save(update_fields=["state"])
        audit.log(worker, "event.decided", event)
    return event


@transaction.atomic
def set_materials(worker, event, codes):
    """Say what an event needs; what was there already stays noted as there."""
    event, codes = _locked(event), list(dict.fromkeys(codes))
    event.materials.exclude(code__in=codes).delete()
    kept = set(event.materials.values_list("code", flat=True))
    EventMaterial.objects.bulk_create(
        EventMaterial(event=event, code=code) for code in codes if code not in kept
    )
    audit.log(worker, "event.materials", event, count=len(codes))


@transaction.atomic
def note_material(worker, material, *, is_there):
    """Note that a thing is there, or lacks after all."""
    if material.is_there != is_there:
        material.is_there = is_there
        material.save(update_fields=["is_there"])
        audit.log(worker, "event.materials", material.event)


@transaction.atomic
def bring_in(worker, entries):
    """Put entries of a calendar file on the team's list; how many were new.

    `entries` are the fields of Event by name, with the digest of each as `key`.
    """
    _alone(worker.team)
    theirs = Event.objects.filter(team=worker.team)
    known = set(theirs.exclude(key="").values_list("key", flat=True))
    seen = set(theirs.values_list("name", "day"))
    new = []
    for entry in entries:
        called = entry["name"], entry["day"]
        if entry["key"] not in known and called not in seen:
            new.append(Event(team=worker.team, **entry))
            known.add(entry["key"])
            seen.add(called)
    Event.objects.bulk_create(new)
    if new:
        audit.log(worker, "event.brought_in", new[-1], count=len(new))
    return len(new)


def delete_old(before, *, dry_run=False):
    """Delete events that were over before this day; how many."""
    old = Event.objects.filter(day__lt=before).exclude(until__gte=before)
    number = old.count()
    if not dry_run:
        old.delete()
    return number


def _alone(team):
    """Wait for one's turn to add to a team's list: two at once would make twins."""
    Team.objects.select_for_update().get(pk=team.pk)


def _locked(event):
    """The event as it stands now, held for this transaction."""
    events = Event.objects.select_related("team", "visit")
    return events.select_for_update(of=("self",)).get(pk=event.pk)
