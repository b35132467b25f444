"""Pages anybody may open that ask nothing: the start, what is said of accessibility."""

from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from rinnalla.planning.public.doors import open_page, show


@require_safe
def any_language(request):
    """Lead to the start in the language the browser asks for."""
    return redirect("open:start", (get_language() or "fi")[:2])


@require_safe
@open_page
def start(request):
    """Where we are met, and how one asks us to come."""
    return show(request, "planning/open/start.html")


@require_safe
@open_page
def accessibility(request):
    """The accessibility statement."""
    return show(request, "planning/open/accessibility.html")


@require_safe
@open_page
def feedback(request):
    """Tell us about a page."""
    return show(request, "planning/open/feedback.html")
