"""How often one goes to a place: its rhythm, and the days that leave it."""

from django.db import models
from django.db.models import F, Q

from rinnalla.access.models import Team
from rinnalla.planning.models.places import Site


class RhythmQuerySet(models.QuerySet):
    def between(self, first, last):
        """Rhythms that have a day in this time, the two days included."""
        return self.filter(Q(until=None) | Q(until__gte=first), since__lte=last)

    def of_places_in_use(self):
        return self.filter(site__in=Site.objects.in_use())


class Rhythm(models.Model):
    """How often and at what hour one goes to a place, so that people know to wait.

    `rule` is a recurrence rule (RRULE of RFC 5545) counted from `since`, in the
    words of `planning.rhythm.words` on every page; empty means only when there is an
    event. A new rhythm ends the earlier one, which stays: what was promised can be
    compared with what was kept.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="rhythms")
    rule = models.CharField(max_length=120, blank=True)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    since = models.DateField()
    # The last day on which it holds; none while it goes on.
    until = models.DateField(null=True, blank=True)
    # One goes on public holidays too, as the place is open.
    keeps_holidays = models.BooleanField(default=False)
    # The last day whose promise is written down (`PromisedDay`); none before the first.
    promised_until = models.DateField(null=True, blank=True)

    objects = RhythmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(until=None), name="one_rhythm_goes_on"
            ),
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gt=F("starts")),
                name="rhythm_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.site} {self.since}"

    @property
    def is_only_events(self):
        """Whether one goes only when there is an event."""
        return not self.rule


class RhythmException(models.Model):
    """A day of a rhythm on which one does not go, or goes on another day instead."""

    rhythm = models.ForeignKey(
        Rhythm, on_delete=models.CASCADE, related_name="exceptions"
    )
    day = models.DateField()
    # None: that day is left out.
    moved_to = models.DateField(null=True, blank=True)
    # A code of the list of reasons for which visits are called off.
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rhythm", "day"], name="exception_once")
        ]

    def __str__(self):
        return f"{self.rhythm} {self.day}"


class TeamCapacity(models.Model):
    """How many times a week one worker of a team can go out, as the team has agreed.

    The month shows by it what still fits in a week; nothing is counted by worker.
    """

    USUAL = 3

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="capacity")
    times_a_week = models.PositiveSmallIntegerField(default=USUAL)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(times_a_week__gte=1, times_a_week__lte=15),
                name="capacity_sane",
            )
        ]

    def __str__(self):
        return f"{self.team} {self.times_a_week}"
