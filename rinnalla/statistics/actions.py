"""What is done with figures: recount, seal, prove, publish. Figures are made afresh.

A figure is never added to: a marked month is counted again from its facts, in one
transaction, so that a lost or doubled step cannot leave a wrong number behind.
"""

import hashlib
import json
import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from rinnalla.access import audit
from rinnalla.encounters.retention import raw_visits
from rinnalla.lib import clock
from rinnalla.lib.charts import render_svg, spec_hash
from rinnalla.planning.models import PromisedDay, Site, StaleMonth, Visit
from rinnalla.planning.rhythm.actions import note_promises
from rinnalla.statistics.breaks import in_force
from rinnalla.statistics.counting import (
    PEOPLE,
    Figures,
    figures_of,
    month_after,
    months_before,
)
from rinnalla.statistics.models import (
    ACTIVITY,
    ClosedCount,
    Correction,
    DayCount,
    Drawing,
    MethodChange,
    MonthCount,
    MonthTotal,
    PublishedTable,
    PublishedYear,
    SealedMonth,
)
from rinnalla.statistics.published import (
    as_table,
    closed_facts,
    closes_on,
    months_to_publish,
    published_tables,
)
from rinnalla.statistics.report import month_report
from rinnalla.statistics.scope import Scope
from rinnalla.statistics.tables import OFFERED, Table, close, offers

log = logging.getLogger(__name__)


# The day this process last looked whether a month has closed: not asked every second.
_checked = {}


PAIRS_A_TURN = 100


def refresh(in_turns=False):
    """Bring all figures up to date: recount, publish what closed, draw charts.

    Safe to call again and again; the worker does so every few seconds. `in_turns` does
    one share of the work and leaves the rest to the next call, so that prints and
    imports get their turn too: a hundred recounts, newest first, and when none is
    waiting one dimension of a month that closed. Returns what was done, as numbers.
    """
    is_new_day = _checked.get("day") != clock.today()
    if is_new_day:
        note_promises()
    recounted = recount_stale(most=PAIRS_A_TURN if in_turns else None)
    published = 0
    if recounted or is_new_day:
        note_method_changes()
        _checked["may_close"] = True
    if _checked.get("may_close") and not (in_turns and recounted == PAIRS_A_TURN):
        published = publish_closed(steps=1 if in_turns else None)
        _checked["may_close"] = bool(in_turns and published)
    if recounted or published or is_new_day:
        order_newest()
    if is_new_day:
        drop_old_drawings()
    _checked["day"] = clock.today()
    return {"recounted": recounted, "published": published, "drawn": draw_waiting()}


# --- Recounting ---------------------------------------------------------------


def recount_stale(pairs=None, most=None):
    """Recount the (site, month) pairs that are marked; all of them, or these only.

    Newest months first: what was tapped today does not wait for an old spreadsheet.
    """
    marked = StaleMonth.objects.order_by("-month", "site_id")
    found = list(dict.fromkeys(marked.values_list("site_id", "month")))
    if pairs is not None:
        found = [pair for pair in found if pair in pairs]
    found = found[:most]
    for site_id, month in found:
        recount(site_id, month)
    return len(found)


def catch_up(sites, months, most=20):
    """Recount what is marked among these sites and months, if that is little.

    A page calls this before it reads, so that a tap is seen a moment later even when
    the worker is busy. Above `most` pairs the page is shown as it is, and says so.
    Returns whether anything is still waiting.
    """
    marked = StaleMonth.objects.filter(site__in=sites, month__in=months).order_by()
    pairs = list(marked.values_list("site_id", "month").distinct()[: most + 1])
    if len(pairs) > most:
        return True
    for site_id, month in pairs:
        recount(site_id, month)
    return False


@transaction.atomic
def recount(site_id, month):
    """Count one site's month afresh, or, when it is sealed, note what came late."""
    # One counter at a time for a site; taps at the site do not wait for it.
    Site.objects.select_for_update(no_key=True).get(pk=site_id)
    marks = StaleMonth.objects.filter(site_id=site_id, month=month)
    marks.filter(pk__in=list(marks.values_list("pk", flat=True))).delete()
    sealed = SealedMonth.objects.filter(site_id=site_id, month=month).first()
    figures = figures_of(site_id, month)
    if sealed:
        _note_late(sealed, figures)
    else:
        _store(site_id, month, figures)
        if closes_on(month) <= clock.today():
            _withdraw_unread(month.year)


def _store(site_id, month, figures):
    mine = {"site_id": site_id, "month": month}
    days = DayCount.objects.filter(site_id=site_id, **_days_of(month))
    for old in (days, MonthTotal.objects.filter(**mine)):
        old.delete()
    MonthCount.objects.filter(**mine).delete()
    DayCount.objects.bulk_create(
        DayCount(site_id=site_id, day=day, organisation_id=whose, **numbers)
        for (day, whose), numbers in sorted(figures.days.items())
    )
    MonthTotal.objects.bulk_create(
        MonthTotal(**mine, organisation_id=whose, **figures.total(whose))
        for whose in figures.organisations
    )
    MonthCount.objects.bulk_create(
        MonthCount(**mine, dimension=dimension, category=category, value=number)
        for (dimension, category), number in sorted(figures.categories.items())
        if number
    )


def _days_of(month):
    return {"day__gte": month, "day__lt": month_after(month)}


def mark_all():
    """Mark every month that has a visit, so that everything is counted afresh."""
    pairs = _open_months()
    StaleMonth.objects.bulk_create(
        StaleMonth(site_id=site, month=month) for site, month in sorted(pairs)
    )
    return len(pairs)


# --- Sealing ------------------------------------------------------------------


def seal_before(before, purge, worker=None):
    """Seal every site's month before this day's and purge its raw facts with it.

    One month at a time, so that the phones get their turn between; `purge(before)`
    deletes the raw facts, in the transaction that seals them. From then on the counts
    are never rebuilt, only checked; what comes later is kept beside them as a
    correction. Months sealed already stay sealed. Returns how many were sealed now.
    """
    recount_stale()
    months = _months_to_seal(before.replace(day=1))
    return sum(_seal_month(month, purge, worker) for month in sorted(months))


def _months_to_seal(before):
    """Months before this one that are not sealed, or hold raw facts that came late."""
    done = set(SealedMonth.objects.values_list("site_id", "month"))
    totals = MonthTotal.objects.filter(month__lt=before).values_list("site_id", "month")
    held = Visit.objects.filter(day__lt=before, pk__in=raw_visits())
    days = held.order_by().values_list("day", flat=True).distinct()
    return {month for site_id, month in totals if (site_id, month) not in done} | {
        day.replace(day=1) for day in days
    }


@transaction.atomic
def _seal_month(month, purge, worker):
    recount_stale({(mark.site_id, month) for mark in _marks_of(month)})
    done = set(
        SealedMonth.objects.filter(month=month).values_list("site_id", flat=True)
    )
    totals = MonthTotal.objects.filter(month=month).order_by()
    sealed = [
        SealedMonth(
            site_id=site_id,
            month=month,
            checksum=checksum(site_id, month),
            sealed_at=clock.cut(clock.now()),
        )
        for site_id in totals.values_list("site_id", flat=True).distinct()
        if site_id not in done
    ]
    SealedMonth.objects.bulk_create(sealed)
    purge(month_after(month))
    _note_what_remains(month)
    if sealed:
        audit.log(worker, "months.sealed", sealed[0], count=len(sealed))
    return len(sealed)


def _marks_of(month):
    return StaleMonth.objects.filter(month=month)


def _note_what_remains(month):
    """Keep the figures of facts that outlive the purge, late ones noted left out."""
    rows = list(SealedMonth.objects.filter(month=month))
    for row in rows:
        left = figures_of(row.site_id, row.month)
        row.remains = left.minus(_noted(row)).as_rows()
    SealedMonth.objects.bulk_update(rows, ["remains"], batch_size=200)
    # The purge may have marked months; their counts are right as they are.
    _marks_of(month).delete()


def stored(site_id, month):
    """The counts of a site's month as they stand in the tables."""
    figures = Figures()
    for row in DayCount.objects.filter(site_id=site_id, **_days_of(month)):
        numbers = {name: getattr(row, name) for name in ACTIVITY}
        figures.days[row.day, row.organisation_id].update(numbers)
    counts = MonthCount.objects.filter(site_id=site_id, month=month)
    for dimension, category, value in counts.values_list(
        "dimension", "category", "value"
    ):
        figures.categories[dimension, category] = value
    return figures


def checksum(site_id, month):
    """SHA-256 over the counts of a site's month."""
    rows = stored(site_id, month).as_rows()
    rows["totals"] = _totals(site_id, month)
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _totals(site_id, month):
    rows = MonthTotal.objects.filter(site_id=site_id, month=month)
    return [list(row) for row in rows.order_by("organisation").values_list(*ACTIVITY)]


def _note_late(sealed, figures):
    """Keep what is new beside a sealed month as corrections dated today."""
    remains = Figures.from_rows(sealed.remains)
    noted = _noted(sealed)
    late = figures.minus(remains).minus(noted)
    Correction.objects.bulk_create(
        Correction(
            site_id=sealed.site_id,
            month=sealed.month,
            day=day,
            organisation_id=whose,
            noted_on=clock.today(),
            **numbers,
        )
        for (day, whose), numbers in sorted(late.days.items())
    )


def _noted(sealed):
    noted = Figures()
    rows = Correction.objects.filter(site_id=sealed.site_id, month=sealed.month)
    for row in rows:
        numbers = {name: getattr(row, name) for name in ACTIVITY}
        noted.days[row.day, row.organisation_id].update(numbers)
    return noted


# --- The nightly proof --------------------------------------------------------


def prove_counts():
    """Rebuild every open month and check every sealed one; returns the alarms.

    An alarm is a dictionary: site, month and what is wrong ("differs": an open
    month's counts are not its facts; "broken": a sealed month's counts changed).
    Months that wait for a recount are recounted first.
    """
    recount_stale()
    sealed = {(row.site_id, row.month): row for row in SealedMonth.objects.all()}
    alarms = [
        _alarm(row.site_id, row.month, "broken")
        for row in sealed.values()
        if checksum(row.site_id, row.month) != row.checksum or _is_unnoted(row)
    ]
    for pair in sorted(_open_months() - sealed.keys()):
        if _differs(*pair):
            alarms.append(_alarm(*pair, "differs"))
    for alarm in alarms:
        log.error("figures alarm: site %(site)s %(month)s %(what)s", alarm)
    return alarms


def _open_months():
    rows = Visit.objects.seen().order_by().values_list("site_id", "day")
    pairs = {(site, day.replace(day=1)) for site, day in rows.iterator()}
    promised = PromisedDay.objects.values_list("rhythm__site", "day").distinct()
    pairs |= {(site, day.replace(day=1)) for site, day in promised.iterator()}
    return pairs | set(MonthTotal.objects.values_list("site_id", "month"))


def _differs(site_id, month):
    """Whether the tables say something else than the facts, and nobody is at it."""
    figures = figures_of(site_id, month)
    totals = [
        [figures.total(whose)[name] for name in ACTIVITY]
        for whose in figures.organisations
    ]
    same = (
        stored(site_id, month).as_rows() == figures.as_rows()
        and _totals(site_id, month) == totals
    )
    is_marked = StaleMonth.objects.filter(site_id=site_id, month=month).exists()
    return not same and not is_marked


def _is_unnoted(sealed):
    """Whether facts came late and are not among the corrections."""
    figures = figures_of(sealed.site_id, sealed.month)
    late = figures.minus(Figures.from_rows(sealed.remains)).minus(_noted(sealed))
    is_marked = StaleMonth.objects.filter(
        site_id=sealed.site_id, month=sealed.month
    ).exists()
    return bool(late.days) and not is_marked


def _alarm(site_id, month, what):
    return {"site": site_id, "month": month.isoformat(), "what": what}


# --- Publishing what splits people --------------------------------------------


def publish_closed(steps=None):
    """Make the tables of every month that has closed; returns how many steps it took.

    A step is one dimension of one month. With `steps` no more than so many are taken;
    what is made stays made, and the next call goes on from there.
    """
    taken = 0
    while steps is None or taken < steps:
        months = months_to_publish(clock.today())
        if not months:
            break
        _close_next(months[0])
        taken += 1
    return taken


def note_read(*years):
    """Remember that somebody reads these years' splits; called before they are read.

    What has been read is never made anew. The row is taken before the tables, so that
    a reader either sees the old ones for good or waits for the new.
    """
    unread = PublishedYear.objects.filter(year__in=years, is_read=False)
    if unread.exists():
        unread.update(is_read=True)


def _withdraw_unread(year):
    """Take back the tables of a closed year that nobody has read: its facts changed."""
    unread = PublishedYear.objects.select_for_update().filter(year=year, is_read=False)
    row = unread.first()
    if row:
        PublishedTable.objects.filter(starts__year=year).delete()
        ClosedCount.objects.filter(month__year=year).delete()
        # Tables that are being reckoned right now are of the old facts.
        unread.update(edition=row.edition + 1)


def _note_published(year):
    """The row of a year; its first tables are unread, ones older than it are read."""
    is_read = PublishedTable.objects.filter(starts__year=year).exists()
    made = {"is_read": is_read}
    row, _is_new = PublishedYear.objects.get_or_create(year=year, defaults=made)
    return row


def _close_next(month):
    """Make the next tables that end with a closed month: one dimension, topics last."""
    year = _note_published(month.year)
    if _is_covered(month):
        late = Table("county", "", "month", month.month, "late")
        _publish(year, month, closed_facts("topic", month), [late])
        return
    _snapshot(year, month)
    for dimension in sorted(OFFERED, key=lambda name: name == "topic"):
        facts = closed_facts(dimension, month)
        offered = offers(dimension, facts, month.month)
        if offered and not _is_made(dimension, month, offered):
            old = published_tables(dimension, month.year)
            k = settings.DISCLOSURE_K
            # The search may take minutes; what is tapped meanwhile is counted.
            tables = close(offered, old, facts, k, pause=recount_stale)
            _publish(year, month, facts, tables)
            return


def _is_covered(month):
    """Whether a quarter or year that holds the month was published without it."""
    tables = PublishedTable.objects.filter(
        starts__year=month.year, level="county", dimension="topic"
    )
    return any(
        month.month in as_table(row).months for row in tables.exclude(span="month")
    )


def _is_made(dimension, month, tables):
    """Whether the dimension's tables are there: they are stored all at once."""
    first = tables[0]
    return PublishedTable.objects.filter(
        dimension=dimension,
        level=first.level,
        place=first.place,
        span=first.span,
        starts=month.replace(month=first.first),
    ).exists()


def _still_holds(year):
    """Hold a year's row: whether its tables were not taken back meanwhile.

    Two processes that close the same month at once come one after the other here.
    """
    now = PublishedYear.objects.select_for_update().filter(year=year.year).first()
    return now is not None and now.edition == year.edition


@transaction.atomic
def _snapshot(year, month):
    """Keep the month's splits as they are now; done once."""
    is_kept = ClosedCount.objects.filter(month=month)
    if not _still_holds(year) or is_kept.exists():
        return
    counts = MonthCount.objects.filter(
        month=month, dimension__in=PEOPLE, value__gt=0
    ).values_list("site", "dimension", "category", "value")
    guided = [
        (row["site"], "guided", "", row["guided"])
        for row in MonthTotal.objects.filter(month=month).summed("site")
        if row["guided"] > 0
    ]
    where = dict(Site.objects.values_list("pk", "municipality"))
    ClosedCount.objects.bulk_create(
        ClosedCount(
            site_id=site,
            month=month,
            dimension=dimension,
            category=category,
            value=value,
            municipality=where[site],
        )
        for site, dimension, category, value in [*counts, *guided]
    )


@transaction.atomic
def _publish(year, month, facts, tables):
    """Store new tables, once, of facts that still hold; the topics end the closing."""
    if not _still_holds(year) or _is_made(facts.dimension, month, tables):
        return
    PublishedTable.objects.bulk_create(
        PublishedTable(
            dimension=facts.dimension,
            level=table.level,
            place=table.place,
            span=table.span,
            starts=month.replace(month=table.first),
            detail=table.detail,
            cells=table.cells,
            groups=table.groups if table.detail == "group" else {},
            guided=facts.guided_of(table),
            made_at=clock.now(),
        )
        for table in tables
    )


# --- The way of counting ------------------------------------------------------


@transaction.atomic
def note_method_changes():
    """Note the day when a definition or a code list is not what it was; the first
    note of each is what later ones are compared with."""
    today, kept = clock.today(), {}
    for row in MethodChange.objects.order_by("day"):
        kept.setdefault(row.about, []).append(row)
    for about, known in in_force().items():
        rows = kept.get(about, [])
        if rows and rows[-1].known == known:
            continue
        earlier = [row for row in rows if row.day < today]
        if earlier and earlier[-1].known == known:
            rows[-1].delete()  # tried and taken back the same day
            continue
        MethodChange.objects.update_or_create(
            about=about, day=today, defaults={"known": known}
        )


# --- Charts --------------------------------------------------------------------


def order_drawings(charts):
    """Ask the worker for charts that nobody has drawn yet; returns {digest: svg}."""
    specs = {spec_hash(spec): spec for c in charts for spec in (c.wide, c.narrow)}
    drawn = dict(Drawing.objects.filter(digest__in=specs).values_list("digest", "svg"))
    Drawing.objects.bulk_create(
        [
            Drawing(digest=digest, spec=spec, asked_at=clock.now())
            for digest, spec in specs.items()
            if digest not in drawn
        ],
        ignore_conflicts=True,
    )
    return drawn


def order_newest():
    """Order the charts that most people open: this and last month, whole county."""
    month = clock.today().replace(day=1)
    for language, _name in settings.LANGUAGES:
        with override(language):
            for which in (month, months_before(month, 1)):
                order_drawings(month_report(Scope(), which).charts)


def draw_waiting(most=60):
    """Draw what was asked for, newest first; returns how many."""
    waiting = list(Drawing.objects.waiting().order_by("-asked_at")[:most])
    for drawing in waiting:
        drawing.svg = render_svg(drawing.spec)
        drawing.save(update_fields=["svg"])
    return len(waiting)


def drop_old_drawings():
    """Forget charts asked for over a month ago; they are drawn again when asked."""
    long_ago = clock.now() - timedelta(days=31)
    Drawing.objects.filter(asked_at__lt=long_ago).delete()
