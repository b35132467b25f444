"""Who works here and where: organisations, areas, teams, workers, code lists, audit."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rinnalla.access.roles import Role
from rinnalla.lib import clock


def in_language(row, field, language=None):
    """The row's text in the reader's language, else in Finnish."""
    language = (language or get_language() or "fi")[:2]
    return getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_fi")


class County(models.Model):
    """A wellbeing services county (or Helsinki, Åland). Source: Statistics Finland."""

    code = models.CharField(max_length=2, primary_key=True)
    name_fi = models.CharField(max_length=80)
    name_sv = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self):
        return in_language(self, "name")


class Municipality(models.Model):
    """One of the 308 municipalities of 2026. Source: Statistics Finland, CC BY 4.0."""

    code = models.CharField(max_length=3, primary_key=True)
    county = models.ForeignKey(County, on_delete=models.PROTECT)
    name_fi = models.CharField(max_length=80)
    name_sv = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self):
        return in_language(self, "name")


class Organisation(models.Model):
    """Who a worker works for, or who hosts a place: county, city, parish, NGO, firm."""

    class Sector(models.TextChoices):
        COUNTY = "county", _("Wellbeing services county")
        MUNICIPALITY = "municipality", _("Municipality")
        PARISH = "parish", _("Parish")
        NGO = "ngo", _("Association")
        PRIVATE = "private", _("Private company")

    name = models.CharField(max_length=120, unique=True)
    sector = models.CharField(max_length=20, choices=Sector.choices)
    # A partner without an agreement sees only counts of its own visits.
    agreed_on = models.DateField(null=True, blank=True)
    # A project that ends in summer leaves a gap; kept even when far away.
    ends_on = models.DateField(null=True, blank=True)

    def __str__(self):
        return self.name

    @property
    def has_ended(self):
        """Whether its agreement or project is over; nobody of it gets in any more."""
        return bool(self.ends_on) and self.ends_on < clock.today()


class Team(models.Model):
    """A group of workers who share sites and read each other's raw records."""

    name = models.CharField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)

    def __str__(self):
        return self.name


class WorkerManager(BaseUserManager):
    def get_queryset(self):
        """With the organisation: each request asks whether its agreement holds."""
        return super().get_queryset().select_related("organisation")

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Worker(AbstractBaseUser):
    """A person who signs in. Work email and work name only."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    language = models.CharField(max_length=2, default="fi")
    is_active = models.BooleanField(default=True)

    objects = WorkerManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="worker_role_known"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def first_name(self):
        return self.name.split(" ")[0]

    @cached_property
    def sees_details(self):
        """A partner sees more than counts only under a dated agreement."""
        return self.role != Role.PARTNER or bool(self.organisation.agreed_on)


class WorkerSession(AbstractBaseSession):
    """One device where somebody is signed in; deleting the row ends it at once."""

    worker = models.ForeignKey(Worker, null=True, on_delete=models.CASCADE)
    # What a page may show and send back: the key itself opens the session.
    public_id = models.CharField(max_length=32, blank=True)
    device = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls):
        from rinnalla.access.session_store import SessionStore

        return SessionStore


class CodeQuerySet(models.QuerySet):
    def of(self, code_list):
        """The codes of one list in the county's order."""
        return self.filter(list=code_list).order_by("order", "code")

    def in_use(self, code_list):
        """The codes one may still choose; retired ones stay readable on old records."""
        return self.of(code_list).filter(is_retired=False)


class Code(models.Model):
    """One choice of a code list; the code is kept, a county may change the label.

    Records store the code itself as text, so a retired code stays readable.
    """

    list = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    label_fi = models.CharField(max_length=80)
    label_sv = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    # On the phone's chips; empty means the label is short enough.
    short_fi = models.CharField(max_length=20, blank=True)
    short_sv = models.CharField(max_length=20, blank=True)
    short_en = models.CharField(max_length=20, blank=True)
    # A wider class for protected tables (a topic group); empty means itself.
    group = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(default=False)
    # Changed by the county: loading the shipped lists again leaves the labels alone.
    is_changed = models.BooleanField(default=False)

    objects = CodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="code_once_a_list")
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        return in_language(self, "label")

    @property
    def short(self):
        language = (get_language() or "fi")[:2]
        return getattr(self, f"short_{language}", "") or self.label


class AuditQuerySet(models.QuerySet):
    """Events can be read and, when their time is over, forgotten; nothing else."""

    def update(self, **kwargs):
        raise TypeError("An audit event is never changed")

    def delete(self):
        raise TypeError("An audit event is never deleted by hand")

    def forget(self):
        """Delete these; PostgreSQL refuses it for events younger than a year."""
        return super().delete()[0]


class AuditEvent(models.Model):
    """Who did what to which row and when; never what was written. Append-only.

    Times of anonymous activity (domain A) are cut to five minutes, so that an event
    cannot be joined to one meeting. Plain numbers instead of relations: a person or
    row that goes leaves the event as it was.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    worker_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=1)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            # The administrator's list is read newest first.
            models.Index(fields=["-at", "-id"], name="audit_newest"),
        ]

    def __str__(self):
        return f"{self.action} {self.object_kind} {self.object_id}"

    def save(self, **kwargs):
        if self.pk:
            raise TypeError("An audit event is never changed")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise TypeError("An audit event is never deleted by hand")
