"""A place's public page and its feed, and the desk's page for them with the poster."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rinnalla.access.guards import worker_may
from rinnalla.lib import qr
from rinnalla.planning import kinds, prints
from rinnalla.planning.calendars import feeds
from rinnalla.planning.calendars.actions import keep_entries
from rinnalla.planning.models import PublicLine, Site
from rinnalla.planning.permissions import EDIT_PUBLIC_LINES
from rinnalla.planning.public import actions, feed, poster
from rinnalla.planning.public.doors import language_here, open_page, show
from rinnalla.planning.public.forms import LineForm
from rinnalla.planning.public.lines import (
    line_of,
    may_be_public,
    visits_of,
    was_public,
    where_now,
)
from rinnalla.planning.rhythm import words

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@open_page
def place(request, code):
    """When we come next to one place, and what one knows us by."""
    row = _shown(code)
    context = {
        "row": row,
        "site": row.site,
        "line": line_of(row.site),
        "kind": kinds.all_kinds()[row.site.kind],
        "rhythm": words.rhythm_of(row.site),
        "moved": where_now(row.site) if row.site.is_retired else None,
        "sign": kinds.words("identifier")["identifier"].get(row.sign, ""),
    }
    return show(request, "planning/open/place.html", context)


@require_safe
@open_page
def place_feed(request, code):
    """The coming days of one place as an Atom feed."""
    row = _shown(code)
    address = request.build_absolute_uri(
        reverse("open:place", args=[language_here(), code])
    )
    text = feed.atom(row.site, line_of(row.site), address)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
@open_page
def place_calendar(request, code):
    """The days of one place for anybody's own calendar; what we call off is struck."""
    row = _shown(code)
    visits = visits_of(row.site).select_related("site__municipality", "calendar_entry")
    if row.site.retired_on:
        visits = visits.filter(day__lt=row.site.retired_on)
    told = feeds.said_of(visits)
    text = feeds.write(row.site.name, told, keep_entries(told), is_public=True)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _shown(code):
    """The public line of this address, or a 404: taken off, or never there.

    A poster may hang on the wall long after we stopped: its page says so.
    """
    rows = PublicLine.objects.select_related("site__municipality", "site__team")
    row = get_object_or_404(rows, code=code, is_shown=True)
    if not was_public(row.site):
        raise Http404
    return row


@form_page
@worker_may(EDIT_PUBLIC_LINES)
def line_edit(request, pk):
    """Show a place's public page or take it off; its address and poster."""
    site = _site(request, pk)
    row = PublicLine.objects.filter(site=site).first()
    form = LineForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        actions.show_line(request.user, site, **form.cleaned_data)
        messages.success(request, _("Stored."))
        return redirect("planning:public_line", site.pk)
    context = {"site": site, "form": form, "row": row}
    if row and row.is_shown:
        address = _address(request, row)
        context["address"] = address
        context["qr"] = qr.drawn(address)
    return render(request, "planning/public_line.html", context)


@require_safe
@worker_may(EDIT_PUBLIC_LINES)
def line_poster(request, pk):
    """The poster of a place with its QR code, as a print."""
    site = _site(request, pk)
    row = get_object_or_404(PublicLine, site=site, is_shown=True)
    file = poster.ask(row, _address(request, row), get_language())
    back = reverse("planning:public_line", args=[pk])
    return prints.answer(request, file, name="poster.pdf", back=back)


def _address(request, row):
    return request.build_absolute_uri(
        reverse("open:place", args=[(get_language() or "fi")[:2], row.code])
    )


def _site(request, pk):
    rows = EDIT_PUBLIC_LINES.limit(Site.objects.select_related("team"), request.user)
    site = get_object_or_404(rows, pk=pk)
    if not may_be_public(site):
        raise Http404
    return site
