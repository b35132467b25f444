"""Reading what a device answers: whatever arrives, at worst it is not the right key."""

import struct

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as library
from cryptography.exceptions import InvalidSignature
from django import forms

# What the readers of the answer's many layers raise when it is not what it says.
UNREADABLE = (
    AttributeError,
    IndexError,
    InvalidSignature,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
LONGEST = 20_000


def calmly(read, *arguments):
    """Read, and turn every kind of unreadable into the form's own word for it."""
    try:
        return read(*arguments)
    except UNREADABLE as fault:
        raise get_adapter().validation_error("incorrect_code") from fault


class CredentialField(forms.JSONField):
    """The device's answer as JSON."""

    widget = forms.HiddenInput

    def to_python(self, value):
        if isinstance(value, str) and len(value) > LONGEST:
            raise get_adapter().validation_error("incorrect_code")
        return calmly(super().to_python, value)


class AddPasskeyForm(library.AddWebAuthnForm):
    """A new passkey: its name and what the device made."""

    name = forms.CharField(required=False, max_length=60)
    credential = CredentialField()

    def clean(self):
        return calmly(super().clean)


class LoginForm(library.LoginWebAuthnForm):
    """Signing in with a passkey alone."""

    credential = CredentialField()

    def clean_credential(self):
        return calmly(super().clean_credential)


class SecondStepForm(library.AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    credential = CredentialField()

    def clean_credential(self):
        return calmly(super().clean_credential)


class AgainForm(library.ReauthenticateWebAuthnForm):
    """A passkey to show that it is still the same person."""

    credential = CredentialField()

    def clean_credential(self):
        return calmly(super().clean_credential)
