"""How the bodies of some facts are read; the others by the rooms' own forms."""

import json
from hashlib import sha256

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.encounters.forms import choose_one
from rinnalla.lib.text_guard import GuardedCharField

MOST_FACTS = 50
MOST_BYTES = 64 * 1024
GUEST_KINDS = frozenset({"count", "encounter", "undo"})


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


def digest_of(fact):
    """A mark of what a fact says, so that the same id with other content is seen.

    The phone is left out: by trying each one, a digest could be laid beside it.
    """
    said = [str(fact.get(name)) for name in ("visit", "kind")]
    plain = json.dumps([*said, fact.get("body")], sort_keys=True)
    return sha256(plain.encode()).hexdigest()
