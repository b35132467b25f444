"""What was met, without a name: counts, meetings, marks, wrap-ups, observations."""

import uuid

from django.db import models
from django.db.models import Q, Sum

from rinnalla.access.models import Team, Worker
from rinnalla.planning.models import Event, Site, Visit


class CountQuerySet(models.QuerySet):
    def total(self, kind):
        """The sum of one kind; every tap, undo and correction is a row of its own."""
        return self.filter(kind=kind).aggregate(n=Sum("number"))["n"] or 0


# Not a phone: rows of this device take out what two phones counted of one queue.
NOBODYS_DEVICE = uuid.UUID(int=0)


class Count(models.Model):
    """One tap or one typed number: so many more (or fewer) of one kind on a visit.

    Never changed: an undo is a new row that points at the tap it takes back.
    `at` is cut to five minutes. `device` tells one phone's taps from another's during
    the visit and is dropped after 90 days.
    """

    class Kind(models.TextChoices):
        MET = "met"
        GUIDED = "guided"  # guided without a meeting's own row: tally sheet, import
        DECLINED = "declined"  # did not want to talk
        MATTER_OPENED = "matter_opened"  # opened in the client information system
        ATTENDED = "attended"  # a group session
        TOPIC = "topic"  # code = topic: counts without single meetings
        METHOD = "method"  # code = what was done, likewise
        RESULT = "result"  # code = next step, likewise
        NEW = "new"
        RETURNING = "returning"
        SAME_QUEUE = "same_queue"  # +1: two phones count the same queue; -1: no more
        TALK = "talk"  # a conversation at an event, beside those met

    class How(models.TextChoices):
        COUNTED = "counted"
        ESTIMATED = "estimated"
        FROM_ORGANISER = "from_organiser"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="counts")
    device = models.UUIDField(null=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    code = models.CharField(max_length=40, blank=True)
    number = models.IntegerField()
    how = models.CharField(max_length=16, choices=How.choices, default=How.COUNTED)
    at = models.DateTimeField(null=True)
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="undone_by"
    )

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=-100000, number__lte=100000),
                name="count_number_sane",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["topic", "method", "result"]) | Q(code=""),
                name="count_code_where_it_belongs",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.number:+d}"


class EncounterQuerySet(models.QuerySet):
    def kept(self):
        """Meetings that were not taken back."""
        return self.filter(is_undone=False)

    def unfinished(self):
        """Those of them that wait for a topic or for what was done."""
        return self.kept().filter(Q(topics=[]) | Q(methods=[]))


class Encounter(models.Model):
    """One person guided, in codes only; a stub with nothing filled in is valid.

    There is no field that can name a person. `at` is cut to five minutes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    visit = models.ForeignKey(
        Visit, on_delete=models.CASCADE, related_name="encounters"
    )
    device = models.UUIDField(null=True)
    at = models.DateTimeField(null=True)
    counts_as_met = models.BooleanField(default=True)
    topics = models.JSONField(default=list, blank=True)
    methods = models.JSONField(default=list, blank=True)
    next_step = models.CharField(max_length=40, blank=True)
    age_band = models.CharField(max_length=40, blank=True)
    familiarity = models.CharField(max_length=40, blank=True)
    target_groups = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    tickets = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=40, blank=True)
    has_language_barrier = models.BooleanField(default=False)
    is_undone = models.BooleanField(default=False)

    objects = EncounterQuerySet.as_manager()

    def __str__(self):
        return f"{self.visit}"


class Mark(models.Model):
    """A time mark to come back to: three coded hints, no names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="marks")
    device = models.UUIDField(null=True)
    at = models.DateTimeField()
    age_band = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    promise = models.CharField(max_length=40, blank=True)
    is_done = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.visit}"


class WrapUp(models.Model):
    """What the pair says when it ends a visit. Sent once, corrected by new facts."""

    visit = models.OneToOneField(
        Visit, on_delete=models.CASCADE, primary_key=True, related_name="wrap_up"
    )
    how = models.CharField(
        max_length=16, choices=Count.How.choices, default=Count.How.COUNTED
    )
    # Nobody could be reached: a proper result, not a missing record.
    is_nobody_reached = models.BooleanField(default=False)
    atmosphere = models.CharField(max_length=40, blank=True)
    safety = models.CharField(max_length=40, blank=True)
    is_left_for_tomorrow = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.visit}"


class Observation(models.Model):
    """What the street shows: phenomena and thresholds, never a person.

    `text` is guarded, at most 280 characters, and deleted by rule.
    """

    visit = models.ForeignKey(
        Visit, null=True, on_delete=models.CASCADE, related_name="observations"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    phenomena = models.JSONField(default=list, blank=True)
    thresholds = models.JSONField(default=list, blank=True)
    text = models.CharField(max_length=280, blank=True)

    def __str__(self):
        return f"{self.site} {self.day}"


class VoiceBoard(models.Model):
    """One question, and what people answered in their own words, from paper or phone.

    `is_open` says whether the board's link still takes answers; of its secret only
    the digest is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(
        Event, null=True, on_delete=models.SET_NULL, related_name="boards"
    )
    day = models.DateField()
    question = models.CharField(max_length=160)
    is_open = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self):
        return self.question


class VoiceTheme(models.Model):
    """A heading under which somebody put thoughts that belong together."""

    board = models.ForeignKey(
        VoiceBoard, on_delete=models.CASCADE, related_name="themes"
    )
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"], name="theme_name_once_a_board"
            )
        ]

    def __str__(self):
        return self.name


class VoiceQuerySet(models.QuerySet):
    def kept(self):
        """Thoughts that stand on the board."""
        return self.filter(is_waiting=False)

    def waiting(self):
        """Thoughts people sent that nobody of us has looked at yet."""
        return self.filter(is_waiting=True)


class Voice(models.Model):
    """One thought as it was written; nothing tells who wrote it or at what moment.

    Its key is random, so that the order in which people wrote is not kept either.
    The words are deleted by rule; the row stays and counts.
    """

    class How(models.TextChoices):
        PAPER = "paper"
        PHONE = "phone"
        # Too quick, or without a stamp; from a phone once one of us has taken it.
        ODD = "odd"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(
        VoiceBoard, on_delete=models.CASCADE, related_name="voices"
    )
    theme = models.ForeignKey(
        VoiceTheme, null=True, on_delete=models.SET_NULL, related_name="voices"
    )
    text = models.CharField(max_length=280, blank=True)
    how = models.CharField(max_length=8, choices=How.choices)
    is_waiting = models.BooleanField(default=False)

    objects = VoiceQuerySet.as_manager()

    def __str__(self):
        return f"{self.board} {self.how}"


class ImportSource(models.Model):
    """A named source of past figures: how its columns and its places were read."""

    name = models.CharField(max_length=80, unique=True)
    shape = models.CharField(max_length=8, blank=True)
    # Field of ours -> the source's column name, kept for next time.
    mapping = models.JSONField(default=dict)
    # The source's own name of a place -> our site's key, kept for next time.
    sites = models.JSONField(default=dict)

    def __str__(self):
        return self.name


class ImportBatch(models.Model):
    """One import: read, looked over, staged unseen in short steps, shown by one update.

    The file lies in the data folder under `stored_as` until the import ends. `report`
    holds what the look found: figures, faults, unknown places, likely doubles.
    """

    class State(models.TextChoices):
        RECEIVED = "received"  # the file waits to be opened
        READ = "read"  # its columns are known; which is which is asked
        CHECKING = "checking"
        CHECKED = "checked"  # shown with its faults; waits for a decision
        STAGING = "staging"
        DONE = "done"
        REFUSED = "refused"  # the file cannot be opened
        UNDOING = "undoing"
        UNDONE = "undone"  # taken out again whole

    WORKING = (State.RECEIVED, State.CHECKING, State.STAGING, State.UNDOING)
    # Nothing of it waits for anybody any more.
    ENDED = (State.DONE, State.UNDONE)

    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    started_by = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Born with the form, so that sending it twice makes one import.
    token = models.UUIDField(null=True, unique=True)
    started_at = models.DateTimeField(null=True)
    # When it last moved: a step that stands still may be begun anew.
    moved_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices)
    stored_as = models.CharField(max_length=60, blank=True)
    sheet = models.PositiveSmallIntegerField(default=0)
    shape = models.CharField(max_length=8, blank=True)
    mapping = models.JSONField(default=dict)
    sites = models.JSONField(default=dict)
    takes_doubles = models.BooleanField(default=False)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)

    def __str__(self):
        return f"{self.source} {self.pk}"

    @property
    def is_working(self):
        return self.state in self.WORKING


class ImportedRowQuerySet(models.QuerySet):
    def current(self, source):
        """What a source's rows last became: of each key the newest finished import."""
        return self.filter(
            source=source, is_superseded=False, batch__state=ImportBatch.State.DONE
        )


class ImportedRow(models.Model):
    """Which visit a source's row became: the key is source and key columns.

    A corrected row keeps its visit and adds the difference to it as new facts, which
    wait on an unseen `stage` visit until the import is shown. So a correction is right
    also when the first facts have been purged.
    """

    source = models.ForeignKey(ImportSource, on_delete=models.CASCADE)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    # The row's figures: met, guided, minutes, topic:…, result:….
    figures = models.JSONField(default=dict)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE)
    stage = models.ForeignKey(
        Visit, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_superseded = models.BooleanField(default=False)

    objects = ImportedRowQuerySet.as_manager()

    class Meta:
        indexes = [
            # The same row again is found by source and key.
            models.Index(fields=["source", "key"], name="imported_key")
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="row_once_a_batch")
        ]

    def __str__(self):
        return self.key
