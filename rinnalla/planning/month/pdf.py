"""A month on one A4 for the wall: weeks as rows, a home visit without its place."""

import json
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rinnalla.access.models import Worker
from rinnalla.lib import clock
from rinnalla.planning import prints
from rinnalla.planning.month import grid
from rinnalla.planning.month.span import read_month

TEMPLATE = Path(__file__).parent.parent / "typst" / "month.typ"


def ask(month, worker, language):
    """The print of the team's month in the language of the page, as a made file.

    All that stands on it is in the key: a changed month is a new print.
    """
    told = _told(month, worker, language)
    mark = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
    make = "rinnalla.planning.month.pdf.make_pdf"
    key = f"{worker.team_id}.{month}.{mark}"
    asked = {"month": str(month), "worker": worker.pk, "language": language}
    return prints.ask("month", key, make=make, **asked)


def make_pdf(*, month, worker, language):
    """The PDF's bytes; runs in the worker process.

    The month is read anew, so that no name waits among the tasks.
    """
    from rinnalla.lib.typst import compile_pdf

    worker = Worker.objects.select_related("team").get(pk=worker)
    with translation.override(language):
        return compile_pdf(TEMPLATE, _told(read_month(month), worker, language))


def _told(month, worker, language):
    return {"lang": language[:2], **_head(month, worker), **_weeks(month, worker)}


def _head(month, worker):
    demo = _("This is a demo. All people and figures are invented.")
    return {
        "title": f"{month.label}, {worker.team}",
        "county": settings.COUNTY_NAME,
        "printed": date_format(clock.today(), "SHORT_DATE_FORMAT"),
        "banner": demo if settings.DEMO else "",
    }


def _weeks(month, worker):
    chips = grid.chips_between(worker, *month.shown)
    weeks = grid.weeks_of(month, worker, [c for c in chips if not c.is_cancelled])
    return {
        "headers": [_("Week"), *(str(name).capitalize() for name in WEEKDAYS.values())],
        "weeks": [
            {"number": week.number, "days": [_day(day) for day in week.days]}
            for week in weeks
        ],
    }


def _day(day):
    return {
        "day": date_format(day.day, "MONTH_DAY_FORMAT"),
        "holiday": day.holiday,
        "is_off": day.is_off,
        "visits": [
            {
                "name": chip.name,
                "line": " ".join(filter(None, [chip.hours, ", ".join(chip.people)])),
                "lacks": chip.lacks,
            }
            for chip in day.chips
        ],
    }
