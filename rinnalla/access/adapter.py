"""How sign-in is tuned for this house."""

import base64
import hashlib
import logging
import smtplib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rinnalla.access import actions, audit, slowing
from rinnalla.access.middleware import FACTORS
from rinnalla.lib import clock

FRESH_SECONDS = 5 * 60
# What the sign-in library tells of, and the name it has in the audit.
LOGGED = {
    "account/email/password_changed": "worker.password_changed",
    "account/email/password_reset": "worker.password_reset",
    "mfa/email/totp_activated": "worker.app_added",
    "mfa/email/totp_deactivated": "worker.app_removed",
    "mfa/email/webauthn_added": "worker.passkey_added",
    "mfa/email/webauthn_removed": "worker.passkey_removed",
    "mfa/email/recovery_codes_generated": "worker.recovery_codes_made",
}


class WorkerAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: a coordinator or administrator invites."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "This email address and password do not belong together. Try again, or "
            "ask for a link to set a new password."
        ),
        "incorrect_password": gettext_lazy("This is not your password. Try again."),
        "enter_current_password": gettext_lazy("Type the password you have now."),
        "rate_limited": gettext_lazy("Wait a moment, then try again."),
        "too_many_login_attempts": gettext_lazy("Wait a moment, then try again."),
        "incorrect_code": gettext_lazy("This code is not right. Try the next one."),
    }

    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        """Space the tries for one name from many places; axes keeps name and place."""
        if slowing.must_wait(request, slowing.name_of(request, credentials)):
            context = {"soon": True}
            page = render(request, "account/slow_down.html", context, status=429)
            raise ImmediateHttpResponse(page)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        slowing.remember_device(request, response, user.email.lower())
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)
        audit.log(user, "worker.signed_in", user)
        return response

    def reauthenticate(self, user, password):
        return user.check_password(password)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not within five minutes of signing in: that proof is still warm."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return clock.now().timestamp() - latest > FRESH_SECONDS

    def send_mail(self, template_prefix, email, context):
        """Send; a mail server that does not answer must not break the page.

        The page says the same either way, so that it tells nobody who works here.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as fault:
            logging.getLogger(__name__).error("mail not sent: %s", type(fault).__name__)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Write changes of sign-in to the audit; no mail tells of them.

        A new password ends what is open on other devices.
        """
        action = LOGGED.get(template_prefix, "worker.sign_in_changed")
        audit.log(user, action, user)
        if action.startswith("worker.password_"):
            here = self.request.session.get("public_id", "")
            actions.end_sessions(user, but=here)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets sealed at rest, and the last one stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WorkerAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": gettext_lazy(
            "This is your last second step. Add another one first."
        ),
    }

    def encrypt(self, text):
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        if not settings.REQUIRE_SECOND_FACTOR:
            return True
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=FACTORS
        ).exclude(pk=authenticator.pk)
        return others.exists()

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey {number}").format(number=number)

    def _get_site_name(self):
        return settings.MFA_TOTP_ISSUER


def _fernet():
    key = hashlib.sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
