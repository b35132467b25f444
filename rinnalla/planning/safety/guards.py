"""The door of the safety pages: a signed-in worker, or a phone in use with a pass."""

from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.views.decorators.cache import never_cache

from rinnalla.access.guards import ask_to_sign_in
from rinnalla.planning.safety.actions import PASS_HOURS, pass_of

COOKIE = "__Secure-safety" if settings.HTTPS else "safety"
PATH = "/planning/safety/"


def opens_for(permission):
    """Let in who has this permission, by session or pass; `request.worker` is who."""

    def guard(view):
        @never_cache
        @wraps(view)
        def guarded(request, *args, **kwargs):
            request.worker = _who(request)
            if request.worker is None:
                return ask_to_sign_in(request)
            if permission.reach_of(request.worker) is None:
                raise PermissionDenied(permission.name)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return guard


def _who(request):
    if request.user.is_authenticated:
        return request.user
    found = pass_of(request.COOKIES.get(COOKIE, ""))
    return found and found.worker


def give_pass(response, secret):
    """Put a pass into this browser; only the safety pages are sent it."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=PASS_HOURS,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response
