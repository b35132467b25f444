"""What is typed about a place's public page, and into the feedback form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rinnalla.lib.text_guard import AsksOnceMixin, GuardedCharField, GuardedTextField
from rinnalla.planning import kinds
from rinnalla.planning.forms import OLD_CHOICE, dress
from rinnalla.planning.public.stamps import StampedForm

DEFAULT_SIGN = "blue_vest"


class LineForm(forms.Form):
    """Whether a place has a public page, how one finds it and what one knows us by."""

    is_shown = forms.BooleanField(label=_("The page is open to all"), required=False)
    where = GuardedCharField(
        label=_("Where exactly"),
        help_text=_("Street and door, as you would tell it. Everybody sees this."),
        max_length=120,
        required=False,
    )
    sign = forms.ChoiceField(
        label=_("What one knows us by"),
        required=False,
        error_messages={"invalid_choice": OLD_CHOICE},
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        kept = row.sign if row else DEFAULT_SIGN
        choices = kinds.choices("identifier", {kept})
        self.fields["sign"].choices = [("", _("Nothing said")), *choices]
        self.initial = {
            "sign": kept,
            "is_shown": row.is_shown if row else True,
            "where": row.where if row else "",
        }
        dress(self)


class FeedbackForm(StampedForm, AsksOnceMixin, forms.Form):
    """What one could not do on our pages, and where to send the answer's link."""

    text = GuardedTextField(
        label=_("What would you like to say"),
        help_text=_("For example: what you tried, on which page, what happened."),
        max_length=1000,
        error_messages={"required": _("Write a few words.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("We send you a link to the answer. Then the address is deleted."),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Write the address like this: name@example.fi.")},
    )


class AnswerForm(AsksOnceMixin, forms.Form):
    """The answer to a piece of feedback."""

    answer = GuardedTextField(
        label=_("Answer"),
        max_length=1000,
        error_messages={"required": _("Write the answer.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
