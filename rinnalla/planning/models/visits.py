"""Goings-out: a place, a day, who went; and the guests invited to one."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Organisation, Team, Worker
from rinnalla.lib import clock
from rinnalla.planning.models.places import ONLINE, Site
from rinnalla.planning.models.rhythm import Rhythm
from rinnalla.planning.permissions import SEE_VISITS

# The listed reason of a visit that was begun by mistake: it was never to be.
MISTAKEN = "mistaken"


def _one(**condition):
    """One where this holds, else nought."""
    return Case(When(**condition, then=1), default=0)


class VisitQuerySet(models.QuerySet):
    def seen(self):
        """Visits that people and figures may see: no rows of an unfinished import."""
        return self.filter(is_seen=True)

    def visible_to(self, worker):
        """The visits this person may open: the team's, or the own organisation's.

        A partner worker without an agreement opens only visits they take part in;
        of the others they get counts.
        """
        within = SEE_VISITS.limit(self.seen(), worker)
        return within if worker.sees_details else within.filter(workers=worker)

    def on(self, day):
        return self.seen().filter(day=day)

    def done(self):
        return self.filter(status=Visit.Status.DONE)

    def lacking_pair(self):
        """Coming visits with too few people, unsaid why: as `Visit.lacks_pair` says."""
        planned = self.filter(status=Visit.Status.PLANNED, solo_reason="")
        went = Visit.workers.through.objects.filter(visit=OuterRef("pk"))
        ours = went.order_by().values("visit").annotate(n=Count("pk")).values("n")
        planned = planned.exclude(site__kind=ONLINE).annotate(
            ours=Coalesce(Subquery(ours), 0),
            together=F("ours")
            + _one(partner__isnull=False)
            + _one(has_expert_by_experience=True)
            + _one(site__host_gives_pair=True),
        )
        few = Q(together__lt=F("site__required_staffing"))
        return planned.filter(few | Q(ours=0))

    def recorded(self):
        """Visits on which somebody recorded something, also what was taken back.

        What that is the rooms above know: any row of theirs that hangs on the visit.
        """
        holds = Q()
        for relation in Visit._meta.related_objects:
            rows = relation.related_model._base_manager
            if relation.related_model._meta.app_label != Visit._meta.app_label:
                mine = {relation.field.name: OuterRef("pk")}
                holds |= Q(Exists(rows.filter(**mine)))
        return self.filter(holds)


class Visit(models.Model):
    """One going-out: a place, a day, who went. Counts and meetings hang on it.

    `started_at`, `ended_at` are cut to five minutes. `minutes` is the time on the
    spot, `staff` how many of our own were there; both may be unknown (imports).
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="visits")
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    day = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    arrive_before_minutes = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.PLANNED
    )
    cancel_reason = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=40, default="planned")
    # False when it was begun on the spot: taken back, there is no plan to return to.
    was_planned = models.BooleanField(default=True)
    # Going out is not always outreach (a meeting in another house is not).
    is_outreach = models.BooleanField(default=True)
    workers = models.ManyToManyField(Worker, blank=True, related_name="visits")
    partner = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    has_expert_by_experience = models.BooleanField(default=False)
    has_student = models.BooleanField(default=False)
    has_volunteer = models.BooleanField(default=False)
    identifier = models.CharField(max_length=40, blank=True)
    has_car = models.BooleanField(default=False)
    kit = models.JSONField(default=list, blank=True)
    solo_reason = models.CharField(max_length=40, blank=True)
    is_group = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    staff = models.PositiveSmallIntegerField(null=True, blank=True)
    # Whether any of those who went knew the place (been there three times before), as
    # known when the visit ended; outlives who went. None: nobody knows who went.
    is_familiar = models.BooleanField(null=True, blank=True)
    # The rhythm that asked for the visit and the day it asked for: kept when the
    # visit is moved, so that what was promised can be compared with what was kept.
    rhythm = models.ForeignKey(
        Rhythm, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    slot = models.DateField(null=True, blank=True)
    move_reason = models.CharField(max_length=40, blank=True)
    # False while an import is staging its rows.
    is_seen = models.BooleanField(default=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            # Today's list of a team.
            models.Index(fields=["team", "day"], name="visit_team_day"),
            # A site's month is recounted afresh.
            models.Index(fields=["site", "day"], name="visit_site_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="cancelled_visit_says_why",
            ),
            models.UniqueConstraint(fields=["rhythm", "slot"], name="one_visit_a_slot"),
            models.CheckConstraint(
                condition=Q(rhythm=None, slot=None)
                | Q(rhythm__isnull=False, slot__isnull=False),
                name="slot_is_of_a_rhythm",
            ),
        ]

    def __str__(self):
        return f"{self.site} {self.day}"

    @property
    def is_open(self):
        return self.status == self.Status.UNDER_WAY

    @property
    def is_recorded(self):
        """Whether somebody recorded something on it."""
        return Visit.objects.filter(pk=self.pk).recorded().exists()

    @property
    def company(self):
        """How many come along as a pair to ours: a partner, an expert by experience.

        Students and volunteers are company too, but not the second who is answered to.
        """
        return (self.partner_id is not None) + self.has_expert_by_experience

    @property
    def lacks_pair(self):
        """Whether a coming visit has fewer people than its place asks for, unsaid why.

        Reads the workers: prefetch them for a list.
        """
        if self.status != self.Status.PLANNED or self.solo_reason:
            return False
        return self.site.has_too_few(len(self.workers.all()), self.company)

    def asks_why_alone(self, workers):
        """Whether this many of ours must say why they go with so few, and have not."""
        return not self.solo_reason and self.site.asks_why_alone(workers, self.company)

    @property
    def lacking_kit(self):
        """Codes of what its place needs and nobody has ticked yet."""
        return [code for code in self.site.needed_kit if code not in self.kit]

    @property
    def lacks_car(self):
        return self.site.needs_car and not self.has_car

    @property
    def correctable_until(self):
        """The last day on which those who were there may still correct it."""
        ended = clock.local(self.ended_at).date() if self.ended_at else self.day
        return max(self.day, ended) + timedelta(days=1)


class GuestLinkQuerySet(models.QuerySet):
    def in_force(self):
        """Links that still open: not revoked, not too old, the visit not ended."""
        return self.filter(
            is_revoked=False,
            expires_at__gt=clock.now(),
            visit__status__in=[Visit.Status.PLANNED, Visit.Status.UNDER_WAY],
        )

    def alive(self, token):
        """The link this secret opens, its visit along, or None."""
        links = self.in_force().select_related("visit__site", "visit__team")
        return links.filter(digest=digest_of(token)).first()


def digest_of(token):
    """What is kept of a guest link's secret."""
    seen = token.encode("utf-8", "replace")
    return salted_hmac("planning.guest_link", seen, algorithm="sha256").hexdigest()


class GuestLink(models.Model):
    """A link by which a guest records one visit's counts and nothing else.

    Only the digest of its secret is kept; the link stops at `expires_at` or when
    the visit is wrapped up.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    is_revoked = models.BooleanField(default=False)

    objects = GuestLinkQuerySet.as_manager()

    def __str__(self):
        return f"{self.visit}"
