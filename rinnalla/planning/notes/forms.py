"""What is typed when a team writes itself a note."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from rinnalla.lib.text_guard import AsksOnceMixin, GuardedCharField
from rinnalla.planning.forms import dress

LONGEST = 160


class NoteForm(AsksOnceMixin, forms.Form):
    """A short note, and whether it is something the team promised."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = GuardedCharField(
        label=_("Note"),
        max_length=LONGEST,
        help_text=_("One thing, 160 letters. Nobody you met is named."),
        widget=forms.Textarea,
    )
    is_promise = forms.BooleanField(label=_("We promised this"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["key"] = uuid.uuid4()
        dress(self)
        self.fields["text"].widget.attrs["rows"] = 2

    def clean_text(self):
        """One line: a break in the middle would not be seen."""
        return " ".join(self.cleaned_data["text"].split())

    @property
    def told(self):
        """What `actions.write` wants to hear of it; an odd key gives way to a new."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("text", "is_promise")}
        return told | {"key": data["key"] or uuid.uuid4()}
