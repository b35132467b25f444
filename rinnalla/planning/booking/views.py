"""Times a host may book: the desk's page of a place, and the host's page by link."""

import re
import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rinnalla.access.guards import worker_may
from rinnalla.planning.booking import actions
from rinnalla.planning.booking.forms import TimesForm
from rinnalla.planning.models import BookableSlot, HostLink, Site
from rinnalla.planning.permissions import OPEN_TIMES
from rinnalla.planning.public.doors import language_here, open_page, show
from rinnalla.planning.public.lines import may_be_public

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@worker_may(OPEN_TIMES)
def times(request, pk):
    """Open times of a place to its host, and see which are booked."""
    site = _site(request, pk)
    form = TimesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = actions.open_times(request.user, site, **form.cleaned_data)
        said = ngettext("%(n)s new time is open.", "%(n)s new times are open.", number)
        messages.success(request, said % {"n": number})
        return redirect("planning:times", site.pk)
    return _page(request, site, form)


@require_POST
@worker_may(OPEN_TIMES)
def link(request, pk):
    """Make the host's link; it is shown now only, and the earlier one closes."""
    site = _site(request, pk)
    secret = actions.make_link(request.user, site, nonce=request.POST.get("nonce", ""))
    path = reverse("open:book", args=[(get_language() or "fi")[:2], secret])
    return _page(request, site, TimesForm(), request.build_absolute_uri(path))


@require_POST
@worker_may(OPEN_TIMES)
def take_back(request, pk, slot):
    """Close a time nobody has booked."""
    row = get_object_or_404(BookableSlot, pk=slot, site=_site(request, pk))
    if actions.take_back(request.user, row):
        messages.success(request, _("The time is closed."))
    else:
        messages.warning(request, _("The host has booked it. Call the visit off."))
    return redirect("planning:times", pk)


def _page(request, site, form, address=""):
    context = {
        "site": site,
        "form": form,
        "slots": site.slots.coming().select_related("visit").order_by("day", "starts"),
        "has_link": HostLink.objects.filter(site=site).exists(),
        "address": address,
        "nonce": uuid.uuid4(),
    }
    return render(request, "planning/booking/times.html", context)


def _site(request, pk):
    rows = OPEN_TIMES.limit(Site.objects.in_use(), request.user)
    site = get_object_or_404(rows, pk=pk)
    if not may_be_public(site):
        raise Http404
    return site


@form_page
@open_page
def book(request, secret):
    """The host books a time of ours for the place; no name is asked."""
    site = actions.site_of(secret)
    if site is None:
        return show(request, "planning/open/gone.html", status=404)
    is_late = False
    if request.method == "POST":
        try:
            actions.book(site, _asked_slot(request, site))
            return redirect("open:book", language_here(), secret)
        except actions.Taken:
            is_late = True
    slots = site.slots.coming().select_related("visit").order_by("day", "starts")
    context = {"site": site, "slots": slots, "is_late": is_late}
    return show(request, "planning/open/book.html", context, is_secret=True)


def _asked_slot(request, site):
    """The time a press names; anything odd is not there."""
    asked = request.POST.get("slot", "")
    if not re.fullmatch(r"[0-9]{1,18}", asked):
        raise Http404
    return get_object_or_404(BookableSlot, pk=asked, site=site)
