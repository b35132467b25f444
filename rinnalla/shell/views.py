"""The front door: home by role, health, language, the demo, and old forms."""

from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from rinnalla.access.actions import choose_language
from rinnalla.access.guards import signed_in, worker_may
from rinnalla.access.models import Worker
from rinnalla.shell.demo.doors import door_of
from rinnalla.shell.health import (
    age_of,
    database_answers,
    watch_is_missed,
    watch_silent,
)
from rinnalla.shell.models import NightRun
from rinnalla.shell.navigation import home_of
from rinnalla.shell.nights import nights_of
from rinnalla.shell.permissions import READ_NIGHTS

NIGHTS_A_PAGE = 14
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
@signed_in
def home(request):
    """Each role starts where its work is."""
    return redirect(home_of(request.user))


@require_safe
def health(request):
    """Say whether the service, its database and its processes answer; for monitoring.

    `worker` and `watch` are the seconds since these processes last said they were
    well, null if they never have. A watch that fell silent makes it degraded, and one
    that never ran when somebody is out: alarms do not go out.
    """
    ok = database_answers()
    watch = age_of("watch") if ok else None
    is_well = ok and not (watch_is_missed() if watch is None else watch_silent())
    answer = {
        "status": "ok" if is_well else "degraded",
        "version": settings.VERSION,
        "database": "ok" if ok else "unreachable",
        "worker": age_of("worker") if ok else None,
        "watch": watch,
    }
    return JsonResponse(answer, status=200 if ok else 503)


@require_safe
@worker_may(READ_NIGHTS)
def nights(request):
    """What time deleted, night by night: numbers, no content."""
    days = NightRun.objects.datetimes("at", "day", order="DESC")
    page = Paginator(days, NIGHTS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "shell/nights.html", {"page": page, "nights": nights_of(page)}
    )


def set_language(request):
    """Change the language for this browser, and for the worker who is signed in."""
    language = request.POST.get("language")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        choose_language(request.user, language)
    return django_set_language(request)


@require_POST
def demo_sign_in(request):
    """Become one of the demo people; this page exists in the demo only."""
    door = door_of(request.POST.get("who", ""))
    if not settings.DEMO or door is None:
        raise Http404
    worker = get_object_or_404(Worker, email=door.person.email, is_active=True)
    login(request, worker, backend=BACKEND)
    response = redirect("shell:home")
    # The visitor goes on in the language of the sign-in page, whoever they become.
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, get_language())
    return response


def stale_form(request, reason=""):
    """A form from an old tab or another session: say what to do, lose nothing."""
    return render(request, "403_csrf.html", status=403)
