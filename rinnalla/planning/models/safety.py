"""Getting home: who is out until when, an alarm that rises, who was called for it.

None of it tells of a person one meets. Rows are deleted 14 days after they ended.
Moments of an alarm are kept to the second, as its ladder climbs by them; those of a
check-in are whole minutes that a worker chose.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rinnalla.access.models import Organisation, Team, Worker
from rinnalla.lib import clock, links
from rinnalla.planning.models.places import Site
from rinnalla.planning.models.visits import Visit

# What the secrets of alarm links are drawn for.
CALL = "planning.alarm_call"


class CheckInQuerySet(models.QuerySet):
    def out(self):
        """Those who have not said that they are home."""
        return self.filter(ended_at=None)

    def of(self, worker):
        """The check-in this person is out on now, or None."""
        return self.out().filter(people=worker).order_by("-started_at").first()

    def without_alarm(self):
        """Those for which no alarm is open."""
        rows = Alarm.objects.filter(check_in=models.OuterRef("pk"), closed_at=None)
        return self.filter(~models.Exists(rows))


class CheckIn(models.Model):
    """Somebody has gone out and said where, with whom and until when.

    The place is a known site, or words that are sealed with a key of KEY_DIR; these are
    opened only by whoever answers an alarm and deleted when all are home. `due_at`
    passed without a word raises an alarm.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    visit = models.ForeignKey(
        Visit, null=True, on_delete=models.SET_NULL, related_name="check_ins"
    )
    site = models.ForeignKey(
        Site, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_home_visit = models.BooleanField(default=False)
    sealed_place = models.BinaryField(null=True)
    people = models.ManyToManyField(Worker, related_name="check_ins")
    # Who is called first: the other half of the pair, when that one stays behind.
    pair = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Asked at check-in; a location leaves the phone only with an alarm.
    may_locate = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        indexes = [
            # Asked every second: who should be home by now.
            models.Index(
                fields=["due_at"], condition=Q(ended_at=None), name="check_in_due"
            )
        ]

    def __str__(self):
        return f"{self.id}"

    @property
    def is_late(self):
        """Whether the agreed time has passed without a word."""
        return self.ended_at is None and self.due_at <= clock.now()

    @property
    def where(self):
        """Where they are in words anybody may read: a home is only called that."""
        if self.is_home_visit:
            return _("Home visit")
        return self.site.name if self.site else _("Another place")


class Return(models.Model):
    """That a check-in ended: the team, the month, and whether by the agreed time.

    It stays when the check-in goes. No person, place, day or key leads back to one;
    a check-in with a call for help leaves none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    month = models.DateField()  # the first day
    is_on_time = models.BooleanField()

    class Meta:
        indexes = [
            # A year of months is read at a time.
            models.Index(fields=["month"], name="return_month")
        ]

    def __str__(self):
        return f"{self.month}"


class AlarmQuerySet(models.QuerySet):
    def open(self):
        """Alarms that nobody has closed."""
        return self.filter(closed_at=None)


class Alarm(models.Model):
    """A check-in that came due without a word, or a worker who called for help.

    Only a person closes it, and only one who took it on: the database refuses others.
    """

    class Kind(models.TextChoices):
        OVERDUE = "overdue", _("Not home by the agreed time")
        CALLED = "called", _("Called for help")

    class How(models.TextChoices):
        SAFE = "safe", _("They are safe, I heard it from them")
        HELPED = "helped", _("Help went to them")
        MISTAKE = "mistake", _("It was a mistake, I heard it from them")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.CASCADE, related_name="alarms"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(
        Worker, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    # Those who are out say they are home; somebody else still hears it from them.
    said_safe_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    sealed_spot = models.BinaryField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_in"],
                condition=Q(closed_at=None),
                name="one_open_alarm_a_check_in",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, how="")
                | Q(closed_at__isnull=False, owner__isnull=False) & ~Q(how=""),
                name="alarm_is_closed_by_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(owner=None, taken_at=None)
                | Q(owner__isnull=False, taken_at__isnull=False),
                name="alarm_is_taken_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.id}"


class AlarmCallQuerySet(models.QuerySet):
    def by_token(self, token):
        """The call whose link holds this secret, or None."""
        rows = self.select_related("alarm__check_in__site", "alarm__owner", "worker")
        return rows.filter(digest=links.digest_of(CALL, token)).first()


class AlarmCall(models.Model):
    """One message about an alarm to one person, written down before it is sent.

    `tried_at` is set before each try and `sent_at` after the server took it: a process
    that is killed in between sends once more, never less.
    """

    class Kind(models.TextChoices):
        NUDGE = "nudge", _("Asked whether all is well")
        CALL = "call", pgettext_lazy("alarm", "Called")
        TAKEN = "taken", _("Told who took it")
        SAID_SAFE = "said_safe", _("Told that they say they are home")
        CLOSED = "closed", _("Told that it is closed")

    class Channel(models.TextChoices):
        MAIL = "mail", _("Email")
        TEXT = "text", _("Text message")

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="calls")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    round = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    digest = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = AlarmCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alarm", "worker", "kind", "round", "channel"],
                name="call_once",
            )
        ]
        indexes = [
            # Asked every second: what waits to be sent.
            models.Index(
                fields=["tried_at"], condition=Q(sent_at=None), name="call_waits"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.channel} {self.pk}"


class SafetyContact(models.Model):
    """One step of a team's ladder: the named person, then the next one."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="contacts")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "order"], name="contact_once_a_step"
            ),
            models.UniqueConstraint(
                fields=["team", "worker"], name="contact_once_a_person"
            ),
        ]

    def __str__(self):
        return f"{self.team} {self.order}"


class SafetyNumber(models.Model):
    """The work phone that alarms reach a worker on, as the worker gave it."""

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, related_name="safety_number"
    )
    number = models.CharField(max_length=20)

    def __str__(self):
        return f"{self.worker_id}"


class SafetyPass(models.Model):
    """Opens the safety pages on a phone in use, for one worker, for hours.

    Only the digest of its secret is kept. Ending the phone's use ends it.
    """

    digest = models.CharField(max_length=64, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    device = models.UUIDField()
    expires_at = models.DateTimeField()

    def __str__(self):
        return f"{self.worker_id}"


class IncidentNote(models.Model):
    """What endangered somebody at work, for occupational safety; not a figure.

    Free text, guarded; it goes when it has been passed on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey(
        Site, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    day = models.DateField()
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)
    written_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The number it got in the county's own system of occupational safety.
    reference = models.CharField(max_length=40, blank=True)
    passed_on_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.day} {self.kind}"
