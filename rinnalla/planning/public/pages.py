"""Pages anybody may open that ask nothing: the start, what is said of accessibility."""

from datetime import date, time

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from rinnalla.planning import kinds
from rinnalla.planning.models import PublicLine
from rinnalla.planning.public.doors import open_page, show
from rinnalla.planning.public.lines import next_days

PAGE = 50
# Set anew whenever the statement is looked through.
STATED_ON = date(2026, 11, 22)


@require_safe
def any_language(request):
    """Lead to the start in the language the browser asks for."""
    return redirect("open:start", (get_language() or "fi")[:2])


@require_safe
@open_page
def start(request):
    """Where we are met next, and how one asks us to come."""
    known = kinds.all_kinds()
    shown = PublicLine.objects.of_public_places(known.homes)
    rows = shown.select_related("site__municipality").order_by("site__name", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    days = next_days([row.site_id for row in page])
    for row in page:
        row.kind_shown, row.next = known[row.site.kind], days.get(row.site_id)
    rows = sorted(page, key=_soonest_first)
    return show(request, "planning/open/start.html", {"page": page, "rows": rows})


def _soonest_first(row):
    """Places with a day to come in its order, the others after them."""
    visit = row.next
    return (visit is None, visit and visit.day, visit and visit.starts or time.min)


@require_safe
@open_page
def accessibility(request):
    """The accessibility statement."""
    given = {"stated_on": STATED_ON}
    return show(request, "planning/open/accessibility.html", given)
