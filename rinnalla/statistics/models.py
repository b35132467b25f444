"""Counts made of facts, what was sealed and corrected, and what was published."""

from django.db import models
from django.db.models import Q, Sum

from rinnalla.access.models import Organisation
from rinnalla.planning.models import Site


class Activity(models.Model):
    """What was done, in numbers that split nobody: visits, time, met, guided.

    `minutes` are worker-minutes on the spot, over the visits whose time is known
    (`timed_visits`, `timed_guided`: guided on just those). `met` counts contacts,
    never unique persons. `planned` are all visits that were to be, cancelled ones too.
    All may be negative only in a correction, which can also take away.
    """

    planned = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)  # outreach visits done
    other_visits = models.IntegerField(default=0)  # done, but not outreach
    open_visits = models.IntegerField(default=0)  # neither done nor cancelled
    # Open visits, and visits done on a day of which nothing was said.
    unrecorded = models.IntegerField(default=0)
    cancelled = models.IntegerField(default=0)
    pair_required = models.IntegerField(default=0)
    pair_kept = models.IntegerField(default=0)
    minutes = models.IntegerField(default=0)
    timed_visits = models.IntegerField(default=0)
    timed_guided = models.IntegerField(default=0)
    met = models.IntegerField(default=0)
    met_estimated = models.IntegerField(default=0)
    met_from_organiser = models.IntegerField(default=0)
    guided = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)
    attended = models.IntegerField(default=0)
    matter_opened = models.IntegerField(default=0)
    nobody_reached = models.IntegerField(default=0)

    class Meta:
        abstract = True


ACTIVITY = [field.name for field in Activity._meta.local_fields]


class ActivityQuerySet(models.QuerySet):
    """Rows of numbers; sums come as one dictionary a group, zeros included."""

    def summed(self, *by):
        """Sum every number, once for each value of `by`; of nothing by, one row."""
        sums = {f"{name}_": Sum(name) for name in ACTIVITY}
        if by:
            rows = self.order_by(*by).values(*by).annotate(**sums)
        else:
            rows = [self.aggregate(**sums)]
        return [
            {key: row[key] for key in by}
            | {name: row[f"{name}_"] or 0 for name in ACTIVITY}
            for row in rows
        ]


class DayCount(Activity):
    """One site's day, for each organisation that went there.

    The organisation is part of the key so that a partner can be shown its own visits.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day", "organisation"], name="day_count_once"
            )
        ]
        indexes = [
            # A range of days over all sites.
            models.Index(fields=["day"], name="day_count_day"),
            # The few days that miss a number, out of many.
            models.Index(fields=["unrecorded"], name="day_count_unrecorded"),
        ]

    def __str__(self):
        return f"{self.site} {self.day}"


class MonthTotal(Activity):
    """The days of one site's month added up: what the pages read."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()  # the first day
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "month", "organisation"], name="month_total_once"
            )
        ]
        indexes = [
            # A month over all sites.
            models.Index(fields=["month"], name="month_total_month")
        ]

    def __str__(self):
        return f"{self.site} {self.month}"


class MonthCount(models.Model):
    """One category of one dimension in a site's month: topic benefits 7.

    Splits of people stay inside: pages read them from `PublishedTable` only.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    dimension = models.CharField(max_length=20)
    category = models.CharField(max_length=40)
    value = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "month", "dimension", "category"],
                name="month_count_once",
            )
        ]
        indexes = [
            # All sites' counts of one dimension when a month closes.
            models.Index(fields=["month", "dimension"], name="month_count_dimension")
        ]

    def __str__(self):
        return f"{self.site} {self.month} {self.dimension} {self.category}"


class SealedMonth(models.Model):
    """A site's month whose raw facts are gone: its counts stay as they are.

    `checksum` is over its counts; `remains` are the figures of the facts that stayed
    after the purge, so that a fact that comes later can be told from them.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    checksum = models.CharField(max_length=64)
    remains = models.JSONField(default=dict)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "month"], name="sealed_once")
        ]

    def __str__(self):
        return f"{self.site} {self.month}"


class Correction(Activity):
    """What came late to a sealed month: added when read and marked "r" (revised)."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    day = models.DateField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    noted_on = models.DateField()

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [
            # Corrections are few and read beside the month's counts.
            models.Index(fields=["month"], name="correction_month")
        ]

    def __str__(self):
        return f"{self.site} {self.day}"


class ClosedCount(models.Model):
    """A split of people as it stood when its month closed; the source of all tables.

    Dimension "guided" with an empty category holds the people guided in all.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    dimension = models.CharField(max_length=20)
    category = models.CharField(max_length=40, blank=True)
    value = models.PositiveIntegerField()
    # Where the site was then: tables of a year must keep adding up.
    municipality = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "month", "dimension", "category"],
                name="closed_count_once",
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="closed_count_held"),
        ]
        indexes = [
            # A year of one dimension is protected at a time.
            models.Index(fields=["dimension", "month"], name="closed_count_year")
        ]

    def __str__(self):
        return f"{self.site} {self.month} {self.dimension} {self.category}"


class PublishedTable(models.Model):
    """One protected table as readers see it. Made once, never changed.

    `level` county, municipality or site with the code or number of the `place`
    (empty for the county); `span` month, quarter or year from `starts`; `cells` maps
    category to a number or "c"; `detail` says whether the rows are codes, groups
    ("group"), the table was left out ("none"), or its records came after tables that
    cover it had been published ("late"). `groups` maps code to group as it was then.
    """

    dimension = models.CharField(max_length=20)
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=20, blank=True)
    span = models.CharField(max_length=8)
    starts = models.DateField()
    detail = models.CharField(max_length=8)
    cells = models.JSONField(default=dict)
    groups = models.JSONField(default=dict)
    guided = models.PositiveIntegerField(default=0)  # in all, when it closed
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "level", "place", "span", "starts"],
                name="published_once",
            )
        ]

    def __str__(self):
        return f"{self.dimension} {self.level} {self.place} {self.starts}"


class PublishedYear(models.Model):
    """A year whose splits of people have tables, and whether anybody has read them.

    While nobody has, facts that come (the next old spreadsheet) make the tables anew.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    is_read = models.BooleanField(default=False)
    # Raised when unread tables are taken back: what was reckoned before is let go.
    edition = models.PositiveIntegerField(default=0)

    def __str__(self):
        return str(self.year)


class DrawingQuerySet(models.QuerySet):
    def waiting(self):
        """Charts a page asked for and nobody has drawn yet."""
        return self.filter(svg="")


class Drawing(models.Model):
    """A chart drawn once: found by the digest of what it shows."""

    digest = models.CharField(max_length=64, primary_key=True)
    spec = models.JSONField()
    svg = models.TextField(blank=True)
    asked_at = models.DateTimeField()

    objects = DrawingQuerySet.as_manager()

    def __str__(self):
        return self.digest


class MethodChange(models.Model):
    """A day from which figures are made another way; the first of each is the start.

    `about` is a code list (topic) or an indicator (I5). `known` is what is in force
    from that day: the list's codes with their groups, or the version.
    """

    about = models.CharField(max_length=20)
    day = models.DateField()
    known = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "day"], name="method_change_once_a_day"
            )
        ]

    def __str__(self):
        return f"{self.about} {self.day}"
