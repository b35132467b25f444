"""The front door: home by role, health, language, the demo, and old forms."""

from django.conf import settings
from django.contrib.auth import login
from django.db import DatabaseError, connection
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from rinnalla.access.guards import signed_in
from rinnalla.access.models import Worker
from rinnalla.shell.demo.doors import door_of
from rinnalla.shell.navigation import home_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
@signed_in
def home(request):
    """Each role starts where its work is."""
    return redirect(home_of(request.user))


@require_safe
@signed_in
def start(request):
    """A plain first page for roles without a field or figures of their own."""
    return render(request, "shell/start.html")


@require_safe
def health(request):
    """Say whether the service and its database answer; for the host's monitoring."""
    try:
        connection.cursor().execute("SELECT 1")
        database = "ok"
    except DatabaseError:
        database = "unreachable"
    ok = database == "ok"
    answer = {
        "status": "ok" if ok else "degraded",
        "version": settings.VERSION,
        "database": database,
    }
    return JsonResponse(answer, status=200 if ok else 503)


def set_language(request):
    """Change the language of the pages for this browser."""
    return django_set_language(request)


@require_POST
def demo_sign_in(request):
    """Become one of the demo people; this page exists in the demo only."""
    door = door_of(request.POST.get("who", ""))
    if not settings.DEMO or door is None:
        raise Http404
    worker = get_object_or_404(Worker, email=door.person.email, is_active=True)
    login(request, worker, backend=BACKEND)
    return redirect("shell:home")


def stale_form(request, reason=""):
    """A form from an old tab or another session: say what to do, lose nothing."""
    return render(request, "403_csrf.html", status=403)
