"""What stands on pages anybody may open: a place's line, feedback about the pages."""

import uuid

from django.db import models

from rinnalla.lib import clock
from rinnalla.planning.models.places import Site


class LineQuerySet(models.QuerySet):
    def of_public_places(self, homes):
        """Lines that are shown, of places in use; never of these kinds."""
        rows = self.filter(is_shown=True, site__in=Site.objects.in_use())
        return rows.exclude(site__kind__in=homes)


class PublicLine(models.Model):
    """A place's public page: when we come next, and what one knows us by.

    `code` is the last part of its address; `sign` a code of the list `identifier`;
    `where` says to anybody how one finds it: street, door.
    """

    site = models.OneToOneField(
        Site, on_delete=models.CASCADE, related_name="public_line"
    )
    code = models.CharField(max_length=12, unique=True)
    sign = models.CharField(max_length=40, blank=True)
    where = models.CharField(max_length=120, blank=True, default="")
    is_shown = models.BooleanField(default=True)

    objects = LineQuerySet.as_manager()

    def __str__(self):
        return f"{self.site}"


class FeedbackQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at=None)


class PageFeedback(models.Model):
    """What somebody says of our pages, above all that they cannot use them.

    `contact` is an address the sender wants the answer's link at, sealed; it goes
    when the answer is given. Of the secret link only the digest is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField()
    answer_due_on = models.DateField()
    language = models.CharField(max_length=2, default="fi")
    is_held = models.BooleanField(default=False)
    text = models.TextField()
    contact = models.BinaryField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_told = models.BooleanField(default=False)

    objects = FeedbackQuerySet.as_manager()

    def __str__(self):
        return f"{self.pk}"

    @property
    def is_late(self):
        """Whether the time the law gives for the answer is over."""
        return self.answered_at is None and self.answer_due_on < clock.today()
