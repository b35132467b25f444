"""A place's poster: where one finds out when we come, as an accessible A4 print."""

import io
import json
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning import kinds, prints
from rinnalla.planning.rhythm.words import rhythm_of

TEMPLATE = Path(__file__).parent.parent / "typst" / "poster.typ"


def ask(row, address, language):
    """The poster of a public line, as a made file; what stands on it is in the key."""
    data = {"lang": language[:2], "address": address, **_texts(row)}
    mark = sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]
    make = "rinnalla.planning.public.poster.make_pdf"
    return prints.ask("poster", f"{row.pk}.{mark}", make=make, data=data)


def make_pdf(*, data):
    """The PDF's bytes; runs in the worker process."""
    import segno

    from rinnalla.lib.typst import compile_pdf

    drawn = io.BytesIO()
    segno.make(data["address"], error="m").save(drawn, kind="svg", scale=8, border=0)
    return compile_pdf(TEMPLATE, data, {"qr": drawn.getvalue().decode()})


def _texts(row):
    sign = kinds.words("identifier")["identifier"].get(row.sign, "").lower()
    rhythm = rhythm_of(row.site)
    demo = _("This is a demo. All people and figures are invented.")
    return {
        "title": row.site.name,
        "lead": _("We are here to talk with. You need not give your name."),
        "rhythm": f"{rhythm['said']}." if rhythm else "",
        "sign": _("You know us by: %(sign)s.") % {"sign": sign} if sign else "",
        "when": _("When do we come next? Look here:"),
        "qr_alt": _("QR code: the page of this place"),
        "free": _("It costs nothing."),
        "county": settings.COUNTY_NAME,
        "printed": date_format(clock.today(), "SHORT_DATE_FORMAT"),
        "banner": demo if settings.DEMO else "",
    }
