"""What is typed about the partners' line: a turn, a call."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Organisation
from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.forms import OLD_CHOICE, as_day, as_time, dress, workers_of

FURTHEST = timedelta(days=366)


class TurnForm(forms.Form):
    """Who answers the line: a day, hours, one of the team or a partner, weeks."""

    day = forms.DateField(label=_("Day"))
    starts = forms.TimeField(label=_("Starts"))
    ends = forms.TimeField(label=_("Ends"))
    who = forms.ChoiceField(
        label=_("Who answers"),
        error_messages={"required": _("Choose one."), "invalid_choice": OLD_CHOICE},
    )
    weeks = forms.IntegerField(
        label=_("For how many weeks"), min_value=1, max_value=26, initial=1
    )

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.workers = {f"w{row.pk}": row for row in workers_of(team=team)}
        partners = Organisation.objects.exclude(pk=team.organisation_id)
        self.partners = {f"p{row.pk}": row for row in partners.order_by("name")}
        self.fields["who"].choices = [
            ("", _("Choose")),
            (_("Own team"), [(key, row.name) for key, row in self.workers.items()]),
            (_("Partner"), [(key, row.name) for key, row in self.partners.items()]),
        ]
        as_day(self.fields["day"])
        as_time(self.fields["starts"])
        as_time(self.fields["ends"])
        dress(self)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not clock.today() <= day <= clock.today() + FURTHEST:
            raise ValidationError(_("Choose a day from today to a year ahead."))
        return day

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The time ends before it starts."))
        return cleaned

    @property
    def turn(self):
        """What set_turns needs."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("day", "starts", "ends", "weeks")},
            "worker": self.workers.get(data["who"]),
            "partner": self.partners.get(data["who"]),
        }


class CallForm(forms.Form):
    """A call in two taps: who called, what about. No text, no name."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    sector = forms.ChoiceField(
        label=_("Who called"), required=False, widget=forms.RadioSelect
    )
    matter = forms.ChoiceField(
        label=_("What about"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, code_list in (("sector", "asker_sector"), ("matter", "duty_matter")):
            self.fields[name].choices = kinds.choices(code_list)
            self.fields[name].error_messages["invalid_choice"] = OLD_CHOICE
