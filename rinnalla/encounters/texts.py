"""Own words in observations: whose one may read, and how they are searched."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rinnalla.encounters.models import Observation
from rinnalla.encounters.permissions import STRIKE_TEXT
from rinnalla.lib.text_guard import tidy


class SearchForm(forms.Form):
    """Words to look for; read from the body, so that no address ever holds them."""

    words = forms.CharField(
        label=_("Words to look for"),
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


def containing(rows, words):
    """The observations with a text, newest first; with words only those holding them.

    Letters match in either case, also å, ä and ö, which not every database folds.
    """
    spellings = {words, words.lower(), words.upper(), words.capitalize()}
    wanted = Q()
    for spelling in spellings:
        wanted |= Q(text__icontains=spelling)
    return rows.exclude(text="").filter(wanted).order_by("-day", "-pk")
