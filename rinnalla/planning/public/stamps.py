"""What keeps a public form honest without a cookie: a sealed stamp and a trap.

Nobody is refused for it. What comes too quickly, without a stamp, with the trap filled
or above the hour's ceiling is looked at by hand first; the sender sees no difference.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from rinnalla.lib import clock

QUICKEST = 3  # seconds in which nobody has read and filled in a form
CEILING = 20  # forms an hour before the rest is looked at by hand

_signer = Signer(salt="rinnalla.planning.public.stamps")


@dataclass(frozen=True)
class Stamp:
    """The key a form was born with, and whether it came back as from a person."""

    key: uuid.UUID
    is_odd: bool


def new_stamp():
    """A stamp for a form that is shown now."""
    return _signer.sign(f"{uuid.uuid4()}.{int(clock.now().timestamp())}")


def read_stamp(text):
    """What a stamp says. One that is not ours is odd, and gets a key of its own."""
    try:
        key, born = _signer.unsign(text).split(".")
    except (BadSignature, ValueError):
        return Stamp(uuid.uuid4(), is_odd=True)
    age = clock.now().timestamp() - int(born)
    return Stamp(uuid.UUID(key), is_odd=age < QUICKEST)


class StampedForm(forms.Form):
    """A public form with its stamp and its trap."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    # Hidden from people; a program that fills in every field falls for it.
    website = forms.CharField(required=False, label=_("Leave this empty"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = new_stamp()
        bare = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.HiddenInput)
        for field in self.fields.values():
            if not isinstance(field.widget, bare):
                field.widget.attrs["class"] = "op-input"
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 5

    @property
    def read(self):
        """The stamp, odd when the trap was filled too."""
        stamp = read_stamp(self.cleaned_data.get("stamp") or "")
        is_trapped = bool(self.cleaned_data.get("website"))
        return Stamp(stamp.key, is_odd=stamp.is_odd or is_trapped)


def is_crowded(rows):
    """Whether so many came within the hour that the rest is looked at by hand."""
    since = clock.cut(clock.now()) - timedelta(hours=1)
    return rows.filter(received_at__gte=since).count() >= CEILING
