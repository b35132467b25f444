"""One reading of what is typed about events."""

import json
from datetime import date, time

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Municipality
from rinnalla.lib import clock
from rinnalla.lib.text_guard import AsksOnceMixin, refusals, tidy
from rinnalla.planning import kinds
from rinnalla.planning.events.reading import LONGEST_AHEAD, MOST_BYTES, MOST_ENTRIES
from rinnalla.planning.forms import FIRST_DAY, PlaceField, as_day, as_time, dress

MATERIALS = "event_material"
SALT = "planning.events.file"
LONGEST_EVENT_DAYS = 60


class AddressField(forms.URLField):
    """The address of an announcement on the web; never somebody's email."""

    def __init__(self, **options):
        super().__init__(assume_scheme="https", max_length=300, **options)
        self.error_messages["invalid"] = _(
            "Write the address like this: https://example.fi/event"
        )

    def to_python(self, value):
        return super().to_python(tidy(str(value or "").strip()))

    def clean(self, value):
        address = super().clean(value)
        if address and not address.startswith(("https://", "http://")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if {"email", "identity_code"} & set(refusals(address)):
            raise ValidationError(
                _("This address holds an email or an identity code."), code="email"
            )
        return address


class EventForm(AsksOnceMixin, forms.Form):
    """An announced event: what, where, when, and where it was read."""

    name = PlaceField(label=_("Name of the event"), max_length=120)
    place = PlaceField(label=_("Place"), max_length=120, required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Municipality"),
        required=False,
        empty_label=_("Not known"),
    )
    day = forms.DateField(label=_("Day"))
    until = forms.DateField(label=_("Last day, if several"), required=False)
    starts = forms.TimeField(label=_("Starts"), required=False)
    ends = forms.TimeField(label=_("Ends"), required=False)
    source = AddressField(label=_("Where it was announced"), required=False)

    def __init__(self, *args, event=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("day", "until"):
            as_day(self.fields[name])
        for name in ("starts", "ends"):
            as_time(self.fields[name])
        near = Municipality.objects.order_by("name_fi")
        if settings.COUNTY_CODE:
            near = near.filter(county=settings.COUNTY_CODE)
        self.fields["municipality"].queryset = near
        for name in self.fields:
            self.initial.setdefault(name, getattr(event, name, None))
        dress(self)

    def clean(self):
        cleaned = super().clean()
        day, until = cleaned.get("day"), cleaned.get("until")
        if day and not FIRST_DAY <= day <= clock.today() + LONGEST_AHEAD:
            self.add_error("day", _("Choose a day at most two years away."))
        if day and until and not 0 <= (until - day).days <= LONGEST_EVENT_DAYS:
            self.add_error("until", _("The last day is not within two months."))
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The event ends before it starts."))
        return cleaned

    @property
    def written(self):
        """The fields of the event by name."""
        names = ("name", "place", "municipality", "day", "until", "starts", "ends")
        return {name: self.cleaned_data[name] for name in (*names, "source")}


class MaterialsForm(forms.Form):
    """What one takes along to an event."""

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        kept = [material.code for material in event.materials.all()]
        self.fields["codes"] = forms.MultipleChoiceField(
            label=_("What is needed"),
            choices=kinds.choices(MATERIALS, kept),
            required=False,
            initial=kept,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _("This choice is no longer in use. Choose again."),
                "invalid_list": _("This choice is no longer in use. Choose again."),
            },
        )


class FileForm(forms.Form):
    """A calendar file of announced events."""

    file = forms.FileField(
        label=_("Calendar file"),
        help_text=_("A file whose name ends in .ics"),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("There is nothing in the file."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".ics,text/calendar"
        dress(self)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than half a megabyte."))
        return file


class EntriesForm(forms.Form):
    """Which entries of a file are taken; the file's entries travel sealed along."""

    file = forms.CharField(widget=forms.HiddenInput)
    chosen = forms.MultipleChoiceField(
        label=_("Events in the file"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, entries=None):
        super().__init__(data)
        self.entries = self._opened() if entries is None else entries
        numbers = [(str(n), entry["name"]) for n, entry in enumerate(self.entries)]
        self.fields["chosen"].choices = numbers
        self.fields["chosen"].error_messages |= {
            "required": _("Choose at least one."),
            "invalid_choice": _("Choose the file again."),
        }
        if entries is not None:
            self.initial["file"] = signing.dumps(_plain(entries), salt=SALT)

    def _opened(self):
        """The entries as they were read, or none when somebody changed them."""
        try:
            rows = signing.loads(self.data.get("file", ""), salt=SALT, max_age=86400)
        except signing.BadSignature:
            return []
        return [_restored(row) for row in rows[:MOST_ENTRIES]]

    @property
    def rows(self):
        """Each tick with the entry it stands for."""
        return zip(self["chosen"], self.entries, strict=True)

    @property
    def taken(self):
        """The fields of each chosen event."""
        return [self.entries[int(number)] for number in self.cleaned_data["chosen"]]


def _plain(entries):
    return json.loads(json.dumps(entries, default=str))


def _restored(row):
    """An entry with its days and hours again."""
    days = {name: row[name] and date.fromisoformat(row[name]) for name in DAYS}
    hours = {name: row[name] and time.fromisoformat(row[name]) for name in HOURS}
    return row | days | hours


DAYS, HOURS = ("day", "until"), ("starts", "ends")
