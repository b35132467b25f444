"""What is typed when times are opened to a host."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rinnalla.lib import clock
from rinnalla.planning.forms import as_day, as_time, dress

FURTHEST = timedelta(days=366)


class TimesForm(forms.Form):
    """A day and hours, and for how many weeks they are open."""

    day = forms.DateField(label=_("Day"))
    starts = forms.TimeField(label=_("Starts"))
    ends = forms.TimeField(label=_("Ends"))
    weeks = forms.IntegerField(
        label=_("For how many weeks"), min_value=1, max_value=26, initial=1
    )

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
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
        self._keep_within(cleaned.get("day"), cleaned.get("weeks"))
        return cleaned

    def _keep_within(self, day, weeks):
        """No time after the last day that was decided for the place."""
        last = self.site.last_day
        if last and day and weeks and day + timedelta(weeks=weeks - 1) > last:
            last = date_format(last, "SHORT_DATE_FORMAT")
            self.add_error("weeks", _("The last day here is %(day)s.") % {"day": last})
