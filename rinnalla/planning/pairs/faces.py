"""Who could go on one visit: familiar faces first, and who is free then.

A proposal only: one press takes it, and people choose whom they like.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.utils.translation import gettext as _

from rinnalla.access.models import Worker
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.planning.forms import workers_of
from rinnalla.planning.models import Visit
from rinnalla.planning.pairs.turns import Turns
from rinnalla.planning.rhythm.words import hours

Status = Visit.Status
# A face is familiar for a year: places in season are gone to again in spring.
FAMILIAR_FOR = timedelta(days=366)
JOINS = 6


@dataclass(frozen=True)
class Face:
    """Somebody who could go: known at the place or not, free then or elsewhere."""

    worker: Worker
    keeps: bool = False  # looks after the place
    here: date | None = None  # the latest day held here, else the nearest to come
    elsewhere: tuple | None = None  # hours of another visit then

    @property
    def is_free(self):
        return self.elsewhere is None

    @property
    def was_here(self):
        return self.here is not None and self.here < clock.today()

    @property
    def elsewhere_from(self):
        """When the other visit begins, "10"; empty when its hours are not known."""
        return hours(self.elsewhere[0], None) if self.elsewhere else ""


def faces_for(people, site, day, starts=None, ends=None, *, visit=None):
    """These people as faces, who goes next first.

    Without a place they come by name; without a day nobody is elsewhere. `visit` is
    the one they are chosen for: it keeps nobody busy.
    """
    people = sorted(people, key=lambda worker: worker.role == Role.COORDINATOR)
    others = Visit.objects.seen().exclude(status=Status.CANCELLED)
    others = others.filter(workers__in=people)
    others = others.exclude(pk=visit.pk) if visit else others
    turns, keepers, here = Turns(), set(), {}
    if site:
        keepers = set(site.responsible.values_list("pk", flat=True))
        for worker, on in _at(site, others).values_list("workers", "day"):
            turns.note_there(worker, site.pk, on)
            if on < clock.today() or worker not in here:
                here[worker] = on
    if day:
        then = others.filter(day=day).order_by("starts")
        for row in then.values_list("workers", "day", "starts", "ends"):
            turns.note_busy(*row)
    return [
        Face(
            worker=person,
            keeps=person.pk in keepers,
            here=here.get(person.pk),
            elsewhere=turns.elsewhere(person.pk, day, starts, ends),
        )
        for person in turns.in_order(people, site.pk if site else None, keepers)
    ]


def _at(site, visits):
    """The visits here by which a face is familiar, held or to come, in their order."""
    today = clock.today()
    here = visits.filter(site=site, day__gte=today - FAMILIAR_FOR)
    return here.exclude(status=Status.PLANNED, day__lt=today).order_by("day")


def proposed(faces, site, there=(), company=0):
    """Who could still come along: the next free ones, up to what the place asks for."""
    if site is None:
        return []
    few = max(1, site.own_staffing - company) - len(there)
    free = [f.worker for f in faces if f.is_free and f.worker.pk not in there]
    return free[: max(0, few)]


def warn_of_busy(request, visit):
    """Say who of a visit goes somewhere else at the same hours; it is not forbidden."""
    hours_of = visit.day, visit.starts, visit.ends
    faces = faces_for(visit.workers.all(), None, *hours_of, visit=visit)
    busy = [face for face in faces if not face.is_free]
    if busy and visit.status != Status.CANCELLED:
        names = ", ".join(_busy_in_words(face) for face in busy)
        text = _("On another visit at the same time: %(names)s.") % {"names": names}
        messages.warning(request, text)


def _busy_in_words(face):
    told = {"name": face.worker.first_name, "hour": face.elsewhere_from}
    return _("%(name)s at %(hour)s") % told if told["hour"] else told["name"]


def who_could_join(worker, visit, there):
    """The nearest of one's own people who could still come, the free ones first."""
    own = workers_of(team=worker.team_id, organisation=worker.organisation_id)
    people = own.exclude(pk__in=[person.pk for person in there])
    hours_of = visit.day, visit.starts, visit.ends
    faces = faces_for(people, visit.site, *hours_of, visit=visit)
    return sorted(faces, key=lambda face: not face.is_free)[:JOINS]
