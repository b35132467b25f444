"""Who asks us to come: requests from professionals, and times a host may book."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Municipality, Team, Worker
from rinnalla.lib import clock
from rinnalla.planning.models.places import Site
from rinnalla.planning.models.visits import Visit


class RequestQuerySet(models.QuerySet):
    def waiting(self):
        """Requests that wait for us: unanswered, without a day, or the day fell off."""
        undated = Q(status__in=[RequestStatus.NEW, RequestStatus.ACKNOWLEDGED])
        return self.filter(undated | LOST_DAY)

    def with_day(self):
        """Requests agreed on whose day stands."""
        return self.filter(status=RequestStatus.AGREED).exclude(LOST_DAY)

    def without_date(self):
        """What the month grid offers to plan: waiting, and looked at by somebody."""
        return self.waiting().filter(is_held=False)

    def ended(self):
        return self.filter(status__in=[RequestStatus.CLOSED, RequestStatus.DECLINED])


class RequestStatus(models.TextChoices):
    """How far a request has come. Whether it was visited the visit itself says."""

    NEW = "new", _("New")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    AGREED = "agreed", _("Agreed")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")


# Agreed on, but the visit was called off: it waits for another day.
LOST_DAY = Q(
    status=RequestStatus.AGREED,
    visit__status=Visit.Status.CANCELLED,
)


class OutreachRequest(models.Model):
    """A professional asks us to come somewhere: an organisation, never a person.

    `received_at`, `first_response_at`, `agreed_at`, `closed_at` are cut to five
    minutes. `contact` is the sender's work e-mail, sealed; it goes when the request
    ends. Of the secret link only the digest is kept.
    """

    Status = RequestStatus

    class Channel(models.TextChoices):
        FORM = "form", _("Form")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")
        IN_PERSON = "in_person", _("In person")
        NETWORK = "network", _("Network meeting")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=2, default="fi")
    # Beyond the form's ceiling, or too quick: looked at by hand first, never refused.
    is_held = models.BooleanField(default=False)
    asker = models.CharField(max_length=120)
    sector = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=120)
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    wished_day = models.DateField(null=True, blank=True)
    wish = models.CharField(max_length=120, blank=True)
    why = models.TextField(blank=True)
    target_groups = models.JSONField(default=list, blank=True)
    contact_source = models.CharField(max_length=40, blank=True)
    contact = models.BinaryField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    status = models.CharField(
        max_length=12, choices=RequestStatus.choices, default=RequestStatus.NEW
    )
    decline_reason = models.CharField(max_length=40, blank=True)
    # The standing the sender was last mailed about; another one while mail is owed.
    told = models.CharField(max_length=12, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    visit = models.ForeignKey(
        Visit,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="requests",
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "received_at"], name="request_status")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decline_reason=""),
                name="declined_request_says_why",
            )
        ]

    def __str__(self):
        return f"{self.asker} {self.received_at:%Y-%m-%d}"

    @property
    def is_ended(self):
        return self.status in (RequestStatus.CLOSED, RequestStatus.DECLINED)

    @property
    def has_lost_day(self):
        """Whether the visit agreed on was called off; reads the visit."""
        is_agreed = self.status == RequestStatus.AGREED and self.visit is not None
        return is_agreed and self.visit.status == Visit.Status.CANCELLED

    @property
    def standing(self):
        """The status as the sender knows it: a day that fell off is news too."""
        return "lost_day" if self.has_lost_day else self.status

    @property
    def is_visited(self):
        """Whether we have been there; reads the visit."""
        return bool(self.visit) and self.visit.status == Visit.Status.DONE

    @property
    def is_late(self):
        """Whether nobody has answered within the promised time."""
        return not self.first_response_at and self.answer_due_at < clock.now()

    @property
    def days_late(self):
        """How many days ago the answer was promised; 0 on the day itself."""
        return (clock.today() - clock.local(self.answer_due_at).date()).days


class SlotQuerySet(models.QuerySet):
    def coming(self):
        """Times of today and after that were not taken back."""
        return self.filter(day__gte=clock.today(), is_taken_back=False)

    def free(self):
        return self.coming().filter(booked_at=None)


class BookableSlot(models.Model):
    """A time we could come to a place; its host books it by a link, without a name.

    Who booked it may give it up by a link of its own, of which a digest is kept.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="slots")
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    opened_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_taken_back = models.BooleanField(default=False)
    booked_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    visit = models.ForeignKey(
        Visit, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots"
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day", "starts"], name="slot_once_a_site"
            )
        ]

    def __str__(self):
        return f"{self.site} {self.day} {self.starts}"


class HostLink(models.Model):
    """The link by which a place's host books our times; only its digest is kept."""

    site = models.OneToOneField(
        Site, on_delete=models.CASCADE, related_name="host_link"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()

    def __str__(self):
        return f"{self.site}"
