"""The door of every view: who may come in at all, and what is said to the others."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

SAFE = {"GET", "HEAD", "OPTIONS"}


def worker_may(permission):
    """Let in signed-in people whose role has this permission; others get a 403.

    The role is asked here; the reach (whose rows) is set by `permission.limit`.
    """

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if permission.reach_of(request.user) is None:
                raise PermissionDenied(permission.name)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return guard


def signed_in(view):
    """Let in anybody who has signed in, whatever the role."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.permission = signed_in
    return guarded


def ask_to_sign_in(request):
    """Send a stranger to sign in; who typed something gets it back, a phone a 401.

    A script's request (JSON asked or sent) is answered 401 with JSON, so that a phone
    keeps what it holds and says why it waits.
    """
    ended = getattr(request, "session_ended", False)
    ended = ended or bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return _ask(request, reverse(settings.LOGIN_URL), "access/signed_out.html", ended)


def wants_json(request):
    """Whether a script asks, not a person who reads a page."""
    kinds = request.headers.get("Accept", ""), request.content_type
    return any("application/json" in kind for kind in kinds)


def _ask(request, url, page, ended):
    if wants_json(request):
        message = _("You are signed out. Sign in again; nothing was lost.")
        return JsonResponse({"message": message, "sign_in": url}, status=401)
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    if request.method in SAFE and not ended:
        return redirect_to_login(request.get_full_path(), url)
    here = request.get_full_path() if request.method in SAFE else ""
    context = {"url": url, "next": here, "typed": _typed(request)}
    return render(request, page, context, status=401)


def _typed(request):
    """The texts of a form that came too late, to be given back to who wrote them."""
    return [
        text
        for name, text in request.POST.items()
        if " " in text.strip() and "password" not in name
    ]
