"""Where and when: sites, their cards, visits, and the months that need a recount."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Municipality, Organisation, Team, Worker
from rinnalla.access.roles import Reach
from rinnalla.lib import clock
from rinnalla.planning.permissions import READ_CARDS, SEE_VISITS

# The kind of a site that is a channel, not a spot on the ground.
ONLINE = "online"
# The listed reason of a visit that was begun by mistake: it was never to be.
MISTAKEN = "mistaken"


class SiteQuerySet(models.QuerySet):
    def in_use(self):
        """Sites one still goes to, the ad hoc places of single visits left out."""
        return self.filter(retired_on=None, is_ad_hoc=False)

    def with_card_open_to(self, worker):
        """Places whose card this person may read; a partner's, where it goes too.

        That is: places of its own team or house, and those it has visits at.
        """
        reach = READ_CARDS.reach_of(worker)
        if reach != Reach.ORGANISATION:
            return self if reach == Reach.ALL else self.none()
        own = worker.organisation_id
        goes = Visit.objects.seen().filter(Q(organisation=own) | Q(partner=own))
        goes = goes.exclude(status=Visit.Status.CANCELLED)
        mine = Q(team__organisation=own) | Q(host=own) | Q(pk__in=goes.values("site"))
        return self.filter(mine)


class Site(models.Model):
    """A place the team goes to. Every visit has one, so that counts have one key.

    A place nobody planned (a corner, a home, a chat channel) is a site marked ad hoc:
    it can be made a real one later without moving its visits.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    area = models.CharField(max_length=80, blank=True)
    host = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    responsible = models.ManyToManyField(Worker, blank=True, related_name="+")
    # 1 = may go alone, 2 = a pair is required.
    required_staffing = models.PositiveSmallIntegerField(default=2)
    # Months 1-12, both or neither: a street in season, else all year.
    season_from = models.PositiveSmallIntegerField(null=True, blank=True)
    season_to = models.PositiveSmallIntegerField(null=True, blank=True)
    # A guided person usually was met just now; where the queue is counted first, not.
    guided_counts_as_met = models.BooleanField(default=True)
    is_ad_hoc = models.BooleanField(default=False)
    retired_on = models.DateField(null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name", "municipality", "is_ad_hoc"],
                name="site_name_once_a_team",
            ),
            models.CheckConstraint(
                condition=Q(required_staffing__gte=1, required_staffing__lte=9),
                name="site_staffing_sane",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def needs_pair(self):
        return self.required_staffing >= 2

    @property
    def is_new(self):
        """Nobody has been here yet: no visit of ours is done."""
        return self.pk is None or not self.visits.seen().done().exists()

    def asks_why_alone(self, workers):
        """Whether this many workers must say why they go with so few.

        A place that requires a pair asks, and so does one nobody has been to; on the
        net one may always work alone.
        """
        if self.kind == ONLINE:
            return False
        if workers < self.required_staffing:
            return True
        return workers < 2 and self.is_new


class SiteCardQuerySet(models.QuerySet):
    def newest(self):
        """The version that holds now, or None when no card has been written."""
        return self.order_by("-version").first()


class SiteCard(models.Model):
    """What one must know of a place, in the five fixed headings; a version a review."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="cards")
    version = models.PositiveIntegerField()
    why = models.TextField(_("Why"), blank=True)
    when = models.TextField(_("When"), blank=True)
    where = models.TextField(_("Where"), blank=True)
    resources = models.TextField(_("Resources"), blank=True)
    features = models.TextField(_("Special features"), blank=True)
    safety_note = models.CharField(_("Before you leave"), max_length=280, blank=True)
    reviewed_on = models.DateField()
    review_due_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SiteCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "version"], name="card_version_once"
            )
        ]

    def __str__(self):
        return f"{self.site} {self.version}"

    @property
    def is_review_due(self):
        """Whether the day has come to look at the card again."""
        return bool(self.review_due_on) and self.review_due_on <= clock.today()


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
            )
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
    def lacks_pair(self):
        """Whether a coming visit has fewer workers than its place asks for, unsaid why.

        Reads the workers: prefetch them for a list.
        """
        if self.status != self.Status.PLANNED or self.solo_reason:
            return False
        few = len(self.workers.all()) < self.site.required_staffing
        return few and self.site.kind != ONLINE

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
