"""The first page of administration."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from rinnalla.access import permissions
from rinnalla.access.guards import worker_may


@require_safe
@worker_may(permissions.MANAGE_WORKERS)
def upkeep(request):
    """What there is to keep up, as this role may."""
    pages = [
        (name, getattr(permissions, permission))
        for name, permission in (
            ("workers", "MANAGE_WORKERS"),
            ("teams", "MANAGE_TEAMS"),
            ("organisations", "MANAGE_ORGANISATIONS"),
            ("code_lists", "EDIT_CODES"),
            ("municipalities", "READ_MUNICIPALITIES"),
            ("audit", "READ_AUDIT"),
        )
    ]
    open_pages = [name for name, may in pages if may.reach_of(request.user)]
    return render(request, "access/upkeep.html", {"open": open_pages})
