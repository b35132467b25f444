"""What every page's frame needs to know."""

from django.conf import settings

from rinnalla.shell.demo.doors import DOORS
from rinnalla.shell.navigation import menu_of, part_of


def page(request):
    """The menu of the signed-in person and whether this is the demo."""
    worker = getattr(request, "user", None)
    signed_in = worker is not None and worker.is_authenticated
    match = request.resolver_match
    return {
        "menu": menu_of(worker) if signed_in else [],
        "here": match.view_name if match else "",
        "room": part_of(match.view_name) if match else "",
        "is_demo": settings.DEMO,
        "demo_doors": DOORS,
        "county_name": settings.COUNTY_NAME,
    }
