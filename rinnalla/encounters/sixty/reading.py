"""Everything the page of a place in 60 seconds says; writes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count as HowMany
from django.db.models.functions import ExtractHour

from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.permissions import READ_ENCOUNTERS
from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.models import SiteCard, Visit
from rinnalla.planning.models.notes import KEPT_DAYS
from rinnalla.planning.permissions import KEEP_NOTES
from rinnalla.planning.rhythm.words import place_name

# The rush is told of the latest visits, and only when enough of them have an hour.
VISITS, LEAST_VISITS, LEAST_TIMES = 24, 3, 20
PROMISES, NOTES = 3, 2
HEADINGS = ("why", "when", "where", "resources", "features")


@dataclass(frozen=True)
class Promise:
    """Something the team said it would do here: in words, or as a code of a mark."""

    text: str
    day: date
    number: int = 1


@dataclass(frozen=True)
class Sixty:
    """What one must know of a place before arriving.

    `rush` is the hour when most people come, None while it is not known.
    """

    name: str
    kind: object
    card: object
    last: Visit | None = None
    rush: int | None = None
    promises: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    may_note: bool = False

    @property
    def headings(self):
        """The card's headings that somebody has written, each with its text."""
        fields = [SiteCard._meta.get_field(name) for name in HEADINGS]
        texts = [(f.verbose_name, getattr(self.card, f.name)) for f in fields]
        return [(heading, text) for heading, text in texts if text]

    @property
    def first_promises(self):
        return self.promises[:PROMISES]

    @property
    def more(self):
        """How many promises and notes stand behind the link."""
        return len(self.promises[PROMISES:]) + len(self.notes[NOTES:])

    @property
    def first_notes(self):
        return self.notes[:NOTES]

    @property
    def rush_ends(self):
        return self.rush + 1


def sixty_of(site, worker):
    """The page of a place for this reader: no more than the reader sees elsewhere."""
    visits = Visit.objects.visible_to(worker).filter(site=site)
    notes = KEEP_NOTES.limit(site.notes.kept(), worker)
    return Sixty(
        name=place_name(site),
        kind=kinds.all_kinds()[site.kind],
        card=site.cards.newest(),
        last=_last(visits),
        rush=rush_of(_readable(visits, worker)),
        promises=_promised(notes) + _marked(_readable(visits, worker)),
        notes=list(notes.filter(is_promise=False).order_by("-written_on", "pk")),
        may_note=KEEP_NOTES.limit(type(site).objects, worker)
        .filter(pk=site.pk)
        .exists(),
    )


def _readable(visits, worker):
    """The visits whose single records this reader may read."""
    if not worker.sees_details:
        return visits.none()
    return READ_ENCOUNTERS.limit(visits, worker)


def _last(visits):
    rows = visits.done().filter(day__lte=clock.today()).prefetch_related("workers")
    return rows.order_by("-day", "-starts", "pk").first()


def rush_of(visits):
    """The hour of the day when most people came, or None while too little is known.

    Told by taps of one and by meetings, which know their time; a number typed
    afterwards knows none.
    """
    latest = visits.done().order_by("-day", "-starts", "pk")
    keys = list(latest.values_list("pk", flat=True)[:VISITS])
    taps = Count.objects.filter(
        kind=Count.Kind.MET, number=1, undoes=None, undone_by=None
    )
    hours, seen = Counter(), set()
    for rows in (taps, Encounter.objects.kept()):
        for visit, hour, number in _by_hour(rows.filter(visit__in=keys)):
            hours[hour] += number
            seen.add(visit)
    if len(seen) < LEAST_VISITS or hours.total() < LEAST_TIMES:
        return None
    return min(hours, key=lambda hour: (-hours[hour], hour))


def _by_hour(rows):
    hour = ExtractHour("at", tzinfo=clock.HELSINKI)
    rows = rows.exclude(at=None).annotate(hour=hour).order_by()
    return rows.values_list("visit", "hour").annotate(n=HowMany("pk"))


def _promised(notes):
    return [Promise(note.text, note.written_on) for note in notes.open_promises()]


def _marked(visits):
    """What was promised by a mark on the phone and not dealt with, by day and code."""
    since = clock.today() - timedelta(days=KEPT_DAYS)
    marks = Mark.objects.filter(
        visit__in=visits.filter(day__gte=since), is_done=False
    ).exclude(promise="")
    rows = marks.order_by().values_list("visit__day", "promise")
    rows = sorted(rows.annotate(n=HowMany("pk")))
    words = kinds.words("promise")["promise"] if rows else {}
    return [Promise(words.get(code, code), day, n) for day, code, n in rows]
