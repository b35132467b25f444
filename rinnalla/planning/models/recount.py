"""What waits for the worker process: months to recount, prints to make."""

from django.db import models

from rinnalla.planning.models.places import Site


class StaleMonth(models.Model):
    """A site's month whose figures no longer match its facts and wait for a recount.

    Marked in the transaction that changes a fact. A row may stand several times:
    each mark is its own insert, so that two phones never wait for one row.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    month = models.DateField()  # the first day

    def __str__(self):
        return f"{self.site} {self.month}"


class MadeFile(models.Model):
    """A print the worker process made, kept until something newer takes its place.

    Asked for while `content` is empty. `made_at` is empty as long; a file that could
    not be made is asked for again after a while.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    content = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="made_file_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"
