"""Organisations, teams and the municipalities of the country."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rinnalla.access import actions
from rinnalla.access.forms import OrganisationForm, TeamForm
from rinnalla.access.guards import worker_may
from rinnalla.access.models import Municipality, Organisation, Team
from rinnalla.access.permissions import (
    MANAGE_ORGANISATIONS,
    MANAGE_TEAMS,
    READ_MUNICIPALITIES,
)
from rinnalla.access.views.once import stored

PAGE = 50


@require_safe
@worker_may(MANAGE_ORGANISATIONS)
def organisations(request):
    """The organisations that work together, by name."""
    rows = Organisation.objects.order_by("name")
    rows = MANAGE_ORGANISATIONS.limit(rows, request.user)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "access/organisations.html", {"page": page})


@require_http_methods(["GET", "POST"])
@worker_may(MANAGE_ORGANISATIONS)
def organisation(request, pk=None):
    """Add an organisation or change one: its sector, agreement and end."""
    rows = MANAGE_ORGANISATIONS.limit(Organisation.objects.all(), request.user)
    row = get_object_or_404(rows, pk=pk) if pk is not None else None
    form = OrganisationForm(request.POST or None, instance=row)
    new = form.instance
    if form.is_valid() and stored(actions.save_organisation, request.user, new):
        messages.success(request, _("Saved."))
        return redirect("access:organisations")
    if row is None and _is_there(form, Organisation, "sector"):
        return redirect("access:organisations")
    return render(request, "access/organisation.html", {"form": form, "row": row})


@require_safe
@worker_may(MANAGE_TEAMS)
def teams(request):
    """The teams and how many people are in each."""
    people = Count("worker", filter=Q(worker__is_active=True))
    rows = Team.objects.select_related("organisation").annotate(people=people)
    page = Paginator(rows.order_by("name"), PAGE).get_page(request.GET.get("page"))
    return render(request, "access/teams.html", {"page": page})


@require_http_methods(["GET", "POST"])
@worker_may(MANAGE_TEAMS)
def team(request, pk=None):
    """Add a team or change its name."""
    row = get_object_or_404(Team, pk=pk) if pk is not None else None
    form = TeamForm(request.POST or None, instance=row)
    if form.is_valid() and stored(actions.save_team, request.user, form.instance):
        messages.success(request, _("Saved."))
        return redirect("access:teams")
    if row is None and _is_there(form, Team, "organisation"):
        return redirect("access:teams")
    return render(request, "access/team.html", {"form": form, "row": row})


def _is_there(form, kind, field):
    """Whether the same form was sent a moment ago: same name, same second field."""
    asked = {field: form.cleaned_data.get(field)} if form.is_bound else {}
    name = (form.data.get("name") or "").strip()
    if not asked.get(field) or "\0" in name:
        return False
    return kind.objects.filter(name=name, **asked).exists()


@require_safe
@worker_may(READ_MUNICIPALITIES)
def municipalities(request):
    """The municipalities as Statistics Finland gives them; read only."""
    name = f"name_{(get_language() or 'fi')[:2]}"
    rows = Municipality.objects.select_related("county").order_by(name)
    page = Paginator(rows, 100).get_page(request.GET.get("page"))
    return render(request, "access/municipalities.html", {"page": page})
