"""One reading of what is written on a voice board."""

import uuid
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.encounters.models import Voice
from rinnalla.lib import clock
from rinnalla.lib.text_guard import AsksOnceMixin, GuardedCharField, GuardedTextField
from rinnalla.planning.forms import FIRST_DAY, as_day, dress
from rinnalla.planning.public.stamps import StampedForm

LONGEST = 280
MOST_AT_ONCE = 60
MOST_TALKS = 2000
FURTHEST = timedelta(days=366)


class KeyMixin(forms.Form):
    """A form with a key it is born with, so that sending it twice is sending once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())


class BoardForm(KeyMixin, AsksOnceMixin, forms.Form):
    """The question of a new board and its day."""

    question = GuardedCharField(
        label=_("The question or theme"),
        max_length=160,
        help_text=_("For example: What does it look like when one is set free?"),
    )
    day = forms.DateField(label=_("Day"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("day", clock.today())
        as_day(self.fields["day"])
        dress(self)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= clock.today() + FURTHEST:
            raise ValidationError(_("Choose a day at most a year ahead."))
        return day


class PaperForm(KeyMixin, AsksOnceMixin, forms.Form):
    """Thoughts from paper, one on each line."""

    thoughts = GuardedTextField(
        label=_("Thoughts from paper, one on each line"),
        max_length=MOST_AT_ONCE * LONGEST,
        help_text=_("As they were written. No names and no numbers."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)

    def clean_thoughts(self):
        lines = [" ".join(line.split()) for line in self._lines()]
        thoughts = [line for line in lines if line]
        if len(thoughts) > MOST_AT_ONCE:
            raise ValidationError(
                _("At most %(n)d at once. Send the rest after these."),
                params={"n": MOST_AT_ONCE},
            )
        if any(len(thought) > LONGEST for thought in thoughts):
            raise ValidationError(
                _("One of the lines is longer than %(n)d characters. Part it in two."),
                params={"n": LONGEST},
            )
        self.thoughts = thoughts
        return self.cleaned_data["thoughts"]

    def _lines(self):
        return self.cleaned_data["thoughts"].splitlines()


class SayForm(StampedForm, AsksOnceMixin, forms.Form):
    """One thought, written by the one whose thought it is, on any phone."""

    thought = GuardedTextField(label=_("Your thought"), max_length=LONGEST)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["thought"].widget.attrs |= {"rows": 5}


class TickForm(forms.Form):
    """Some thoughts of a board, ticked."""

    def __init__(self, data=None, *, board, waiting=False):
        super().__init__(data)
        theirs = board.voices.filter(is_waiting=waiting)
        self.fields["voices"] = forms.ModelMultipleChoiceField(
            Voice.objects.filter(pk__in=theirs),
            error_messages={
                "required": _("Tick at least one thought."),
                "invalid_choice": _("The board has changed. Tick them again."),
                "invalid_pk_value": _("The board has changed. Tick them again."),
            },
        )


class GroupForm(TickForm):
    """Thoughts that belong together, and the theme they go under."""

    def __init__(self, data=None, *, board):
        super().__init__(data, board=board)
        self.fields["theme"] = forms.ModelChoiceField(
            board.themes.order_by("name"),
            label=_("Theme"),
            required=False,
            empty_label=_("No theme"),
        )
        self.fields["name"] = GuardedCharField(
            label=_("or a new theme"), max_length=60, required=False
        )
        for field in ("theme", "name"):
            # They stand beside the board, not within its form.
            self.fields[field].widget.attrs["form"] = "grouping"
        dress(self)


class TalksForm(KeyMixin, forms.Form):
    """A tap (+1, +5, -1) or a typed total of talks."""

    number = forms.TypedChoiceField(
        choices=[(n, n) for n in ("1", "5", "-1")], coerce=int, required=False
    )
    total = forms.IntegerField(
        label=_("Talks in all"), min_value=0, max_value=MOST_TALKS, required=False
    )
    is_estimated = forms.BooleanField(label=_("An estimate"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)

    def clean(self):
        cleaned = super().clean()
        given = [
            name for name in ("number", "total") if cleaned.get(name) not in ("", None)
        ]
        if not self.errors and len(given) != 1:
            self.add_error("total", _("Write a number."))
        return cleaned
