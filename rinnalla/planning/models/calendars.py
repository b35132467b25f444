"""What leaves for people's own calendars, and what one is reminded of by mail."""

import uuid
from base64 import urlsafe_b64encode

from django.db import models
from django.utils.crypto import salted_hmac

from rinnalla.access.models import Worker
from rinnalla.planning.models.visits import Visit


class CalendarFeedQuerySet(models.QuerySet):
    def opened_by(self, token):
        """The calendar this secret opens, its worker along, or None."""
        feeds = self.filter(worker__is_active=True).select_related("worker__team")
        feed = feeds.filter(digest=feed_digest(token)).first()
        return None if feed and feed.worker.organisation.has_ended else feed


def feed_digest(token):
    """What is kept of the secret in a calendar's address."""
    seen = token.encode("utf-8", "replace")
    return salted_hmac("planning.calendar", seen, algorithm="sha256").hexdigest()


class CalendarFeed(models.Model):
    """A private address from which somebody's own calendar reads the coming visits.

    The secret in it (256 bits) is worked out from the row's random key with the
    server's own key: its owner sees it again, a copy of the tables does not open it.
    Closing it deletes the row; a new one has another address.
    """

    class Kind(models.TextChoices):
        OWN = "own"  # the visits one goes on
        TEAM = "team"  # all visits of the team one may see

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(
        Worker, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    kind = models.CharField(max_length=4, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "kind"], name="one_calendar_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.worker} {self.kind}"

    @property
    def token(self):
        """The secret part of the address."""
        secret = salted_hmac(
            "planning.calendar_secret", str(self.pk), algorithm="sha256"
        )
        return urlsafe_b64encode(secret.digest()).decode().rstrip("=")


class CalendarEntry(models.Model):
    """What the calendars last said of a visit, so that a change gets a new number.

    `sequence` grows by one whenever what is said changes; `changed_at` is cut to
    five minutes.
    """

    visit = models.OneToOneField(
        Visit, on_delete=models.CASCADE, primary_key=True, related_name="calendar_entry"
    )
    checksum = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.visit} {self.sequence}"


class ReminderChoice(models.Model):
    """Which reminders somebody wants by mail; no row means none."""

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, primary_key=True, related_name="reminders"
    )
    evening_before = models.BooleanField(default=False)
    same_morning = models.BooleanField(default=False)
    missing_pair = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.worker}"


class SentReminder(models.Model):
    """A reminder that was handed to the mail server: it is never sent twice."""

    class Kind(models.TextChoices):
        EVENING_BEFORE = "evening_before"
        SAME_MORNING = "same_morning"
        MISSING_PAIR = "missing_pair"

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # The day of the visits it told of.
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "kind", "day"], name="reminder_sent_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.day}"
