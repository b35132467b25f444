"""One's own account: language, sign-in, sessions, and the way in for newcomers."""

from allauth.account import views as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import remove_webauthn
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access import actions, invitations
from rinnalla.access.forms import PasswordForm
from rinnalla.access.guards import signed_in
from rinnalla.access.models import WorkerSession
from rinnalla.lib import clock


@require_safe
@signed_in
def me(request):
    """Show a worker the own row, ways to sign in, and where one is signed in."""
    rows = WorkerSession.objects.filter(
        worker=request.user, expire_date__gt=clock.now(), started_at__isnull=False
    ).order_by("-seen_at")[:50]
    here = request.session.get("public_id")
    return render(request, "access/me.html", {"sessions": rows, "here": here})


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request):
    """Sign out; this browser forgets the desk's pages, not what the field app keeps."""
    response = account.logout(request)
    if request.method == "POST":
        # Never "storage": the field app's unsent records lie there.
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
@signed_in
def end_session(request, public_id):
    """End one of one's own sessions; the device asks to sign in at its next step."""
    if public_id == request.session.get("public_id"):
        return redirect("account_logout")
    actions.end_sessions(request.user, public_id=public_id)
    messages.success(request, _("Signed out on that device."))
    return redirect("access:me")


@require_POST
@signed_in
def end_other_sessions(request):
    """End every session of one's own but the one at hand."""
    actions.end_sessions(request.user, but=request.session.get("public_id", ""))
    messages.success(request, _("Signed out everywhere else."))
    return redirect("access:me")


@require_POST
@signed_in
def choose_language(request):
    """Keep the language for the worker and this browser."""
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        actions.choose_language(request.user, language)
        response = redirect("access:me")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language)
        return response
    return redirect("access:me")


@require_safe
@signed_in
def second_factor(request):
    """Lead a newcomer to a passkey or an app before anything else."""
    return render(request, "access/second_factor.html")


@signed_in
def remove_passkey(request, pk):
    """Remove a passkey; the last way to take the second step stays."""
    key = get_object_or_404(request.user.authenticator_set, pk=pk)
    if not get_adapter().can_delete_authenticator(key):
        text = get_adapter().error_messages["cannot_delete_authenticator"]
        messages.warning(request, text)
        return redirect("mfa_list_webauthn")
    return remove_webauthn(request, pk=pk)


@require_http_methods(["GET", "POST"])
@never_cache
def join(request, seal):
    """Let an invited worker set the first password; then they sign in with it."""
    worker = invitations.worker_of(seal)
    if worker is None:
        return render(request, "access/join_old.html", status=404)
    form = PasswordForm(request.POST or None, worker=worker)
    if form.is_valid():
        actions.accept_invitation(worker, form.cleaned_data["password"])
        messages.success(request, _("The password is set. Now sign in with it."))
        return redirect("account_login")
    return render(request, "access/join.html", {"form": form, "worker": worker})
