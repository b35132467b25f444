"""Own words in observations: whose one may read, and how they are searched."""

import re
import unicodedata

from django import forms
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from rinnalla.encounters.models import Observation
from rinnalla.encounters.permissions import STRIKE_TEXT
from rinnalla.lib.text_guard import tidy
from rinnalla.planning.models import TeamNote

LANGUAGES = ("fi", "sv", "en")
# Finnish bends the end of a word: hinta, hinnat, hintojen share a beginning.
SHORTEST_STEM = 3
BENT_OFF = 2
# Its consonants may soften on the way: hinta, hinnat; häätö, häädön.
SOFTER = {"nt": "nn", "lt": "ll", "rt": "rr", "mp": "mm", "nk": "ng"}
SOFTER |= {"kk": "k", "pp": "p", "tt": "t", "d": "t"}
_HARD = re.compile("|".join(SOFTER))
MOST_FOUND = 2000


class SearchForm(forms.Form):
    """Words to look for; read from the body, so that no address ever holds them."""

    words = forms.CharField(
        label=_("Words, a place or a month"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "ds-input", "autocomplete": "off"}),
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=100000)

    def clean_words(self):
        return tidy(self.cleaned_data["words"])


def of_team(worker):
    """The observations of this person's team: made on its visits or at its places."""
    rows = Observation.objects.select_related("site", "visit")
    on_visits = STRIKE_TEXT.limit(
        rows.filter(visit__isnull=False), worker, team="visit__team"
    )
    at_places = STRIKE_TEXT.limit(rows.filter(visit=None), worker, team="site__team")
    return on_visits | at_places


def notes_of_team(worker):
    """The notes this person's team has written to itself, the newest first."""
    rows = STRIKE_TEXT.limit(TeamNote.objects.kept(), worker)
    return rows.select_related("site").order_by("-written_on", "pk")


def notes_containing(rows, words):
    """The notes in which every word is found, as in observations; few live so long."""
    wanted = _words_of(words)
    if not wanted:
        return [] if words.strip() else list(rows)
    months = _months()
    return [note for note in rows if _fits(wanted, _words_of(_told(note, months)))]


def _told(note, months):
    """What a note is found by: its text, its place, its days."""
    days = [day for day in (note.written_on, note.day) if day]
    dates = [f"{months[day.month]} {_dates(day)}" for day in days]
    return " ".join([note.text, note.site.name if note.site else "", *dates])


def containing(rows, words):
    """The observations with a text, newest first; with words only those that fit.

    Every word must be found in the text, the place or the month, in any of its bent
    forms and in either case. Texts live a year, so there are few to look through.
    """
    rows = rows.exclude(text="").order_by("-day", "-pk")
    wanted = _words_of(words)
    if not wanted:
        return rows.none() if words.strip() else rows
    names = ("site__name", "site__area", "site__municipality__name_fi")
    told = rows.values_list("pk", "day", "text", *names, "site__municipality__name_sv")
    months = _months()
    found = [
        pk
        for pk, day, *texts in told.iterator()
        if _fits(wanted, _words_of(" ".join([*texts, months[day.month], _dates(day)])))
    ]
    return rows.filter(pk__in=found[:MOST_FOUND])


def _fits(wanted, there):
    return all(any(_is_like(word, other) for other in there) for word in wanted)


def _is_like(word, other):
    """Whether two words may be forms of one: part of it, or the same beginning."""
    if word == other or word[:1].isdigit():
        return other.startswith(word)
    if len(word) >= SHORTEST_STEM and word in other:
        return True
    if word[:SHORTEST_STEM] != other[:SHORTEST_STEM]:
        return False
    shared = next(
        (n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    bent = sorted((len(word) - shared, len(other) - shared))
    return bent[0] <= BENT_OFF and bent[1] <= shared + 1


def _words_of(text):
    """The words of a text as they are compared: small letters, without their dots."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    words = {word.strip("./") for word in re.findall(r"[\w./]+", plain)} - {""}
    return {_HARD.sub(lambda hard: SOFTER[hard[0]], word) for word in words}


def _months():
    """{number: its names in the three languages}."""
    names = dict.fromkeys(MONTHS, "")
    for language in LANGUAGES:
        with translation.override(language):
            for number, name in MONTHS.items():
                names[number] += f"{name} "
    return names


def _dates(day):
    """The ways a day is written: 12.3.2026, 12.3, 3/2026, 2026."""
    return f"{day:%d.%m.%Y} {day.day}.{day.month}.{day.year} {day.day}.{day.month} " + (
        f"{day.month}/{day.year} {day.year}"
    )
