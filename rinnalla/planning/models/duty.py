"""The partner duty line: whose turn it is, and how many called."""

import uuid

from django.db import models

from rinnalla.access.models import Organisation, Team, Worker


class DutyTurn(models.Model):
    """Hours in which somebody answers the partners' line; a partner's people too."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    worker = models.ForeignKey(
        Worker, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    partner = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "day", "starts"], name="duty_turn_once_a_team"
            )
        ]

    def __str__(self):
        return f"{self.team} {self.day}"


class DutyCall(models.Model):
    """One call of a partner, as two codes and a day; whose turn it was is not in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    sector = models.CharField(max_length=40, blank=True)
    matter = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "day"], name="duty_call_team_day")]

    def __str__(self):
        return f"{self.team} {self.day}"
