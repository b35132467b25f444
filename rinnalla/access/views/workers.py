"""Workers: who is here, inviting, changing, closing an account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access import actions, invitations
from rinnalla.access.forms import WorkerForm
from rinnalla.access.guards import worker_may
from rinnalla.access.models import Worker
from rinnalla.access.permissions import MANAGE_WORKERS, may_change
from rinnalla.access.views.once import stored

PAGE = 50
NOTES = {
    "close": gettext_lazy("The account is closed. What was open has ended."),
    "open": gettext_lazy("The account is open again."),
    "reset": gettext_lazy(
        "The second step is reset. They set up a new one at the next sign-in."
    ),
}


def _mine(request):
    """The workers within reach, in the order of a list of names."""
    rows = Worker.objects.select_related("organisation", "team").order_by("name", "pk")
    return MANAGE_WORKERS.limit(rows, request.user)


@require_safe
@worker_may(MANAGE_WORKERS)
def workers(request):
    """Who works here: all for an administrator, the own team for a coordinator."""
    page = Paginator(_mine(request), PAGE).get_page(request.GET.get("page"))
    for worker in page:
        worker.may_be_changed = may_change(request.user, worker)
    return render(request, "access/workers.html", {"page": page})


@require_http_methods(["GET", "POST"])
@worker_may(MANAGE_WORKERS)
def invite(request):
    """Add a worker and send the link; a second press of the button changes nothing."""
    form = WorkerForm(request.POST or None, by=request.user)
    new = form.instance
    if form.is_valid() and stored(actions.invite_worker, request.user, new):
        return _send_invitation(request, new)
    again = _same_as_before(request)
    if again is not None:
        return redirect("access:worker", again.pk)
    return render(request, "access/worker_form.html", {"form": form})


def _same_as_before(request):
    """The worker an identical form has just added and who has not come in yet."""
    asked = request.POST.get("email", "").strip().lower()
    if not asked or "\0" in asked:
        return None
    worker = _mine(request).filter(email=asked).first()
    if worker is None or worker.has_usable_password():
        return None
    same = worker.name == request.POST.get("name", "").strip()
    return worker if same and worker.role == request.POST.get("role") else None


@require_http_methods(["GET", "POST"])
@worker_may(MANAGE_WORKERS)
def worker(request, pk):
    """Change a worker's row; never one's own."""
    row = get_object_or_404(_mine(request), pk=pk)
    if not may_change(request.user, row):
        raise PermissionDenied(MANAGE_WORKERS.name)
    form = WorkerForm(request.POST or None, instance=row, by=request.user)
    if form.is_valid():
        actions.change_worker(request.user, form.instance)
        messages.success(request, _("Saved."))
        return redirect("access:worker", pk)
    context = {"form": form, "worker": get_object_or_404(_mine(request), pk=pk)}
    return render(request, "access/worker.html", context)


@require_POST
@worker_may(MANAGE_WORKERS)
def invite_again(request, pk):
    """Send a fresh link; the earlier one stops working."""
    row = get_object_or_404(_mine(request), pk=pk)
    if row.has_usable_password():
        messages.info(request, _("They have signed in already."))
        return redirect("access:worker", pk)
    actions.renew_invitation(request.user, row)
    return _send_invitation(request, row)


@require_POST
@worker_may(MANAGE_WORKERS)
def account(request, pk, verb):
    """Close or open an account, or reset a lost second step."""
    row = get_object_or_404(_mine(request), pk=pk)
    act = {
        "close": actions.close_account,
        "open": actions.open_account,
        "reset": actions.reset_second_step,
    }[verb]
    act(request.user, row)
    messages.success(request, NOTES[verb])
    return redirect("access:worker", pk)


def _send_invitation(request, worker):
    link = request.build_absolute_uri(invitations.path_to(worker))
    if invitations.send(worker, link):
        messages.success(request, _("The invitation is on its way by email."))
        return redirect("access:worker", worker.pk)
    context = {"worker": worker, "link": link}
    return render(request, "access/invitation.html", context)
