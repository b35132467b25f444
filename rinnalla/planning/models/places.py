"""Where one goes: places and their cards."""

from datetime import timedelta

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Municipality, Organisation, Team, Worker
from rinnalla.access.roles import Reach
from rinnalla.lib import clock
from rinnalla.planning.permissions import READ_CARDS

# The kind of a site that is a channel, not a spot on the ground.
ONLINE = "online"


class SiteQuerySet(models.QuerySet):
    def in_use(self):
        """Sites one still goes to, the ad hoc places of single visits left out."""
        return self.not_retired().filter(is_ad_hoc=False)

    def not_retired(self):
        """Sites that have not been retired by today."""
        return self.filter(Q(retired_on=None) | Q(retired_on__gt=clock.today()))

    def with_review_day(self):
        """Each with `review_due_on`: by when its newest card is looked at again."""
        cards = SiteCard.objects.filter(site=OuterRef("pk")).order_by("-version")
        return self.annotate(review_due_on=Subquery(cards.values("review_due_on")[:1]))

    def with_card_open_to(self, worker):
        """Places whose card this person may read; a partner's, where it goes too.

        That is: places of its own team or house, and those it has visits at.
        """
        reach = READ_CARDS.reach_of(worker)
        if reach != Reach.ORGANISATION:
            return self if reach == Reach.ALL else self.none()
        own = worker.organisation_id
        visits = self.model.visits.rel.related_model
        goes = visits.objects.seen().filter(Q(organisation=own) | Q(partner=own))
        goes = goes.exclude(status=visits.Status.CANCELLED)
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
    # The place's own telephone or its host's at work; never a person's private one.
    host_phone = models.CharField(max_length=24, blank=True, default="", db_default="")
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    responsible = models.ManyToManyField(Worker, blank=True, related_name="+")
    # 1 = may go alone, 2 = a pair is required.
    required_staffing = models.PositiveSmallIntegerField(default=2)
    # The host's own people make the pair when one is needed.
    host_gives_pair = models.BooleanField(default=False, db_default=False)
    # What one needs along here: a car, and codes of the list `kit`.
    needs_car = models.BooleanField(default=False, db_default=False)
    needed_kit = models.JSONField(default=list, db_default=[], blank=True)
    # Months 1-12, both or neither: a street in season, else all year.
    season_from = models.PositiveSmallIntegerField(null=True, blank=True)
    season_to = models.PositiveSmallIntegerField(null=True, blank=True)
    # A guided person usually was met just now; where the queue is counted first, not.
    guided_counts_as_met = models.BooleanField(default=True)
    is_ad_hoc = models.BooleanField(default=False)
    # The first day on which one no longer goes there; it may be ahead.
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
        """Whether one goes here with a second; on the net one may work alone."""
        return self.required_staffing >= 2 and self.kind != ONLINE

    @property
    def is_retired(self):
        """Whether one no longer goes there."""
        return self.retired_on is not None and self.retired_on <= clock.today()

    @property
    def last_day(self):
        """The last day on which one goes there, once that has been decided."""
        return self.retired_on and self.retired_on - timedelta(days=1)

    @property
    def is_new(self):
        """Nobody has been here yet: no visit of ours is done."""
        return self.pk is None or not self.visits.seen().done().exists()

    @property
    def own_staffing(self):
        """How many of ours go at the least: where the host gives a pair, one fewer."""
        return max(1, self.required_staffing - self.host_gives_pair)

    def has_too_few(self, workers, company=0):
        """Whether so few of ours and `company` are fewer than one goes with here.

        Somebody of ours always goes; on the net one may always work alone.
        """
        if self.kind == ONLINE:
            return False
        return workers < 1 or workers + company < self.own_staffing

    def asks_why_alone(self, workers, company=0):
        """Whether this many workers must say why they go with so few.

        A place that requires a pair asks, and so does one nobody has been to: there
        the host is not known yet. `company` is who comes along as a pair.
        """
        if self.has_too_few(workers, company):
            return True
        return self.kind != ONLINE and workers + company < 2 and self.is_new


class Decision(models.TextChoices):
    """What a review of the need says of a place."""

    CONTINUE = "continue", _("We go on")
    CHANGE = "change", _("We change how we go")
    MOVE = "move", _("We move elsewhere")
    STOP = "stop", _("We stop going")


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
    # How a review of the need ended, and why; empty when only the text was changed.
    decision = models.CharField(
        max_length=8, choices=Decision.choices, blank=True, default="", db_default=""
    )
    decided_why = models.CharField(
        max_length=280, blank=True, default="", db_default=""
    )
    moved_to = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
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
