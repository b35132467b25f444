"""One reading of what is moved and changed on the month's page."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Worker
from rinnalla.lib import clock
from rinnalla.planning.forms import (
    FIRST_DAY,
    LONGEST_AHEAD,
    PeopleField,
    as_day,
    as_time,
    dress,
    reason_field,
    workers_of,
)
from rinnalla.planning.models import TeamCapacity


class MoveForm(forms.Form):
    """Another day and hour for a visit; asks why when its rhythm promised the day."""

    day = forms.DateField(label=_("Day"))
    starts = forms.TimeField(label=_("Starts"), required=False)
    ends = forms.TimeField(label=_("Ends"), required=False)

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.visit = visit
        for name in ("day", "starts", "ends"):
            self.initial.setdefault(name, getattr(visit, name))
        as_day(self.fields["day"])
        as_time(self.fields["starts"])
        as_time(self.fields["ends"])
        self.fields["reason"] = reason_field(_("Why is it moved"), required=False)
        if visit.slot is None:
            self.fields["reason"].widget = forms.HiddenInput()
        dress(self)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= clock.today() + LONGEST_AHEAD:
            raise ValidationError(_("Choose a day at most two years away."))
        return day

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The visit ends before it starts."))
        leaves = cleaned.get("day") not in (None, self.visit.slot)
        is_promised = self.visit.slot is not None
        if is_promised and leaves and not cleaned.get("reason"):
            self.add_error("reason", _("This day was promised. Say why it moves."))
        return cleaned


class HandsForm(forms.Form):
    """Who goes: the team's people, and those who go already."""

    workers = PeopleField(Worker.objects.none(), label=_("Who goes"), required=False)

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        there = Worker.objects.filter(pk__in=visit.workers.values("pk"))
        people = (there | workers_of(team=visit.team_id)).distinct()
        self.fields["workers"].queryset = people.order_by("name")
        self.initial["workers"] = [worker.pk for worker in visit.workers.all()]


class CapacityForm(forms.ModelForm):
    """How many times a week one worker goes out at most."""

    class Meta:
        model = TeamCapacity
        fields = ["times_a_week"]

    times_a_week = forms.IntegerField(
        label=_("How many times a week one worker can go out"),
        min_value=1,
        max_value=15,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
