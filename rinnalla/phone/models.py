"""What the door remembers: the phones, that a fact came, and what waits for a human."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Organisation, Team, Worker
from rinnalla.lib import clock
from rinnalla.lib.prepared import Prepared


class DeviceQuerySet(models.QuerySet):
    def alive(self):
        """Phones that may still read and send."""
        whose = Q(worker=None) | Q(worker__is_active=True)
        return self.filter(whose, revoked_at=None)

    def by_token(self, id, digest):
        """The phone of this number whose token has this digest, revoked or not."""
        for row in BY_NUMBER([id]):
            device = _device_of(row)
            if constant_time_compare(device.token_digest, digest):
                return device
        return None


class Device(models.Model):
    """A phone that was taken into use from a signed-in page.

    Of its token only the digest is kept. `received` and `lost` are ranges of the
    phone's own sequence, [[first, last], …]: what the door has answered for, and what
    nobody has any more. `last_contact` is cut to five minutes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=60)
    # One of the two: a shared phone is a team's, a personal one a worker's, whose
    # team is asked from the worker.
    team = models.ForeignKey(
        Team, null=True, on_delete=models.CASCADE, related_name="+"
    )
    worker = models.ForeignKey(
        Worker, null=True, on_delete=models.CASCADE, related_name="+"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    enrolled_on = models.DateField()
    last_contact = models.DateTimeField(null=True)
    # The highest number the phone has given, and how many facts it still held.
    highest = models.PositiveIntegerField(default=0)
    received = models.JSONField(default=list)
    unsent = models.PositiveIntegerField(default=0)
    lost = models.JSONField(default=list)
    lost_noted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    app_version = models.CharField(max_length=20, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None, worker__isnull=False)
                | Q(team__isnull=False, worker=None),
                name="device_is_a_teams_or_a_workers",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_shared(self):
        return self.worker_id is None

    @property
    def is_revoked(self):
        """Whether it may no longer read or send: itself, or who it belongs to."""
        if self.revoked_at or self.worker is None:
            return self.revoked_at is not None
        return not self.worker.is_active or self.worker.organisation.has_ended


DEVICE, WORKER, ORGANISATION = (
    [field.attname for field in model._meta.concrete_fields]
    for model in (Device, Worker, Organisation)
)
# Asked with every tap: a phone, its worker, the worker's organisation.
BY_NUMBER = Prepared(
    lambda ids: Device.objects.filter(pk__in=ids).values_list(
        *DEVICE,
        *(f"worker__{name}" for name in WORKER),
        *(f"worker__organisation__{name}" for name in ORGANISATION),
    )
)


def _device_of(row):
    """A phone with its worker, if it has one, out of the values of one row."""
    rest = row[len(DEVICE) :]
    device = Device.from_db("default", DEVICE, row[: len(DEVICE)])
    if device.worker_id is not None:
        device.worker = Worker.from_db("default", WORKER, rest[: len(WORKER)])
        values = rest[len(WORKER) :]
        device.worker.organisation = Organisation.from_db(
            "default", ORGANISATION, values
        )
    return device


class EnrolCodeQuerySet(models.QuerySet):
    def open(self):
        """Codes that still take a phone into use: not used, not too old."""
        return self.filter(used_at=None, expires_at__gt=clock.now())


class EnrolCode(models.Model):
    """A code that takes one phone into use within minutes; only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.CASCADE, related_name="+"
    )
    worker = models.ForeignKey(
        Worker, null=True, on_delete=models.CASCADE, related_name="+"
    )
    made_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = EnrolCodeQuerySet.as_manager()

    def __str__(self):
        return self.name


class Fact(models.Model):
    """A fact from a phone that was answered for; sent again, it changes nothing.

    The body is not kept, only its digest, by which the same id with other content is
    noticed. `device` is dropped after 90 days.
    """

    class Result(models.TextChoices):
        STORED = "stored"
        QUARANTINED = "quarantined"

    class Flag(models.TextChoices):
        CLOCK = "clock", _("The phone's clock was wrong")
        LATE = "late", _("Came after the visit was closed")

    id = models.UUIDField(primary_key=True)
    device = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    day = models.DateField()
    result = models.CharField(
        max_length=12, choices=Result.choices, default=Result.STORED
    )
    # Why it was stored with a question mark; usually empty.
    flag = models.CharField(max_length=8, choices=Flag.choices, blank=True)

    class Meta:
        indexes = [
            # The nightly rule finds the old ones.
            models.Index(fields=["day"], name="fact_day")
        ]

    def __str__(self):
        return f"{self.id}"


class QuarantinedQuerySet(models.QuerySet):
    def waiting(self):
        """What nobody has decided about and no later fact has settled."""
        return self.filter(resolved_at=None)


class Quarantined(models.Model):
    """A fact, or the text of one, that waits for a human; its content is sealed.

    `fact_id` is the fact's own id as the phone told it. `visit` may be unknown here.
    `team` is the one whose coordinator looks: the phone's, else the visit's.
    Of the reason `text` only the text lies here; its fact was stored without it.
    """

    class Reason(models.TextChoices):
        REVOKED = "revoked", _("The phone had been taken out of use")
        WORKER = "worker", _("The worker may no longer record here")
        CANCELLED = "cancelled", _("The visit had been called off")
        UNKNOWN_VISIT = "unknown_visit", _("The visit is not known here")
        NOT_STARTED = "not_started", _("The visit had not been started")
        UNKNOWN_CODE = "unknown_code", _("A choice in it is not known here")
        UNKNOWN_KIND = "unknown_kind", _("This kind of record is not known here")
        VERSION = "version", _("The app that sent it is too old or too new")
        UNREADABLE = "unreadable", _("It cannot be read")
        SEALED_BROKEN = "sealed_broken", _("Its seal cannot be opened")
        OTHER_VERSION = "other_version", _("It came earlier with other content")
        TEXT = "text", _("Its text may name somebody")
        CLOSED = "closed", _("The visit was closed already")
        OUT_OF_ORDER = "out_of_order", _("What it speaks of has not come yet")

    class Outcome(models.TextChoices):
        STORED = "stored", _("Stored")
        DELETED = "deleted", _("Deleted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fact_id = models.UUIDField(null=True)
    device = models.ForeignKey(
        Device, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    worker = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    visit = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    sealed = models.BinaryField()
    on = models.DateField()
    tries = models.PositiveIntegerField(default=0)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    why_deleted = models.CharField(max_length=40, blank=True)

    objects = QuarantinedQuerySet.as_manager()

    class Meta:
        indexes = [
            # Tried again after every batch of the phone or the visit.
            models.Index(
                fields=["visit"],
                condition=Q(resolved_at=None),
                name="quarantine_waits_visit",
            ),
            models.Index(
                fields=["device"],
                condition=Q(resolved_at=None),
                name="quarantine_waits_device",
            ),
        ]

    def __str__(self):
        return f"{self.reason} {self.fact_id}"


class Dismissal(models.Model):
    """A notice about a phone that somebody has read and put away."""

    notice = models.CharField(max_length=120, unique=True)
    by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    on = models.DateField()

    def __str__(self):
        return self.notice
