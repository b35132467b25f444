"""One reading of what was met, for the pages, the phone and the tally sheet alike."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Code
from rinnalla.encounters.models import Count
from rinnalla.lib.text_guard import AsksOnceMixin, GuardedTextField

# Field of a record -> the code list it is chosen from.
MANY = {
    "topics": "topic",
    "methods": "method",
    "target_groups": "target_group",
    "items": "item",
}
ONE = {
    "next_step": "next_step",
    "age_band": "age_band",
    "familiarity": "familiarity",
    "origin": "origin",
}
HINTS = {"age_band": "age_band", "topic": "topic", "promise": "promise"}
WRAP_UP_LISTS = (
    *("atmosphere", "safety", "how", "phenomenon", "threshold"),
    "solo_reason",
)
MOST_AT_ONCE = 9999
MOST_GUIDED_MORE = 30
MOST_LETTERS = 280
TAPS = (-1, 1, 10)

UNKNOWN_CODE = _("This choice is no longer in use. Reload the page and choose again.")


def codes_in_use():
    """Every code one may choose now: {list: [Code, ...]} in the county's order."""
    lists = {*MANY.values(), *ONE.values(), *HINTS.values(), *WRAP_UP_LISTS}
    found = {name: [] for name in lists}
    codes = Code.objects.filter(list__in=lists, is_retired=False)
    for code in codes.order_by("order", "code"):
        found[code.list].append(code)
    return found


def _choices(codes, kept=()):
    """The choices of one list; a retired code already on the record stays."""
    choices = [(code.code, code.short) for code in codes]
    there = {code for code, _label in choices}
    return choices + [(code, code) for code in kept if code and code not in there]


def choose_many(codes, kept=()):
    """Chips of which any number may be chosen."""
    return forms.MultipleChoiceField(
        choices=_choices(codes, kept),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": UNKNOWN_CODE, "invalid_list": UNKNOWN_CODE},
    )


def choose_one(codes, kept=""):
    """Chips of which one or none may be chosen."""
    return forms.ChoiceField(
        choices=_choices(codes, [kept]),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": UNKNOWN_CODE},
    )


class CountForm(forms.Form):
    """One tap (-1, +1, +10) or a typed total of one kind on a visit.

    `was` is what the phone showed when the total was typed: with it the difference
    is the same in whatever order the records arrive.
    """

    KINDS = [
        Count.Kind.MET,
        Count.Kind.DECLINED,
        Count.Kind.MATTER_OPENED,
        Count.Kind.ATTENDED,
        Count.Kind.SAME_QUEUE,
    ]
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    number = forms.IntegerField(required=False)
    total = forms.IntegerField(required=False, min_value=0, max_value=MOST_AT_ONCE)
    was = forms.IntegerField(
        required=False, min_value=-MOST_AT_ONCE, max_value=MOST_AT_ONCE
    )

    def clean_number(self):
        number = self.cleaned_data["number"]
        if number is not None and number not in TAPS:
            raise ValidationError(_("One tap is +1, -1 or +10."))
        return number

    def clean(self):
        cleaned = super().clean()
        given = [cleaned.get(name) is not None for name in ("number", "total")]
        if not self.errors and sum(given) != 1:
            raise ValidationError(_("Give a tap or a total, not both."))
        if cleaned.get("kind") == Count.Kind.SAME_QUEUE:
            self._clean_switch(cleaned)
        return cleaned

    def _clean_switch(self, cleaned):
        if cleaned.get("total") not in (0, 1):
            raise ValidationError(_("A switch is on or off."))


class EncounterForm(forms.Form):
    """A guided person as one tap: nothing to fill in."""


class DetailForm(forms.Form):
    """What is told of one meeting afterwards, in codes; every field may stay empty.

    `only` keeps the fields that were sent, so that one chip changes one field.
    """

    tickets = forms.IntegerField(
        required=False, min_value=0, max_value=20, label=_("Travel tickets")
    )
    has_language_barrier = forms.BooleanField(
        required=False, label=_("No common language")
    )

    def __init__(self, data=None, *, codes, encounter=None, only=None, **kwargs):
        super().__init__(data, **kwargs)
        kept = encounter.__dict__ if encounter else {}
        for name, code_list in MANY.items():
            self.fields[name] = choose_many(codes[code_list], kept.get(name, ()))
        for name, code_list in ONE.items():
            self.fields[name] = choose_one(codes[code_list], kept.get(name, ""))
        for name in self.fields:
            self.fields[name].initial = kept.get(name)
        if only is not None:
            self.fields = {n: f for n, f in self.fields.items() if n in only}

    def clean_tickets(self):
        return self.cleaned_data["tickets"] or 0


class MarkForm(forms.Form):
    """Three coded hints of a time mark, and whether it is dealt with."""

    is_done = forms.BooleanField(required=False, label=_("Dealt with"))

    def __init__(self, data=None, *, codes, mark=None, only=None, **kwargs):
        super().__init__(data, **kwargs)
        kept = mark.__dict__ if mark else {}
        for name, code_list in HINTS.items():
            self.fields[name] = choose_one(codes[code_list], kept.get(name, ""))
        for name in self.fields:
            self.fields[name].initial = kept.get(name)
        if only is not None:
            self.fields = {n: f for n, f in self.fields.items() if n in only}


def _number(label):
    return forms.IntegerField(
        required=False, min_value=0, max_value=MOST_AT_ONCE, label=label
    )


class WrapUpForm(AsksOnceMixin, forms.Form):
    """What the pair says of a visit when it ends, in one go.

    The `shown_` fields repeat what the page showed, so that a correction is a
    difference and a partner's tap in the meantime is not lost. `only` keeps the
    fields that were sent: what a phone did not touch, it does not speak of.
    """

    met = _number(_("Met"))
    guided = _number(_("Guided"))
    declined = _number(_("Did not want to talk"))
    attended = _number(_("Took part in the group"))
    shown_met = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shown_guided = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shown_declined = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shown_attended = forms.IntegerField(required=False, widget=forms.HiddenInput)
    number_checked = forms.BooleanField(required=False, label=_("The number is right"))
    is_nobody_reached = forms.BooleanField(
        required=False, label=_("Nobody could be reached")
    )
    text = GuardedTextField(
        required=False, max_length=MOST_LETTERS, label=_("In your words")
    )

    def __init__(self, data=None, *, codes, is_number_asked=False, only=None, **kwargs):
        super().__init__(data, **kwargs)
        self.is_number_asked = is_number_asked
        for name in ("how", "atmosphere", "safety", "solo_reason"):
            self.fields[name] = choose_one(codes[name])
        self.fields["phenomena"] = choose_many(codes["phenomenon"])
        self.fields["thresholds"] = choose_many(codes["threshold"])
        self.fields["text"].widget.attrs |= {"rows": 3, "class": "ds-input"}
        if only is not None:
            self.fields = {n: f for n, f in self.fields.items() if n in only}

    def clean(self):
        cleaned = super().clean()
        for name in ("met", "guided", "declined", "attended"):
            self._say_difference(cleaned, name)
        if cleaned["guided_more"] < 0:
            why = _("To take one away, mark it below as a wrong tap.")
            self.add_error("guided", why)
        elif cleaned["guided_more"] > MOST_GUIDED_MORE:
            self.add_error("guided", _("Use the tally sheet for this many."))
        if cleaned.get("is_nobody_reached") and cleaned.get("met"):
            self.add_error(
                "is_nobody_reached",
                _("The number of people met is above zero. Correct one of these two."),
            )
        if self.is_number_asked and not cleaned.get("number_checked"):
            self.add_error("number_checked", _("Look at the number once more."))
        return cleaned

    def _say_difference(self, cleaned, name):
        """Turn a shown and a typed total into what has to be added."""
        shown, typed = cleaned.pop(f"shown_{name}", None), cleaned.get(name)
        shown = min(max(shown or 0, 0), MOST_AT_ONCE)
        cleaned[f"{name}_more"] = 0 if typed is None else typed - shown


class NoteForm(forms.Form):
    """A visit's own words, as a phone sends them alone; empty takes them away."""

    text = GuardedTextField(required=False, max_length=MOST_LETTERS)
    shown = forms.CharField(required=False, strip=False)


class SeenForm(AsksOnceMixin, forms.Form):
    """What the street showed on a visit, written at a desk: choices and own words.

    `shown` repeats what the page showed, so that a partner's words meanwhile stay.
    """

    text = GuardedTextField(
        required=False, max_length=MOST_LETTERS, label=_("In your words")
    )
    shown = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, codes, before):
        super().__init__(data, initial=before | {"shown": json.dumps(before)})
        lists = {"phenomena": "phenomenon", "thresholds": "threshold"}
        labels = {
            "phenomena": _("What the street showed"),
            "thresholds": _("Thresholds people met"),
        }
        for name, code_list in lists.items():
            self.fields[name] = choose_many(codes[code_list], before[name])
            self.fields[name].label = labels[name]
        self.fields["text"].widget.attrs |= {"rows": 3, "class": "ds-input"}

    def clean_shown(self):
        try:
            return json.loads(self.cleaned_data["shown"])
        except (ValueError, RecursionError):
            return {}

    @property
    def told(self):
        """The choices and words as they were sent."""
        return {n: self.cleaned_data[n] for n in ("phenomena", "thresholds", "text")}
