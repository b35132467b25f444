"""The digits of a second step: guesses are counted where every process sees them."""

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as library

from rinnalla.access import actions


class _Counted(library.BaseAuthenticateForm):
    """Looks at digits only while few were wrong lately, and at each once."""

    def clean_code(self):
        if not actions.may_guess(self.user):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()
        if not actions.spend_digits(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Counted, library.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_Counted, library.ReauthenticateForm):
    """The second step again, before something that asks who it is."""
