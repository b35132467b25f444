"""What somebody chooses of the own calendar and reminders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rinnalla.planning.models import CalendarFeed


class KindForm(forms.Form):
    """Which calendar: the own visits or the whole team's."""

    kind = forms.ChoiceField(choices=CalendarFeed.Kind.choices)


class ReminderForm(forms.Form):
    """Which reminders come by mail."""

    evening_before = forms.BooleanField(
        label=_("The evening before my visit, at 17"), required=False
    )
    same_morning = forms.BooleanField(label=_("The same morning, at 7"), required=False)
    missing_pair = forms.BooleanField(
        label=_("A week before, when a pair is missing"), required=False
    )

    def __init__(self, *args, chosen=None, **kwargs):
        initial = {name: getattr(chosen, name, False) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
