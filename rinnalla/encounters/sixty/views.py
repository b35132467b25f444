"""A place in 60 seconds: one page, read on the way."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from rinnalla.access.guards import worker_may
from rinnalla.encounters.sixty.reading import sixty_of
from rinnalla.planning.models import Site
from rinnalla.planning.permissions import READ_CARDS


@require_safe
@worker_may(READ_CARDS)
def sixty(request, pk):
    """What one must know of a place before arriving, on one screen of a phone."""
    sites = Site.objects.with_card_open_to(request.user).select_related("host")
    site = get_object_or_404(sites, pk=pk)
    context = {"site": site, "sixty": sixty_of(site, request.user)}
    return render(request, "encounters/sixty.html", context)
