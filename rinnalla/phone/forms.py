"""How a fact from a phone is read: its envelope here, its body by the rooms' forms."""

import json
from hashlib import sha256

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.encounters.forms import (
    CountForm,
    DetailForm,
    EncounterForm,
    MarkForm,
    choose_one,
    codes_in_use,
)
from rinnalla.lib.text_guard import AsksOnceMixin, GuardedCharField

MOST_FACTS = 50
MOST_BYTES = 64 * 1024
OLDEST_SECONDS = 30 * 24 * 60 * 60
GUEST_KINDS = frozenset({"count", "encounter", "undo"})


class BadBatch(Exception):
    """What was sent is no batch of facts at all; the text says what is wrong."""


class FactForm(forms.Form):
    """The envelope: who is speaking of which visit, and how long ago it happened.

    `age` is in seconds and told by the phone; the server's clock says when.
    """

    id = forms.UUIDField()
    device = forms.UUIDField()
    visit = forms.UUIDField()
    kind = forms.CharField(max_length=20)
    age = forms.IntegerField(required=False, min_value=0, max_value=OLDEST_SECONDS)


class UndoForm(forms.Form):
    """Which tap, guided person or mark is taken back."""

    of = forms.UUIDField()


class VisitStartedForm(forms.Form):
    """A visit begins; why with so few, when the place asks it."""

    def __init__(self, data=None, *, codes, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["solo_reason"] = choose_one(codes["solo_reason"])


class VisitPlacedForm(forms.Form):
    """A visit that begins where nobody planned one: a place known here, or a new one.

    The phone has asked once about a name that may be somebody's; only what must
    never be stored is refused here.
    """

    site = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    name = GuardedCharField(required=False, max_length=80)
    kind = forms.ChoiceField(required=False)
    municipality = forms.ChoiceField(required=False)

    def __init__(self, data=None, *, kinds, municipalities, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = kinds
        self.fields["municipality"].choices = municipalities

    def clean(self):
        told = super().clean()
        is_new = told.get("kind") and told.get("municipality")
        if not self.errors.keys() - {"name"} and not told.get("site") and not is_new:
            raise ValidationError(_("Write the place or area."))
        return told


class Bodies:
    """Reads the body of each kind by its form; asks the code lists once at most."""

    def __init__(self):
        self._codes = None

    @property
    def codes(self):
        if self._codes is None:
            self._codes = codes_in_use()
        return self._codes

    def form_of(self, kind, body):
        """The form that reads this kind, or None for an unknown kind."""
        if kind in ("count", "encounter", "undo"):
            forms_of = {"count": CountForm, "encounter": EncounterForm}
            return forms_of.get(kind, UndoForm)(body)
        if kind == "encounter_detail":
            form = DetailForm(body, codes=self.codes, only=set(body))
            form.fields["encounter"] = forms.UUIDField()
            return form
        if kind in ("mark", "mark_detail"):
            form = MarkForm(body, codes=self.codes, only=set(body))
            if kind == "mark_detail":
                form.fields["mark"] = forms.UUIDField()
            return form
        return None


def read_batch(content):
    """The list of facts in a request's bytes. Raises BadBatch."""
    try:
        batch = json.loads(content)
    except (ValueError, RecursionError):
        raise BadBatch(_("This is not a batch of records.")) from None
    facts = batch.get("facts") if isinstance(batch, dict) else None
    if not isinstance(facts, list) or not facts:
        raise BadBatch(_("This is not a batch of records."))
    if len(facts) > MOST_FACTS:
        raise BadBatch(_("There are too many records at once."))
    return facts


def digest_of(fact):
    """A mark of what a fact says, so that the same id with other content is seen.

    The phone is left out: by trying each one, a digest could be laid beside it.
    """
    said = [str(fact.get(name)) for name in ("visit", "kind")]
    plain = json.dumps([*said, fact.get("body")], sort_keys=True)
    return sha256(plain.encode()).hexdigest()


def first_error(form):
    """The first thing a form has to say, in words."""
    return next(iter(form.errors.values()))[0]


class PlaceForm(AsksOnceMixin, forms.Form):
    """Where one is, when nobody planned it: a familiar place or a new name."""

    kind = forms.ChoiceField(widget=forms.RadioSelect, label=_("What kind of place"))
    name = GuardedCharField(max_length=80, label=_("Place or area"))
    municipality = forms.ChoiceField(label=_("Municipality"))

    def __init__(self, data=None, *, kinds, municipalities, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = kinds
        self.fields["municipality"].choices = municipalities
        for name in ("name", "municipality"):
            self.fields[name].widget.attrs["class"] = "ds-input"

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError(_("Write the place or area."))
        return name


PRESSES = (
    "met",
    "ten",
    "guided",
    "mark",
    "undo",
    "total",
    "same_on",
    "same_off",
)


class TapForm(forms.Form):
    """One press of a plain form, for a phone whose scripts do not run."""

    id = forms.UUIDField()
    do = forms.ChoiceField(choices=[(do, do) for do in PRESSES])
    total = forms.IntegerField(required=False)
    of = forms.UUIDField(required=False)
