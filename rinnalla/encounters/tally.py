"""The paper tally of a visit: what is recorded so far, and the form that enters it."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django import forms
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Code
from rinnalla.encounters.models import Count

Kind = Count.Kind
# The kinds a sheet holds one number of, and the code lists it holds rows of.
SINGLE = {
    Kind.MET: _("Met"),
    Kind.GUIDED: _("Guided"),
    Kind.DECLINED: _("Did not want to talk"),
    Kind.NEW: _("New"),
    Kind.RETURNING: _("Known from before"),
}
GROUP = {Kind.ATTENDED: _("Took part in the group")}
CODED = {Kind.TOPIC: "topic", Kind.METHOD: "method", Kind.RESULT: "next_step"}


def met_one_by_one(visit):
    """What the meetings recorded one by one add up to, as {(kind, code): number}."""
    sums = Counter()
    for row in visit.encounters.kept():
        sums[Kind.GUIDED, ""] += 1
        sums[Kind.MET, ""] += row.counts_as_met
        sums.update((Kind.TOPIC, code) for code in set(row.topics))
        sums.update((Kind.METHOD, code) for code in set(row.methods))
        if row.next_step:
            sums[Kind.RESULT, row.next_step] += 1
        if row.familiarity in SINGLE:
            sums[Kind(row.familiarity), ""] += 1
    return sums


def recorded(visit):
    """What all records of a visit add up to, as {(kind, code): number}."""
    sums = met_one_by_one(visit)
    for kind, code, number in visit.counts.values_list("kind", "code").annotate(
        Sum("number")
    ):
        sums[Kind(kind), code] += number
    return Counter({key: number for key, number in sums.items() if number})


def digest(sums):
    """A short mark of these sums, by which a page knows whether they have changed."""
    lines = sorted(f"{kind}:{code}={number}" for (kind, code), number in sums.items())
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def planned_hours(visit):
    """How long the visit took or was to take, in hours; None when nobody knows."""
    minutes = visit.minutes
    if minutes is None and visit.starts and visit.ends:
        span = datetime.combine(visit.day, visit.ends)
        span -= datetime.combine(visit.day, visit.starts)
        minutes = span.total_seconds() // 60
    return None if minutes is None else round(Decimal(int(minutes)) / 60, 2)


class NumberField(forms.IntegerField):
    """A number from a row of marks; an empty box is nought."""

    def __init__(self, **options):
        super().__init__(required=False, min_value=0, max_value=10000, **options)
        self.widget.attrs |= {"inputmode": "numeric", "class": "ds-input"}
        self.error_messages |= {
            "invalid": _("Write a whole number."),
            "min_value": _("Write 0 or more."),
            "max_value": _("This is more than one visit can hold: at most 10,000."),
        }

    def clean(self, value):
        return super().clean(value) or 0


class HoursField(forms.DecimalField):
    """Hours with a decimal comma or point; the value is in minutes."""

    def __init__(self, **options):
        super().__init__(required=False, min_value=0, max_value=24, **options)
        self.widget = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "ds-input", "maxlength": 8}
        )
        wrong = _("Write the hours like this: 2 or 2,5.")
        self.error_messages |= dict.fromkeys(["invalid", "min_value"], wrong)
        self.error_messages["max_value"] = _("A visit lasts at most 24 hours.")

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value

    def to_python(self, value):
        return super().to_python((value or "").strip().replace(",", "."))

    def clean(self, value):
        hours = super().clean(value)
        return None if hours is None else round(hours * 60)


class TallyForm(forms.Form):
    """A visit's numbers in the order of the paper; shows what is recorded so far."""

    how = forms.ChoiceField(label=_("How the number was got"), widget=forms.RadioSelect)
    is_nobody_reached = forms.BooleanField(
        label=_("Nobody could be reached"), required=False
    )
    hours = HoursField(label=_("Hours on the spot"))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    confirmed = forms.BooleanField(
        label=_("The numbers are as they should be"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data=None, *, visit):
        self.sums = recorded(visit)
        self.single_meetings = met_one_by_one(visit)
        super().__init__(data, initial=self._initial(visit))
        self.fields["how"].choices = _choices("how")
        self.keys = {}
        self.rows = {kind: self._add_rows(kind, name) for kind, name in CODED.items()}
        for kind, label in (SINGLE | (GROUP if visit.is_group else {})).items():
            self._add(kind, "", label)
        self.asks = []

    def _initial(self, visit):
        wrap_up = getattr(visit, "wrap_up", None)
        numbers = {_name(*key): number for key, number in self.sums.items()}
        return numbers | {
            "how": wrap_up.how if wrap_up else Count.How.COUNTED,
            "is_nobody_reached": bool(wrap_up and wrap_up.is_nobody_reached),
            "hours": planned_hours(visit),
            "seen": digest(self.sums),
        }

    def _add_rows(self, kind, code_list):
        """A field for each code in use, and for a retired one that holds a number."""
        held = {code for (of, code) in self.sums if of == kind}
        codes = [
            code
            for code in Code.objects.of(code_list)
            if not code.is_retired or code.code in held
        ]
        return [self._add(kind, code.code, code.label) for code in codes]

    def _add(self, kind, code, label):
        name = _name(kind, code)
        self.fields[name] = NumberField(label=label)
        self.keys[name] = (kind, code)
        return self[name]

    def clean(self):
        cleaned = super().clean()
        for name, (kind, code) in self.keys.items():
            least = self.single_meetings[kind, code]
            if name in cleaned and cleaned[name] < least:
                self.add_error(name, _met_already(least))
        if not self.errors:
            self.asks = contradictions(self.numbers, cleaned["is_nobody_reached"])
        if self.asks:
            self.fields["confirmed"].widget = forms.CheckboxInput()
        if self.asks and not cleaned.get("confirmed"):
            self.add_error("confirmed", _("Look at the numbers once more."))
        return cleaned

    @property
    def said(self):
        """What the action is told."""
        said = {name: self.cleaned_data[name] for name in ("how", "is_nobody_reached")}
        seen, minutes = self.cleaned_data["seen"], self.cleaned_data["hours"]
        return said | {"numbers": self.numbers, "minutes": minutes, "seen": seen}

    def show_what_stands(self, visit):
        """Say what others have recorded meanwhile; sent again, this form is taken."""
        sums = recorded(visit)
        self.data = self.data.copy()
        self.data["seen"] = digest(sums)
        self.add_error(
            None,
            _(
                "Somebody has recorded on this visit meanwhile: met %(met)d, guided "
                "%(guided)d. Check your numbers and store them again."
            )
            % {"met": sums[Kind.MET, ""], "guided": sums[Kind.GUIDED, ""]},
        )

    @property
    def numbers(self):
        """What was written, as {(kind, code): number}."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


def contradictions(numbers, is_nobody_reached):
    """What does not fit together, a sentence each; asked about once, never repaired."""
    met, guided = numbers[Kind.MET, ""], numbers[Kind.GUIDED, ""]
    by_kind = {
        kind: [number for (of, _code), number in numbers.items() if of == kind]
        for kind in (Kind.TOPIC, Kind.RESULT)
    }
    known = numbers[Kind.NEW, ""] + numbers[Kind.RETURNING, ""]
    found = {
        _("More people were guided than met."): guided > met,
        _("There are topics, but nobody was guided."): (
            not guided and any(by_kind[Kind.TOPIC])
        ),
        _("One topic has more marks than people were guided."): (
            guided and max(by_kind[Kind.TOPIC], default=0) > guided
        ),
        _("There are more next steps than people were guided."): (
            sum(by_kind[Kind.RESULT]) > guided
        ),
        _("New and known together are more than were met."): known > met,
        _("Nobody could be reached, but somebody was met or guided."): (
            is_nobody_reached and (met or guided)
        ),
        _("Nobody was met. Could nobody be reached?"): not (
            met or guided or is_nobody_reached
        ),
    }
    return [sentence for sentence, is_so in found.items() if is_so]


def _name(kind, code):
    return f"{kind}-{code}" if code else str(kind)


def _choices(code_list):
    return [(code.code, code.label) for code in Code.objects.of(code_list)]


def _met_already(least):
    return _(
        "The phones have recorded %(least)d one by one. Take one back on the visit's "
        "page if that is too many."
    ) % {"least": least}
