"""A month on two sheets of A4: the same units as the page, with their meanings."""

import hashlib
import json
from dataclasses import asdict

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.lib.charts import render_svg
from rinnalla.lib.typst import PACKAGE, compile_pdf

TEMPLATE = PACKAGE / "statistics" / "typst" / "month.typ"


def digest_of(report):
    """A mark of everything a sheet says, to know when it must be made again."""
    said = [_unit(unit, with_time=False) for unit in report.units]
    return hashlib.sha256(json.dumps([report.title, said]).encode()).hexdigest()


def sheet_pdf(report):
    """The PDF of a report in the language that is on. Only for the worker."""
    day = formats.date_format(clock.today(), "DATE_FORMAT")
    data = {
        "lang": (get_language() or "fi")[:2],
        "title": f"{report.title}: {report.scope.name}",
        "county": settings.COUNTY_NAME,
        "printed": _("Figures as they were on %(day)s") % {"day": day},
        "banner": _("The figures are invented.") if settings.DEMO else "",
        "units": [_unit(unit) for unit in report.units],
        "words": {
            "meaning": _("What the figures mean"),
            "not_for": _("Not for"),
            "missing": _("What is missing"),
        },
    }
    images = {
        unit.key: render_svg(_drawn(unit), for_print=True)
        for unit in report.units
        if unit.chart
    }
    return compile_pdf(TEMPLATE, data, images)


def _drawn(unit):
    """The drawing whose letters are large enough on paper: narrow beside a table."""
    return unit.chart.wide if unit.big else unit.chart.narrow


def _unit(unit, with_time=True):
    said = {
        "key": unit.key,
        "headline": unit.headline,
        "subtitle": unit.subtitle,
        "big": unit.big,
        "caption": unit.caption,
        "second": f"{unit.second} {unit.second_caption}" if unit.second else "",
        "alt": unit.chart.label if unit.chart else "",
        "notes": unit.notes,
        "missing": unit.missing[:5],
        "missing_title": unit.missing_title,
        "grid": _grid(unit.short or unit.grid),
        "meanings": [_meaning(indicator) for indicator in unit.indicators],
    }
    if with_time and unit.updated:
        said["updated"] = formats.date_format(
            clock.local(unit.updated), "DATETIME_FORMAT"
        )
    return said


def _grid(grid):
    if grid is None:
        return None
    plain = asdict(grid)
    lines = [*plain["rows"], *([plain["foot"]] if plain["foot"] else [])]
    rows = [[label, *[cell["text"] for cell in cells]] for label, cells in lines]
    return {"caption": grid.caption, "headers": grid.headers, "rows": rows}


def _meaning(indicator):
    return {
        "code": indicator.code,
        "name": str(indicator.name),
        "meaning": str(indicator.meaning),
        "reckoning": f"{indicator.numerator} / {indicator.denominator}",
        "not_for": str(indicator.not_for),
        "version": indicator.version,
    }
