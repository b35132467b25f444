"""The first page of upkeep."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from rinnalla.access import permissions
from rinnalla.access.guards import worker_may

PAGES = {
    "workers": permissions.MANAGE_WORKERS,
    "teams": permissions.MANAGE_TEAMS,
    "organisations": permissions.MANAGE_ORGANISATIONS,
    "code_lists": permissions.EDIT_CODES,
    "municipalities": permissions.READ_MUNICIPALITIES,
    "audit": permissions.READ_AUDIT,
}


@require_safe
@worker_may(permissions.MANAGE_WORKERS)
def upkeep(request):
    """What there is to keep up, as this role may."""
    mine = [name for name, may in PAGES.items() if may.reach_of(request.user)]
    return render(request, "access/upkeep.html", {"open": mine})
