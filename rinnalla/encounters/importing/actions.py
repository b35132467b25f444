"""What is done with an import: the only code of it that writes.

    receive → open_file → choose_columns → check → decide → stage → show

An import may be dropped at any step before it is shown, and leaves nothing behind.
A step that died in the middle may be begun anew: it clears what it left first.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from rinnalla.access import audit
from rinnalla.access.models import Municipality
from rinnalla.encounters.importing import columns, files
from rinnalla.encounters.importing.compare import (
    Plan,
    choice_key,
    compare,
    place_of,
    report_of,
)
from rinnalla.encounters.importing.rows import Past, PastVisit, read_past, shown
from rinnalla.encounters.keeping import raw_before
from rinnalla.encounters.models import (
    Count,
    Encounter,
    ImportBatch,
    ImportedRow,
    ImportSource,
    Mark,
    Observation,
    WrapUp,
)
from rinnalla.lib import clock
from rinnalla.lib.bulk import BulkInsert
from rinnalla.lib.tables import UnreadableTable
from rinnalla.planning.actions import place_for, save_site, unmake_site
from rinnalla.planning.models import Site, StaleMonth, Visit

State = ImportBatch.State
VISITS_AT_A_TIME = 300
# After each short write the phones get their turn: so large a part of its time.
REST = 0.5
SPREAD_BITS = 40
SAMPLE_ROWS = 5
STILL = timedelta(minutes=2)
PAIR = 2
# Of a finished import only figures are kept: samples and faults quote the file.
KEPT_REPORT = ("rows", "visits", "met", "guided", "new", "corrected", "same")
KEPT_REPORT += (
    "double_count",
    "sites_created",
    "contradictions",
    "contradiction_count",
)


class OutOfStep(Exception):
    """The import has moved on; what was asked no longer fits it."""


class CannotUndo(Exception):
    """A finished import stays; the text says why, for the coordinator."""


# --- Steps of a page ----------------------------------------------------------


def receive(
    worker,
    *,
    source_name: str,
    team,
    upload,
    token,
    instead_of: ImportBatch | None = None,
):
    """Keep an uploaded file and begin an import; sent again, it gives the first.

    ``instead_of`` is the import whose faults this file corrects: it is dropped.
    """
    first = ImportBatch.objects.filter(token=token).first()
    if first:
        return first
    stored_as = files.keep_file(upload)
    try:
        batch = _begin(worker, source_name, team, token, stored_as)
        _drop_faulty(worker, instead_of)
        return batch
    except IntegrityError:
        # Sent twice in one moment: the other one was quicker.
        files.forget_file(stored_as)
        return ImportBatch.objects.get(token=token)


@transaction.atomic
def _begin(worker, source_name: str, team, token, stored_as: str) -> ImportBatch:
    source, _made = ImportSource.objects.get_or_create(name=source_name)
    batch = ImportBatch.objects.create(
        source=source,
        team=team,
        started_by=worker,
        token=token,
        state=State.RECEIVED,
        started_at=clock.cut(clock.now()),
        moved_at=clock.now(),
        stored_as=stored_as,
    )
    audit.log(worker, "import.received", batch)
    return batch


def _drop_faulty(worker, batch: ImportBatch | None) -> None:
    """Forget an import that waits for nothing but its corrected file."""
    if batch and (batch.report.get("fault_count") or batch.state == State.REFUSED):
        with suppress(OutOfStep):
            drop(worker, batch)


def open_file(batch: ImportBatch) -> None:
    """Look at the columns of a received file and suggest what they are."""
    try:
        with files.open_sheets(batch.stored_as) as sheets:
            looked = _look(batch, sheets)
    except UnreadableTable as refused:
        _refuse(batch, str(refused))
        return
    batch.shape, batch.mapping, batch.sheet, batch.report = looked
    _move(batch, State.READ)


def _look(batch: ImportBatch, sheets) -> tuple:
    """(shape, mapping, sheet, report) of the sheet chosen, else of the first one."""
    headers = _headers(sheets)
    number = batch.sheet if batch.sheet in headers else min(headers)
    header = headers[number]
    rows = (row for row in sheets[number].rows() if row[0] > header.row)
    sample = [cells for _number, cells in islice(rows, columns.LOOKED_AT)]
    shape, mapping = columns.suggest(header, sample, columns.code_book())
    source = batch.source
    if source.mapping and all(
        columns.plain(name) in header.index for name in source.mapping.values()
    ):
        shape, mapping = source.shape, source.mapping
    report = {
        "columns": header.names,
        "sample": [[shown(cell) for cell in row] for row in sample[:SAMPLE_ROWS]],
        "sample_columns": _sample_columns(header, sample),
        "sheets": [[place, shown(sheets[place].name)] for place in headers],
        "formulas": sheets[number].formulas,
    }
    return shape, mapping, number, report


def _sample_columns(header: columns.Header, sample: list[list]) -> dict[str, list[str]]:
    """{column name: its first few different values}, to know a column by."""
    kept = {}
    for name in header.names:
        index = header.index[columns.plain(name)]
        values = (shown(row[index], 30) for row in sample if index < len(row))
        kept[name] = list(dict.fromkeys(value for value in values if value))[:3]
    return kept


def _headers(sheets) -> dict[int, columns.Header]:
    """{place of a sheet: its header} of the sheets that have one."""
    found = {place: columns.find_header(s.rows()) for place, s in enumerate(sheets)}
    headers = {place: header for place, header in found.items() if header.names}
    if not headers:
        raise UnreadableTable("empty")
    return headers


@transaction.atomic
def choose_sheet(worker, batch: ImportBatch, *, sheet: int):
    """Read another sheet of the file, a month's for example, instead of this one."""
    batch = _held(batch, State.READ, State.CHECKED)
    if sheet not in [place for place, _name in batch.report["sheets"]]:
        raise OutOfStep
    batch.sheet = sheet
    _move(batch, State.RECEIVED)
    audit.log(worker, "import.sheet_chosen", batch)
    return batch


@transaction.atomic
def choose_columns(worker, batch: ImportBatch, *, shape: str, mapping: dict):
    """Say which column is which; the import is looked over next."""
    batch = _held(batch, State.READ, State.CHECKED)
    batch.shape, batch.mapping = shape, mapping
    batch.rows_done = 0
    _move(batch, State.CHECKING)
    # Kept at once, so that a corrected file begins with the same columns.
    ImportSource.objects.filter(pk=batch.source_id).update(shape=shape, mapping=mapping)
    audit.log(worker, "import.mapped", batch)
    return batch


def check(batch: ImportBatch) -> None:
    """Read every row: its faults, and what the import would do; writes no visit."""
    try:
        past, plan = _read(batch)
    except UnreadableTable as refused:
        _refuse(batch, str(refused))
        return
    batch.report |= report_of(past, plan)
    batch.rows_total = past.rows
    _move(batch, State.CHECKED)


@transaction.atomic
def decide(worker, batch: ImportBatch, *, sites: dict, takes_doubles: bool):
    """Take the import as it was shown, with what was decided on places and doubles."""
    batch = _held(batch, State.CHECKED)
    ImportSource.objects.select_for_update().get(pk=batch.source_id)
    busy = (State.STAGING, State.UNDOING)
    others = ImportBatch.objects.filter(source=batch.source_id, state__in=busy)
    if batch.report.get("fault_count") or others.exclude(pk=batch.pk).exists():
        raise OutOfStep
    batch.sites, batch.takes_doubles = sites, takes_doubles
    _move(batch, State.STAGING)
    audit.log(worker, "import.taken", batch)
    return batch


@transaction.atomic
def begin_again(worker, batch: ImportBatch):
    """Begin a step anew that stands still, as after a power cut."""
    batch = _held(batch, *ImportBatch.WORKING)
    if not stands_still(batch):
        raise OutOfStep
    _move(batch, batch.state)
    audit.log(worker, "import.begun_again", batch)
    return batch


def stands_still(batch: ImportBatch) -> bool:
    """Whether the worker process has not touched a working import for two minutes."""
    return batch.is_working and clock.now() - batch.moved_at > STILL


def drop(worker, batch: ImportBatch) -> None:
    """Forget an import that was not shown, its file and all it had staged."""
    with transaction.atomic():
        batch = _held(batch, *set(State) - {*ImportBatch.ENDED, State.UNDOING})
        if batch.state == State.STAGING and not stands_still(batch):
            raise OutOfStep
        audit.log(worker, "import.dropped", batch)
    files.forget_file(batch.stored_as)
    clear(batch)
    batch.delete()


def _held(batch: ImportBatch, *states) -> ImportBatch:
    """The import, locked and in one of these states. Raises OutOfStep."""
    held = ImportBatch.objects.select_for_update(of=("self",))
    found = held.filter(pk=batch.pk, state__in=states).first()
    if found is None:
        raise OutOfStep
    return found


def _move(batch: ImportBatch, state: str) -> None:
    batch.state, batch.moved_at = state, clock.now()
    if not batch.is_working:
        batch.moved_at = clock.cut(batch.moved_at)
    # A row that was dropped meanwhile must not come back.
    with transaction.atomic():
        batch.save(force_update=True)


def _refuse(batch: ImportBatch, why: str) -> None:
    files.forget_file(batch.stored_as)
    batch.report = {"refused": why}
    _move(batch, State.REFUSED)


def _read(batch: ImportBatch) -> tuple[Past, Plan]:
    """The kept file as past visits, and the plan for them. Raises UnreadableTable."""
    with files.open_sheets(batch.stored_as) as sheets:
        book = columns.code_book()
        past = read_past(sheets[batch.sheet], batch.shape, batch.mapping, book)
    choices = batch.sites.get("choices", {})
    plan = compare(
        past, batch.source, batch.team, choices, takes_doubles=batch.takes_doubles
    )
    return past, plan


# --- Staging: unseen, in short steps ------------------------------------------


def stage(batch: ImportBatch) -> None:
    """Bring a taken import in; with a fault it goes back to be looked at.

    What an earlier try left is cleared before the file is laid beside what is stored:
    else its places would look known, and then be gone.
    """
    clear(batch)
    try:
        past, plan = _read(batch)
    except UnreadableTable as refused:
        _refuse(batch, str(refused))
        return
    batch.report |= report_of(past, plan)
    if past.fault_count or plan.unknown:
        _move(batch, State.CHECKED)
        return
    bring_in(batch, plan)
    files.forget_file(batch.stored_as)


def bring_in(batch: ImportBatch, plan: Plan) -> None:
    """Write a plan unseen, a few visits at a time, then show it by one update."""
    made = _make_places(batch, plan)
    work = [*((visit, None) for visit in plan.new), *plan.corrected]
    work.sort(key=lambda pair: pair[0].key)
    batch.rows_total, batch.rows_done = len(work), 0
    inserts = _Inserts()
    for some in _some_at_a_time(work):
        _stage_some(batch, plan, some, inserts)
    show(batch, plan, made)
    _delete_visits(_stages(batch))


def _make_places(batch: ImportBatch, plan: Plan) -> list[Site]:
    """New places, kept out of sight as ad hoc ones until the import is shown."""
    made = []
    for place, visit in plan.made.items():
        site = _place(batch, visit)
        plan.site_of[place] = site.pk
        made.append(site)
    batch.sites |= {"made": [site.pk for site in made if site.is_ad_hoc]}
    batch.save(update_fields=["sites"])
    return made


def _place(batch: ImportBatch, visit: PastVisit) -> Site:
    """The real place of this name, team and municipality, retired too; else a new."""
    code = visit.municipality or batch.sites["municipality"]
    real = Site.objects.filter(
        team=batch.team, name=visit.place, municipality=code, is_ad_hoc=False
    )
    return real.first() or place_for(
        team=batch.team,
        municipality=Municipality.objects.get(code=code),
        kind=visit.kind or batch.sites.get("kind") or "other",
        name=visit.place,
    )


class _Inserts:
    """The three tables an import writes to, with what all its rows share."""

    def __init__(self) -> None:
        names = ("id", "site", "team", "organisation", "day", "starts", "minutes")
        self.visits = BulkInsert(Visit, [*names, "status", "is_seen"])
        self.counts = BulkInsert(Count, ["id", "visit", "kind", "code", "number"])
        names = ("source", "batch", "key", "figures", "visit", "stage")
        self.rows = BulkInsert(ImportedRow, names)


def _stage_some(batch: ImportBatch, plan: Plan, work: list, inserts: _Inserts) -> None:
    """Write some visits unseen; all is made ready before the database is held."""
    first, total = batch.rows_done, batch.rows_total
    keys = [_key_near((first + n) / total) for n in range(len(work))]
    visits = [
        _visit(batch, plan, past, key)
        for key, (past, _known) in zip(keys, work, strict=True)
    ]
    counts = [
        row
        for key, (past, known) in zip(keys, work, strict=True)
        for row in _counts(key, past.figures, known.figures if known else {})
    ]
    rows = [
        _row(batch, past, key, known)
        for key, (past, known) in zip(keys, work, strict=True)
    ]
    ready = [
        (inserts.visits, inserts.visits.prepare(visits)),
        (inserts.counts, inserts.counts.prepare(counts)),
        (inserts.rows, inserts.rows.prepare(rows)),
    ]
    began = time.monotonic()
    with transaction.atomic():
        for insert, prepared in ready:
            insert.write(prepared)
        batch.rows_done += len(work)
        batch.moved_at = clock.now()
        batch.save(update_fields=["rows_total", "rows_done", "moved_at"])
    time.sleep(REST * (time.monotonic() - began))


def _visit(batch: ImportBatch, plan: Plan, past: PastVisit, key) -> tuple:
    place, team = plan.site_of[place_of(past)], batch.team
    when = (past.day, past.start, past.minutes)
    owner = (place, team.pk, team.organisation_id)
    return (key, *owner, *when, Visit.Status.DONE.value, False)


def _counts(visit, figures: dict, before: dict) -> list[tuple]:
    """A row for each figure that differs from what was told before."""
    counts = []
    for name in sorted({*figures, *before} - {"minutes"}):
        more = figures.get(name, 0) - before.get(name, 0)
        kind, _colon, code = name.partition(":")
        if more:
            counts.append((_key_like(visit), visit, kind, code, more))
    return counts


def _key_near(part: float) -> uuid.UUID:
    """A random key at about this part of all keys.

    Keys in the order of writing fall on a few pages of the disk; wholly random ones
    would touch one page each, and the phones would wait for the disk.
    """
    start = int(part * (1 << SPREAD_BITS)) << (128 - SPREAD_BITS)
    return uuid.UUID(int=start | secrets.randbits(128 - SPREAD_BITS), version=4)


def _key_like(key: uuid.UUID) -> uuid.UUID:
    """Another random key that lands beside this one."""
    rest = 128 - SPREAD_BITS
    start = key.int >> rest << rest
    return uuid.UUID(int=start | secrets.randbits(rest), version=4)


def _row(batch: ImportBatch, past: PastVisit, key, known) -> tuple:
    """A corrected row keeps its visit; the new one only holds the difference."""
    visit, stage = (known.visit_id, key) if known else (key, None)
    return (batch.source_id, batch.pk, past.key, past.figures, visit, stage)


# --- Showing: one update ------------------------------------------------------


@transaction.atomic
def show(batch: ImportBatch, plan: Plan, made: list[Site]) -> None:
    """Make all that an import staged visible at once, and have its months recounted."""
    source = ImportSource.objects.select_for_update().get(pk=batch.source_id)
    rows = ImportedRow.objects.filter(batch=batch)
    new = rows.filter(stage=None)
    Visit.objects.filter(pk__in=new.values("visit")).update(is_seen=True)
    if plan.corrected:
        _show_corrections(source, rows.exclude(stage=None))
    for site in made:
        if site.is_ad_hoc:
            site.required_staffing = PAIR
            save_site(batch.started_by, site, responsible=[])
    _mark_months(plan)
    source.shape, source.mapping = batch.shape, batch.mapping
    source.sites |= {choice_key(place): pk for place, pk in plan.site_of.items()}
    source.save()
    batch.source = source
    batch.report = {name: batch.report.get(name, 0) for name in KEPT_REPORT}
    _move(batch, State.DONE)
    audit.log(batch.started_by, "import.shown", batch, count=max(len(plan.kept), 1))


def _show_corrections(source: ImportSource, rows) -> None:
    """Move the differences to the visits they correct; the old rows are superseded.

    The inner questions name no batch: the database would look through all of it for
    each row. A stage belongs to one row, and goes when its import is shown.
    """
    staged = ImportedRow.objects.exclude(stage=None)
    mine = staged.filter(stage=OuterRef("visit")).values("visit")[:1]
    Count.objects.filter(visit__in=rows.values("stage")).update(visit=Subquery(mine))
    minutes = staged.filter(visit=OuterRef("pk")).values("stage__minutes")[:1]
    changed = Visit.objects.filter(pk__in=rows.values("visit"))
    changed.update(minutes=Subquery(minutes))
    old = ImportedRow.objects.current(source).filter(visit__in=rows.values("visit"))
    old.update(is_superseded=True)


def _mark_months(plan: Plan) -> None:
    """One mark for each site and month that changed, also where a visit moved site."""
    months = {
        (plan.site_of[place_of(visit)], visit.day.replace(day=1)) for visit in plan.new
    } | {
        # A corrected row keeps its visit, wherever its place is matched to now.
        (known.site_id, visit.day.replace(day=1))
        for visit, known in plan.corrected
    }
    _mark(months)


def _mark(months: set[tuple[int, object]]) -> None:
    StaleMonth.objects.bulk_create(
        StaleMonth(site_id=site, month=month) for site, month in sorted(months)
    )


# --- Undoing: one update, too --------------------------------------------------


@transaction.atomic
def undo(worker, batch: ImportBatch) -> ImportBatch:
    """Take a finished import out again, whole. Raises CannotUndo or OutOfStep."""
    ImportSource.objects.select_for_update().get(pk=batch.source_id)
    batch = _held(batch, State.DONE)
    if why := _why_it_stays(batch):
        raise CannotUndo(why)
    _move(batch, State.UNDOING)
    audit.log(worker, "import.undone", batch, count=max(batch.rows_total, 1))
    return batch


def _why_it_stays(batch: ImportBatch) -> str:
    """Why an import cannot be taken out any more, or nothing."""
    rows = ImportedRow.objects.filter(batch=batch)
    if rows.filter(is_superseded=True).exists():
        return _("A later file has corrected these visits. Undo that import first.")
    if _is_purged(rows):
        return _(
            "Some of its months are sealed: their single records have been deleted "
            "by rule. Bring in a corrected file instead."
        )
    if _is_touched(rows):
        return _(
            "Somebody has recorded on these visits since. Correct the wrong ones one "
            "by one, or bring in a corrected file."
        )
    return ""


def _is_purged(rows) -> bool:
    """Whether the facts of some visit are gone: then its month is sealed."""
    facts = Count.objects.filter(visit=OuterRef("visit"))
    old = rows.filter(visit__day__lt=raw_before(clock.today()))
    bare = old.filter(~Exists(facts)).values_list("figures", flat=True)
    return any(set(figures) - {"minutes"} for figures in bare.iterator())


def _is_touched(rows) -> bool:
    """Whether people recorded on the visits: what they told must not go along."""
    visits = Visit.objects.filter(pk__in=rows.values("visit"))
    taps = Count.objects.filter(visit=OuterRef("pk")).exclude(device=None, at=None)
    told = [
        model.objects.filter(visit=OuterRef("pk"))
        for model in (Encounter, Mark, WrapUp, Observation)
    ]
    return any(visits.filter(Exists(found)).exists() for found in (taps, *told))


def take_out(batch: ImportBatch) -> None:
    """Hide what an import brought by one update, then delete it a little at a time."""
    with transaction.atomic():
        rows = ImportedRow.objects.filter(batch=batch)
        visits = Visit.objects.filter(pk__in=rows.values("visit"))
        days = set(visits.values_list("site", "day"))
        _restore(batch, rows)
        Visit.objects.filter(pk__in=rows.values("visit")).update(is_seen=False)
        _mark({(site, day.replace(day=1)) for site, day in days})
    clear(batch)
    _take_back_places(batch)
    _move(batch, State.UNDONE)


def _restore(batch: ImportBatch, rows) -> None:
    """Give corrected visits the figures they had before, as facts of their own."""
    earlier = ImportedRow.objects.filter(source=batch.source_id, is_superseded=True)
    earlier = earlier.filter(visit__in=rows.values("visit")).order_by("batch")
    before = {row.visit_id: row for row in earlier}
    corrected = list(rows.filter(visit__in=earlier.values("visit")))
    inserts, counts = _Inserts(), []
    for row in corrected:
        known = before[row.visit_id].figures
        counts += _counts(row.visit_id, known, row.figures)
        minutes = known.get("minutes")
        Visit.objects.filter(pk=row.visit_id).update(minutes=minutes)
    inserts.counts.write(inserts.counts.prepare(counts))
    for some in _some_at_a_time(row.pk for row in corrected):
        rows.filter(pk__in=some).delete()
    for some in _some_at_a_time(row.pk for row in before.values()):
        ImportedRow.objects.filter(pk__in=some).update(is_superseded=False)


@transaction.atomic
def _take_back_places(batch: ImportBatch) -> None:
    """The places it made go too, unless somebody has been there since."""
    source = ImportSource.objects.select_for_update().get(pk=batch.source_id)
    made = Site.objects.filter(pk__in=batch.sites.get("made", ()), is_ad_hoc=False)
    unmade = {site.pk for site in made if unmake_site(None, site).is_ad_hoc}
    source.sites = {k: pk for k, pk in source.sites.items() if pk not in unmade}
    source.save(update_fields=["sites"])


# --- Clearing away ------------------------------------------------------------


def clear(batch: ImportBatch) -> None:
    """Delete what an import staged and did not show, a little at a time."""
    rows = ImportedRow.objects.filter(batch=batch)
    _delete_visits(_stages(batch))
    _delete_visits(rows.filter(visit__is_seen=False).values_list("visit", flat=True))
    for some in _some_at_a_time(rows.values_list("pk", flat=True)):
        ImportedRow.objects.filter(pk__in=some).delete()
    places = Site.objects.filter(pk__in=batch.sites.get("made", ()), is_ad_hoc=True)
    places.filter(visits=None).delete()


def _stages(batch: ImportBatch):
    rows = ImportedRow.objects.filter(batch=batch).exclude(stage=None)
    return rows.values_list("stage", flat=True)


def _delete_visits(keys) -> None:
    for some in _some_at_a_time(keys):
        with transaction.atomic():
            Visit.objects.filter(pk__in=some, is_seen=False).delete()


def _some_at_a_time(keys) -> Iterator[list]:
    keys = list(keys)
    for first in range(0, len(keys), VISITS_AT_A_TIME):
        yield keys[first : first + VISITS_AT_A_TIME]


def delete_left(before, *, dry_run: bool = False) -> int:
    """Drop imports nobody finished that were last touched before this day.

    Files that no import knows, as after a power cut, go with them.
    """
    waiting = ImportBatch.objects.exclude(state__in=ImportBatch.ENDED)
    waiting = waiting.exclude(state=State.UNDOING)
    left = waiting.filter(moved_at__date__lt=before)
    count = left.count()
    if not dry_run:
        for batch in left:
            drop(None, batch)
    known = set(waiting.values_list("stored_as", flat=True))
    return count + files.forget_strays(known, before, dry_run=dry_run)


# --- From the command line ----------------------------------------------------


def look_over(
    sheet, source: ImportSource, team, *, shape, mapping, takes_doubles, makes
):
    """(past, plan) of an open sheet; ``makes`` takes every unknown place as new."""
    past = read_past(sheet, shape, mapping, columns.code_book())
    plan = compare(past, source, team, {}, takes_doubles=takes_doubles)
    if makes:
        plan.made, plan.unknown = plan.unknown, {}
    return past, plan


def import_at_once(source_name: str, team, plan: Plan, report: dict, **chosen):
    """Begin, stage and show an import in one go; ``chosen``: shape, mapping, sites."""
    source, _made = ImportSource.objects.get_or_create(name=source_name)
    batch = ImportBatch.objects.create(
        source=source,
        team=team,
        state=State.STAGING,
        started_at=clock.cut(clock.now()),
        moved_at=clock.now(),
        report=report,
        **chosen,
    )
    bring_in(batch, plan)
    return batch
