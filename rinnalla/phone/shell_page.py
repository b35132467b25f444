"""The field app's one page: every screen and word of a language, and no data at all."""

from django.template.loader import render_to_string
from django.utils import translation

from rinnalla.lib.text_guard import REFUSALS, WARNINGS
from rinnalla.phone.practice import QUEUE, SECONDS_EACH

# Each screen is a `<template>` of its own in templates/phone/screens/.
SCREENS = (
    *("welcome", "today", "card", "solo", "counter", "sheet", "finish", "wrap_up"),
    *("place", "choose", "guest", "practice", "chips", "device", "enrol"),
)
LANGUAGES = (("fi", "Suomi"), ("sv", "Svenska"), ("en", "English"))


def html(language, **told):
    """The page in a language; the same for everybody who asks.

    `told` is what the frame needs to know: version, is_offline, is_demo, county_name.
    """
    page = {
        "screens": [f"phone/screens/{name}.html" for name in SCREENS],
        "guard_words": REFUSALS | WARNINGS,
        "languages": LANGUAGES,
        "language": language,
        "queue": QUEUE,
        "seconds": SECONDS_EACH,
    }
    with translation.override(language):
        return render_to_string("phone/app.html", page | told)
