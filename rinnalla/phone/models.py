"""What the door remembers of a fact: that it came, never what it said."""

from django.db import models


class Fact(models.Model):
    """A fact from a phone that was stored; sent again, it changes nothing.

    The body is not kept, only its digest, by which the same id with other content is
    noticed. `device` is dropped after 90 days.
    """

    id = models.UUIDField(primary_key=True)
    device = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    day = models.DateField()

    class Meta:
        indexes = [
            # The nightly rule finds the old ones.
            models.Index(fields=["day"], name="fact_day")
        ]

    def __str__(self):
        return f"{self.id}"
