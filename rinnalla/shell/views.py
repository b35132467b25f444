"""The front door: home by role, health, language, and what is said when all is not well."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.i18n import set_language as django_set_language

from rinnalla.access.guards import signed_in
from rinnalla.shell.navigation import home_of


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


def stale_form(request, reason=""):
    """A form from an old tab or another session: say what to do, lose nothing."""
    return render(request, "403_csrf.html", status=403)
