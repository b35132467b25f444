"""A board as it is read: its themes with their thoughts, as page, file and print."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rinnalla.encounters.models import VoiceBoard
from rinnalla.encounters.voices.actions import PRINT
from rinnalla.lib import clock
from rinnalla.planning import prints

TEMPLATE = Path(__file__).parent.parent / "typst" / "voice_board.typ"


@dataclass(frozen=True)
class Group:
    """A theme (none for what is not grouped yet) and its thoughts."""

    theme: object
    voices: list

    @property
    def name(self):
        return self.theme.name if self.theme else _("Not grouped yet")

    @property
    def number(self):
        return len(self.voices)


def groups_of(board):
    """The themes with most thoughts first; what is not grouped comes last."""
    voices = list(board.voices.kept().order_by("pk"))
    themes = [
        Group(theme, [voice for voice in voices if voice.theme_id == theme.pk])
        for theme in board.themes.order_by("name")
    ]
    themes.sort(key=lambda group: -group.number)
    rest = [voice for voice in voices if voice.theme_id is None]
    return [*themes, *([Group(None, rest)] if rest else [])]


def rows_of(groups):
    """One row a thought, for a file: theme, thought."""
    return [(group.name, voice.text) for group in groups for voice in group.voices]


def ask_print(board, language):
    """The board as a poster; asked from the worker process when it has changed."""
    told = json.dumps(_told(board, language), sort_keys=True)
    key = f"{board.pk}.{sha256(told.encode()).hexdigest()[:32]}"
    make = "rinnalla.encounters.voices.boards.make_pdf"
    asked = {"board": str(board.pk), "language": language}
    return prints.ask(PRINT, key, make=make, **asked)


def make_pdf(*, board, language):
    """The poster's PDF; runs in the worker process.

    The board is read anew, so that no thought waits among the tasks.
    """
    from rinnalla.lib.typst import compile_pdf

    board = VoiceBoard.objects.select_related("event").get(pk=board)
    with translation.override(language):
        return compile_pdf(TEMPLATE, _told(board, language))


def _told(board, language):
    demo = _("This is a demo. All people and figures are invented.")
    groups = groups_of(board)
    day = date_format(board.day, "SHORT_DATE_FORMAT")
    number = sum(group.number for group in groups)
    place = f"{board.event.name}, {day}" if board.event else day
    return {
        "lang": language[:2],
        "title": board.question,
        "county": settings.COUNTY_NAME,
        "printed": date_format(clock.today(), "SHORT_DATE_FORMAT"),
        "banner": demo if settings.DEMO else "",
        "lead": _("%(place)s. Thoughts written by people: %(n)d.")
        % {"place": place, "n": number},
        "groups": [
            {
                "name": group.name,
                "number": group.number,
                "thoughts": [voice.text for voice in group.voices if voice.text],
            }
            for group in groups
        ],
    }
