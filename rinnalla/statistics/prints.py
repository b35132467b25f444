"""A page of figures on at most two sheets of A4: the same units, with their meanings.

The page asks for it with the very report it shows, so nobody's print holds more than
their page. The worker process draws the charts and sets the sheets.
"""

import hashlib
import json
import re
from dataclasses import asdict

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.lib.charts import render_svg
from rinnalla.lib.typst import PACKAGE, compile_pdf
from rinnalla.planning import prints
from rinnalla.planning.models import MadeFile

KIND = "figures"
TEMPLATE = PACKAGE / "statistics" / "typst" / "report.typ"
MOST_SHEETS = 2
MARK = re.compile(r"[0-9a-f]{32}", re.ASCII)
A_SHEET = re.compile(rb"/Type\s*/Page\b")


def ask(report, mark=""):
    """The made file of a report and its mark; the worker process is asked if need be.

    `mark` is what an earlier answer gave. It keeps to one and the same file while
    people go on being met, and finds nothing that was made for somebody else's page.
    """
    whose = _digest(report.scope.key)
    if MARK.fullmatch(mark):
        file = MadeFile.objects.filter(kind=KIND, key=f"{whose}.{mark}").first()
        if file and not _is_lost(file):
            return file, mark
    said = data_of(report)
    mark = _digest(said | {"printed": clock.today().isoformat()})
    make = "rinnalla.statistics.prints.make_pdf"
    return prints.ask(KIND, f"{whose}.{mark}", make=make, data=said), mark


def _is_lost(file):
    is_old = file.asked_at < clock.now() - prints.ASK_AGAIN_AFTER
    return file.content is None and is_old


def make_pdf(*, data):
    """The PDF of what `data_of` gave; only for the worker process and commands."""
    drawn = data["charts"].items()
    images = {key: render_svg(spec, for_print=True) for key, spec in drawn}
    for is_tight in (False, True):
        pdf = compile_pdf(TEMPLATE, data | {"tight": is_tight}, images)
        if len(A_SHEET.findall(pdf)) <= MOST_SHEETS:
            break
    return pdf


def data_of(report):
    """All that stands on the sheets, in the language that is on."""
    now = formats.date_format(clock.local(clock.now()), "DATETIME_FORMAT")
    indicators = {i.code: i for unit in report.units for i in unit.every_indicator}
    return {
        "lang": (get_language() or "fi")[:2],
        "title": f"{report.title}: {report.scope.name}",
        "county": settings.COUNTY_NAME,
        "printed": _("Figures as of %(when)s") % {"when": now},
        "banner": _("The figures are invented.") if settings.DEMO else "",
        "units": [_unit(unit) for unit in report.units],
        "charts": {u.key: _drawn(u) for u in report.units if u.chart},
        "meanings": [_meaning(indicator) for indicator in indicators.values()],
        "words": {
            "meaning": _("What the figures mean"),
            "estimates": _("estimates are above the line"),
        },
    }


def _digest(said):
    whole = json.dumps(said, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _drawn(unit):
    """The drawing whose letters are large enough on paper: narrow beside a table."""
    # As wide as the sheet lets, but not as high as on a page.
    if unit.big:
        return unit.chart.wide | {"height": 150}
    return unit.chart.narrow | {"height": {"step": 36}}


def _unit(unit):
    return {
        "key": unit.key,
        "headline": unit.headline,
        "subtitle": unit.subtitle,
        "big": unit.big,
        "caption": unit.caption,
        "second": f"{unit.second} {unit.second_caption}" if unit.second else "",
        "alt": unit.chart.label if unit.chart else "",
        "estimates": bool(unit.chart and unit.chart.has_estimates),
        "notes": [str(note) for note in unit.notes],
        "missing": _missing(unit),
        "grid": _grid(unit.short or unit.grid),
        "folds": [_fold(fold) for fold in unit.folds],
    }


def _missing(unit):
    """What has no number yet, on one line; nothing when all have."""
    return f"{unit.missing_title}. {' '.join(unit.missing[:3])}" if unit.missing else ""


def _grid(grid):
    if grid is None:
        return None
    plain = asdict(grid)
    lines = [*plain["rows"], *([plain["foot"]] if plain["foot"] else [])]
    rows = [[label, *[cell["text"] for cell in cells]] for label, cells in lines]
    return {"caption": grid.caption, "headers": grid.headers, "rows": rows}


def _fold(fold):
    """A folded table as one line, without its shares: every number stays."""
    rows = [f"{label} {cells[0].text}" for label, cells in fold.grid.rows]
    return {"title": fold.title, "said": "; ".join(rows)}


def _meaning(indicator):
    return {
        "name": f"{indicator.code} {indicator.name}",
        "reckoning": indicator.reckoning,
        "meaning": str(indicator.meaning),
        # What is divided says enough where sheets are short of room.
        "short": "" if indicator.denominator else str(indicator.meaning),
        "not_for": f"{indicator.not_for} v{indicator.version}",
    }
