"""What every page's frame needs to know."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from rinnalla.phone.notices import number_for
from rinnalla.shell.demo.doors import DOORS
from rinnalla.shell.health import fell_silent, watch_silent
from rinnalla.shell.navigation import here_of, menu_of, own_of


def page(request):
    """The menu of the signed-in person, the demo, and whether the worker is silent."""
    worker = getattr(request, "user", None)
    signed_in = worker is not None and worker.is_authenticated
    menu = menu_of(worker) if signed_in else []
    return {
        "menu": menu,
        "own_menu": own_of(worker) if signed_in else [],
        "here": here_of(request.path, menu),
        # Asked only by a page that shows the menu, and once.
        "phones_waiting": SimpleLazyObject(lambda: number_for(worker)),
        "fell_silent": fell_silent,
        # Asked by the pages of getting home only.
        "watch_silent": watch_silent,
        "is_demo": settings.DEMO,
        "demo_doors": DOORS,
        "county_name": settings.COUNTY_NAME,
    }
