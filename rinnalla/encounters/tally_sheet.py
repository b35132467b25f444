"""The paper tally of a visit: one A4 with boxes in fives, for when a phone cannot be.

No worker's name is on it: paper is left on tables.
"""

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rinnalla.access.models import Code, in_language
from rinnalla.encounters.reading import when
from rinnalla.lib import clock
from rinnalla.planning import prints
from rinnalla.planning.models import Visit

TEMPLATE = Path(__file__).parent / "typst" / "tally_sheet.typ"


def ask(visit, language, address):
    """The sheet as a made file; asked from the worker process when it is new.

    `address` is where its numbers are entered. Whatever stands on the sheet is in the
    key, so that a changed visit or code list gives a new print.
    """
    told = json.dumps(_told(visit, language, address), sort_keys=True)
    key = f"{visit.pk}.{sha256(told.encode()).hexdigest()[:32]}"
    make = "rinnalla.encounters.tally_sheet.make_pdf"
    asked = {"visit": str(visit.pk), "language": language, "address": address}
    return prints.ask("tally_sheet", key, make=make, **asked)


def make_pdf(*, visit, language, address):
    """The sheet's PDF; runs in the worker process.

    The visit is read anew, so that no place's name waits among the tasks.
    """
    visit = Visit.objects.select_related("site__municipality").get(pk=visit)
    with translation.override(language):
        return _drawn(_told(visit, language, address))


def _told(visit, language, address):
    return {"lang": language[:2], **head(visit, address), **rows(language)}


def _drawn(data):
    import segno

    from rinnalla.lib.typst import compile_pdf

    drawing = BytesIO()
    segno.make(data["address"], error="m").save(
        drawing, kind="svg", xmldecl=False, border=0, dark="#1F1E1B"
    )
    return compile_pdf(TEMPLATE, data, {"qr": drawing.getvalue().decode()})


def head(visit, address):
    """Whose visit it is: place, day and time, no people."""
    demo = _("This is a demo. All people and figures are invented.")
    return {
        "title": _("Tally sheet"),
        "county": settings.COUNTY_NAME,
        "printed": date_format(clock.today(), "SHORT_DATE_FORMAT"),
        "banner": demo if settings.DEMO else "",
        "address": address,
        "place": f"{visit.site}, {visit.site.municipality}",
        "when": when(visit),
        "words": _words(),
    }


def _words():
    return {
        "place": _("Place"),
        "when": _("When"),
        "met": _("Met"),
        "met_hint": _("One box for each time somebody is met, the guided too."),
        "guided": _("Guided"),
        "declined": _("Did not want to talk"),
        "how": _("How the number was got"),
        "topic": _("Topics"),
        "method": _("What was done"),
        "next_step": pgettext("next step", "Next"),
        "marks": _("Marks"),
        "sum": _("Total"),
        "new": _("New"),
        "returning": _("Known from before"),
        "hours": _("Hours on the spot"),
        "nobody": _("Nobody could be reached"),
        "enter": _("Enter the numbers here"),
        "qr": _("A square code that leads to the page where the numbers are entered"),
        "privacy": _(
            "No names, and nothing a person can be known by. "
            "Destroy the sheet when its numbers are stored."
        ),
    }


def rows(language):
    """The rows of each code list in use, in the county's order."""
    found = {"topic": [], "method": [], "next_step": [], "how": []}
    codes = Code.objects.filter(list__in=found, is_retired=False)
    for code in codes.order_by("order", "code"):
        found[code.list].append(in_language(code, "label", language))
    return {"rows": found}
