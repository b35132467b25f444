"""What is asked of every signed-in request: an open session and a second factor."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect

from rinnalla.access import sessions

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Open to whoever has no second factor yet, beside the pages that set one up.
ALWAYS = {
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "shell:health",
    "shell:language",
}
SETTING_UP = ALWAYS | {
    "access:second_factor",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}


class SessionRules:
    """Close what has been open too long, and lead newcomers to a second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Answer instead of the view where the session may not open it."""
        if not request.user.is_authenticated:
            return None
        if "started" not in request.session:
            sessions.begin(request)
        _close(request)
        return _ask_for_factor(request)


def _close(request):
    """Sign out who has been away too long, or whose organisation has left."""
    ended = request.user.organisation.has_ended
    if sessions.desk_is_open(request.session) and not ended:
        return sessions.note_use(request)
    logout(request)
    request.session_ended = True


def _ask_for_factor(request):
    if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
        return None
    if request.resolver_match.view_name in SETTING_UP or has_factor(request):
        return None
    return redirect("access:second_factor")


def has_factor(request):
    """Whether the worker has a second factor; remembered for the session once yes.

    The last factor cannot be removed by the worker, and when an administrator resets
    the factors all sessions end, so that the memory never lies.
    """
    if not request.session.get("factor"):
        mine = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS)
        if mine.exists():
            request.session["factor"] = True
    return request.session.get("factor", False)
