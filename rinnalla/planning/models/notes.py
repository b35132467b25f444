"""What a team tells itself: short notes on a place or on a day's shift, promises."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q

from rinnalla.access.models import Team
from rinnalla.lib import clock
from rinnalla.planning.models.places import Site

KEPT_DAYS = 30


class NoteQuerySet(models.QuerySet):
    def kept(self):
        """Notes whose time is not over, whether or not the night has run."""
        return self.filter(written_on__gte=clock.today() - timedelta(days=KEPT_DAYS))

    def open_promises(self):
        """What the team said it would do and has not done yet, the oldest first."""
        rows = self.kept().filter(is_promise=True, is_done=False)
        return rows.order_by("written_on", "pk")

    def in_order(self):
        """Open promises first, then the newest; what is done comes last."""
        return self.order_by("is_done", "-is_promise", "-written_on", "pk")


class TeamNote(models.Model):
    """A short note of a team to itself: on a place, or on the shift of a day.

    The text is guarded and names nobody who was met; who wrote it is not kept, and
    of when only the day. A promise is open until somebody says it is done.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.CASCADE, related_name="notes"
    )
    # The day of the shift, when the note is on no place.
    day = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=160)
    is_promise = models.BooleanField(default=False)
    is_done = models.BooleanField(default=False)
    written_on = models.DateField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "day"], name="note_team_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(site=None, day__isnull=False)
                | Q(site__isnull=False, day=None),
                name="note_on_a_place_or_a_day",
            ),
            models.CheckConstraint(
                condition=Q(is_promise=True) | Q(is_done=False),
                name="only_a_promise_is_done",
            ),
        ]

    def __str__(self):
        return f"{self.site or self.team} {self.written_on}"

    @property
    def leaves_on(self):
        """The day on which time deletes it."""
        return self.written_on + timedelta(days=KEPT_DAYS + 1)
