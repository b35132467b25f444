"""One reading of a request for outreach, from the public form and from the desk."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Municipality
from rinnalla.lib import clock
from rinnalla.lib.text_guard import AsksOnceMixin, GuardedTextField
from rinnalla.planning import kinds
from rinnalla.planning.forms import OLD_CHOICE, PlaceField, dress
from rinnalla.planning.models import OutreachRequest
from rinnalla.planning.public.stamps import StampedForm

FURTHEST = timedelta(days=366)
FIRST = [("", _("Choose"))]


class DayField(forms.DateField):
    """A day, asked with the browser's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": _("Write the day like this: 12.3.2026.")}


class RequestForm(AsksOnceMixin, forms.Form):
    """Where one wishes us to come, when, why; who asks, as an organisation."""

    KEPT = [
        *("asker", "sector", "place", "municipality", "wished_day", "wish", "why"),
        *("target_groups", "contact_source"),
    ]
    asker = PlaceField(
        label=_("Organisation"),
        help_text=_("For example a parish, an association or a house manager."),
        max_length=120,
    )
    sector = forms.ChoiceField(label=_("What kind of organisation"), required=False)
    place = PlaceField(
        label=_("Where should we come"),
        help_text=_("The name or address of the place. Nobody's name."),
        max_length=120,
    )
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    wished_day = DayField(label=_("Wished day"), required=False)
    wish = PlaceField(
        label=_("Or when in general"),
        help_text=_("For example: Thursdays at 10–12."),
        required=False,
        max_length=120,
    )
    why = GuardedTextField(
        label=_("Why"),
        help_text=_("What have you noticed? Write so that nobody is recognised."),
        max_length=600,
    )
    target_groups = forms.MultipleChoiceField(
        label=_("Whom does it concern"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": OLD_CHOICE, "invalid_list": OLD_CHOICE},
    )
    contact_source = forms.ChoiceField(
        label=_("How did you hear of us"), required=False
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_(
            "We send a link that shows how the matter goes. The address is deleted "
            "when the matter is done."
        ),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Write the address like this: name@example.fi.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = {
            "sector": FIRST + kinds.choices("asker_sector"),
            "contact_source": FIRST + kinds.choices("contact_source"),
            "target_groups": kinds.choices("target_group"),
            "municipality": FIRST + _our_municipalities(),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered
            self.fields[name].error_messages["invalid_choice"] = OLD_CHOICE
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill this in.")

    def clean_wished_day(self):
        day = self.cleaned_data["wished_day"]
        if day and not clock.today() <= day <= clock.today() + FURTHEST:
            raise ValidationError(_("Choose a day from today to a year ahead."))
        return day

    def clean_municipality(self):
        code = self.cleaned_data["municipality"]
        return Municipality.objects.get(pk=code) if code else None

    @property
    def kept(self):
        """The fields of the request by name."""
        return {name: self.cleaned_data[name] for name in self.KEPT}


def _our_municipalities():
    """The county's own municipalities; all of them where no county is set."""
    rows = Municipality.objects.all()
    if settings.COUNTY_CODE:
        rows = rows.filter(county_id=settings.COUNTY_CODE)
    return sorted(((row.code, str(row)) for row in rows), key=lambda pair: pair[1])


class OpenRequestForm(StampedForm, RequestForm):
    """The public form: the same questions, a stamp and a trap."""


class DeskRequestForm(RequestForm):
    """A request that came by e-mail, telephone or in a meeting, written down by us."""

    CHANNELS = [
        choice for choice in OutreachRequest.Channel.choices if choice[0] != "form"
    ]
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": OLD_CHOICE},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)


class PasteForm(forms.Form):
    """An e-mail pasted to be read for its facts; the text itself is not kept."""

    letter = forms.CharField(
        label=_("The e-mail"),
        max_length=20_000,
        widget=forms.Textarea,
        error_messages={"required": _("Paste the e-mail here.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)


class DeclineForm(forms.Form):
    """Why we cannot come, as a listed reason."""

    reason = forms.ChoiceField(
        label=_("Why can we not come"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": OLD_CHOICE},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = kinds.choices("decline_reason")
