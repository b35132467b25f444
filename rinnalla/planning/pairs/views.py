"""On a visit's page: somebody comes along, a thing is there; one press each."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rinnalla.access.guards import worker_may
from rinnalla.planning.actions import OutOfStep
from rinnalla.planning.models import Visit
from rinnalla.planning.pairs import actions
from rinnalla.planning.pairs.forms import JoinForm, KitForm
from rinnalla.planning.permissions import PLAN_VISITS


@require_POST
@worker_may(PLAN_VISITS)
def visit_join(request, pk):
    """Take somebody along on a visit."""
    visit = _visit(request, pk)
    form = JoinForm(request.POST, by=request.user)
    if not form.is_valid():
        messages.info(request, _("Nobody was chosen. Choose again."))
    elif _try(request, actions.join_visit, visit, form.cleaned_data["worker"]):
        name = form.cleaned_data["worker"].first_name
        messages.success(request, _("%(name)s goes too.") % {"name": name})
    return redirect("planning:visit", pk)


@require_POST
@worker_may(PLAN_VISITS)
def visit_kit(request, pk):
    """Note that a thing is there, or lacks after all."""
    visit, form = _visit(request, pk), KitForm(request.POST)
    if form.is_valid():
        is_there = form.cleaned_data["is_there"] == "yes"
        code = form.cleaned_data["code"]
        _try(request, actions.note_kit, visit, code, is_there=is_there)
    return redirect(reverse("planning:visit", args=[pk]) + "#along")


def _visit(request, pk):
    """A visit this person may plan, or 404."""
    visits = Visit.objects.visible_to(request.user)
    return get_object_or_404(PLAN_VISITS.limit(visits, request.user), pk=pk)


def _try(request, action, *arguments, **more):
    """Do it; when the visit has moved on, say so kindly."""
    try:
        return action(request.user, *arguments, **more)
    except OutOfStep:
        messages.info(
            request, _("This visit has moved on meanwhile. Here is how it stands now.")
        )
    return None
