"""What the audit log calls each action of this room, for who reads the page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "board.grouped": _("Thoughts on a voice board were grouped"),
    "board.link_closed": _("A voice board's link was closed"),
    "board.link_opened": _("A voice board's link was opened"),
    "board.opened": _("A voice board was opened"),
    "board.thought_sent": _("A thought came to a voice board from a phone"),
    "board.thoughts_added": _("Thoughts came on a voice board from paper"),
    "board.thoughts_struck": _("Thoughts were taken off a voice board"),
    "board.thoughts_taken": _("Thoughts that were sent went onto a voice board"),
    "encounters.noted": _("A wrap-up was added to"),
    "encounters.observed": _("An observation was recorded"),
    "encounters.recorded": _("Records came from a phone"),
    "encounters.recorded_by_guest": _("Records came from a guest"),
    "encounters.undone": _("A record was taken back"),
    "encounters.wrapped_up": _("A visit was wrapped up"),
    "import.begun_again": _("An import was begun again"),
    "import.dropped": _("An import was dropped"),
    "import.mapped": _("An import's columns were chosen"),
    "import.received": _("A file to import came in"),
    "import.sheet_chosen": _("An import's sheet was chosen"),
    "import.shown": _("Imported visits were brought to view"),
    "import.taken": _("An import was accepted"),
    "import.undone": _("An import was undone"),
    "talks.counted": _("Talks of an event were counted"),
    "tally.entered": _("A tally sheet was entered"),
    "text.kept": _("Own words were kept"),
    "text.struck": _("Own words were struck"),
}
