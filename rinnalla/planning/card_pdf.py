"""A site card as an accessible A5 print."""

import json
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning import kinds, prints
from rinnalla.planning.models import SiteCard

TEMPLATE = Path(__file__).parent / "typst" / "card.typ"
HEADINGS = ("why", "when", "where", "resources", "features")


def ask(card, language):
    """The print of a card in the language of the page, as a made file.

    All that stands on it is in the key: a changed card or place is a new print.
    """
    told = json.dumps(_told(card, language), sort_keys=True)
    key = f"{card.pk}.{sha256(told.encode()).hexdigest()[:32]}"
    make = "rinnalla.planning.card_pdf.make_pdf"
    return prints.ask("site_card", key, make=make, card=card.pk, language=language)


def make_pdf(*, card, language):
    """The PDF's bytes; runs in the worker process.

    The card is read anew, so that no word of it waits among the tasks.
    """
    from rinnalla.lib.typst import compile_pdf

    card = SiteCard.objects.select_related("site__municipality").get(pk=card)
    with translation.override(language):
        return compile_pdf(TEMPLATE, _told(card, language))


def _told(card, language):
    return {"lang": language[:2], **_head(card.site), **_texts(card)}


def _head(site):
    demo = _("This is a demo. All people and figures are invented.")
    return {
        "title": f"{kinds.all_kinds()[site.kind].label}, {site.name}",
        "place": ", ".join(filter(None, [site.area, str(site.municipality)])),
        "county": settings.COUNTY_NAME,
        "printed": _day(clock.today()),
        "banner": demo if settings.DEMO else "",
    }


def _texts(card):
    return {
        "safety_label": _("Before you leave:"),
        "safety_note": card.safety_note,
        "sections": [
            {
                "heading": str(SiteCard._meta.get_field(name).verbose_name),
                "text": getattr(card, name) or "–",
            }
            for name in HEADINGS
        ],
        "foot": _foot(card),
    }


def _foot(card):
    said = _("Version %(version)s, checked %(day)s.") % {
        "version": card.version,
        "day": _day(card.reviewed_on),
    }
    if not card.review_due_on:
        return said
    again = _("The need is weighed again by %(day)s.") % {
        "day": _day(card.review_due_on)
    }
    return f"{said} {again}"


def _day(day):
    return date_format(day, "SHORT_DATE_FORMAT")
