"""Announced events: which one watches, which one goes to, and with what."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Municipality, Team
from rinnalla.lib import clock
from rinnalla.planning.models.visits import Visit


class EventQuerySet(models.QuerySet):
    def ahead(self):
        """Events that are not over yet, the nearest first."""
        today = clock.today()
        open_ones = self.filter(Q(day__gte=today) | Q(until__gte=today))
        return open_ones.order_by("day", "starts", "pk")

    def past(self):
        """Events that are over, the latest first."""
        today = clock.today()
        over = self.filter(day__lt=today).exclude(until__gte=today)
        return over.order_by("-day", "pk")


class Event(models.Model):
    """An announced event on a team's watch list; decided to go to, it gets a visit.

    `source` is the address where it was announced. `key` is the digest of an imported
    calendar entry, so that the same file brings it once.
    """

    class State(models.TextChoices):
        WATCHED = "watched", _("Watched")
        GOING = "going", _("We go")
        LEFT_OUT = "left_out", _("We do not go")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()
    # The last day of an event of several days.
    until = models.DateField(null=True, blank=True)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WATCHED)
    visit = models.OneToOneField(
        Visit, null=True, blank=True, on_delete=models.SET_NULL, related_name="event"
    )
    key = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "key"],
                condition=~Q(key=""),
                name="event_imported_once_a_team",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("day")),
                name="event_ends_after_start",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_over(self):
        return (self.until or self.day) < clock.today()


class EventMaterial(models.Model):
    """One thing to take along to an event: there already, or still lacking."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="materials")
    code = models.CharField(max_length=40)
    is_there = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "code"], name="material_once_an_event"
            )
        ]

    def __str__(self):
        return f"{self.event} {self.code}"
