"""A report as files: CSV for any reader, XLSX for the desk, JSON that explains both."""

import io

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.lib.tables import stream_csv, write_xlsx
from rinnalla.statistics.sentences import number

DAY_FIELDS = (
    "planned",
    "visits",
    "other_visits",
    "cancelled",
    "met",
    "met_estimated",
    "guided",
    "declined",
    "attended",
    "matter_opened",
    "nobody_reached",
    "minutes",
)


def header():
    """The columns of the long table."""
    return [_("Table"), _("Row"), _("Column"), _("Figure"), _("Mark")]


def long_rows(report):
    """One row for each number on the page; a protected one is said, never empty."""
    for name, grid in _grids(report):
        for label, cells in _all_rows(grid):
            for title, cell in zip(grid.headers[1:], cells, strict=False):
                yield name, label, title, _value(cell), cell.mark


def _grids(report):
    """Every table of the report with its name."""
    for unit in report.units:
        if unit.grid:
            yield unit.subtitle, unit.grid
        for fold in unit.folds:
            yield fold.title, fold.grid


def _all_rows(grid):
    return [*grid.rows, *([grid.foot] if grid.foot else [])]


def _value(cell):
    return cell.text if cell.value is None else cell.value


def as_csv(report):
    """The report as CSV bytes: UTF-8 with BOM, semicolons, decimal comma."""
    return b"".join(stream_csv(long_rows(report), header()))


def as_xlsx(report):
    """The report as a workbook: a sheet for each table, and what they mean."""
    sheets = [
        (
            name,
            grid.headers,
            [
                [label, *map(_value, cells), *_marks(cells)]
                for label, cells in _all_rows(grid)
            ],
        )
        for name, grid in _grids(report)
    ]
    facts = [(name, str(value)) for name, value in _flat(about(report))]
    sheets.append((_("About this file"), [_("Matter"), _("Said")], facts))
    file = io.BytesIO()
    write_xlsx(file, sheets)
    return file.getvalue()


def _marks(cells):
    """A revised row says so; the other marks stand in their cells."""
    return ["r"] if any(cell.mark == "r" for cell in cells) else []


def about(report):
    """What the numbers are: period, place, protection, definitions, when."""
    return {
        "title": report.title,
        "scope": report.scope.name,
        "first_month": report.first.isoformat()[:7],
        "last_month": report.last.isoformat()[:7],
        "county": settings.COUNTY_NAME,
        "invented": settings.DEMO,
        "language": get_language(),
        "retrieved_at": clock.now().isoformat(timespec="seconds"),
        "marks": {
            "c": _("protected"),
            "x": _("not collected"),
            "z": _("not applicable"),
            "r": _("revised"),
            "b": _("break: the way of counting changed"),
        },
        "protected_under": settings.DISCLOSURE_K,
        "definitions": {
            f"{indicator.code} v{indicator.version}": (
                f"{indicator.name}: {indicator.reckoning}. "
                f"{indicator.meaning} {indicator.not_for}"
            )
            for unit in report.units
            for indicator in unit.every_indicator
        },
        "notes": [str(note) for unit in report.units for note in unit.every_note],
    }


def _flat(facts, prefix=""):
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{name}: ")
        elif isinstance(value, list):
            yield from ((f"{prefix}{name}", item) for item in value)
        else:
            yield f"{prefix}{name}", value


def sizes(report):
    """How large the CSV and the XLSX are, in words."""
    csv = len(as_csv(report))
    tables = sum(1 for _name, _grid in _grids(report))
    return {"csv": size(csv), "xlsx": size(xlsx_length(csv, tables))}


def xlsx_length(csv, tables):
    """The bytes of a workbook, to within a few hundred, without making it.

    Making one takes as long as the rest of the page; its length follows that of the
    CSV and the number of sheets, as measured over every kind of report.
    """
    return round(5250 + 0.203 * csv + 785 * tables)


def size(length):
    """A file's size in kilobytes, in words."""
    return _("%(n)s kB") % {"n": number(max(1, round(length / 1024)))}


def day_header():
    """The columns of the days' file: names that are the same in all languages."""
    return ["day", "site", "kind", "municipality", "organisation", *DAY_FIELDS]


def day_rows(days):
    """Every site and day with its activity, read from the database in pieces."""
    names = ("site__name", "site__kind", "site__municipality_id", "organisation__name")
    rows = days.order_by("day", "pk").values_list("day", *names, *DAY_FIELDS)
    return rows.iterator(chunk_size=2000)
