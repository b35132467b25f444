"""What the rhythms promised for days that have come, as it stood then."""

from django.db import models
from django.db.models import Q

from rinnalla.planning.models.rhythm import Rhythm


class PromisedDay(models.Model):
    """A day of a rhythm that has come, and whether one had promised to be there.

    Written once, the night after; a season, a rhythm or an exception that changes
    later changes nothing of it. `is_holiday`: a public holiday the place does not keep.
    `reason`: an exception had been made, the day left out or moved, and why.
    """

    rhythm = models.ForeignKey(
        Rhythm, on_delete=models.CASCADE, related_name="promised_days"
    )
    day = models.DateField()
    is_holiday = models.BooleanField(default=False)
    # A code of the list of reasons for which visits are called off.
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rhythm", "day"], name="promised_day_once"),
            models.CheckConstraint(
                condition=Q(is_holiday=False) | Q(reason=""),
                name="promised_day_one_reason",
            ),
        ]

    def __str__(self):
        return f"{self.rhythm_id} {self.day}"

    @property
    def is_promised(self):
        """Whether people could expect us on that very day."""
        return not self.is_holiday and not self.reason
