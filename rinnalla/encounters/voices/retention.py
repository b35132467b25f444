"""What time deletes of voice boards."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, months
from rinnalla.encounters.keeping import texts_before
from rinnalla.encounters.voices import actions

RULES = [
    Rule(
        name="encounters.voices",
        what=_("Own words on voice boards"),
        after=months(settings.RAW_MONTHS),
        delete=lambda today, *, dry_run=False: actions.delete_words(
            texts_before(today), dry_run=dry_run
        ),
    ),
    Rule(
        name="encounters.voice_headings",
        what=_("Questions and themes of voice boards"),
        after=months(settings.RAW_MONTHS),
        delete=lambda today, *, dry_run=False: actions.delete_headings(
            texts_before(today), dry_run=dry_run
        ),
    ),
]
