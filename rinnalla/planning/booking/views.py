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
from rinnalla.lib import clock
from rinnalla.planning.actions import OutOfStep, Recorded
from rinnalla.planning.booking import actions
from rinnalla.planning.booking.actions import CANCELLED
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
    form = TimesForm(request.POST or None, site=site)
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
    return _page(request, site, TimesForm(site=site), request.build_absolute_uri(path))


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
            return redirect(*_book(request, site, secret))
        except actions.Taken:
            is_late = True
    slots = site.slots.coming().select_related("visit").order_by("day", "starts")
    context = {"site": site, "slots": slots, "is_late": is_late, "nonce": uuid.uuid4()}
    return show(request, "planning/open/book.html", context, is_secret=True)


def _book(request, site, secret):
    """Book it; the way to the booking's own page, or back when another one did."""
    nonce = request.POST.get("nonce", "")[:64] or str(uuid.uuid4())
    slot = actions.book(site, _asked_slot(request, site), nonce=nonce)
    own = actions.secret_of_booking(slot, nonce)
    if actions.booked_by(own) == slot:
        return "open:booking", language_here(), own
    return "open:book", language_here(), secret


@form_page
@open_page
def booking(request, secret):
    """One booking: when we come, and the way to give the time up."""
    slot = actions.booked_by(secret)
    if slot is None:
        return show(request, "planning/open/gone.html", status=404)
    if request.method == "POST":
        return _give_up(request, slot, secret)
    return _show_booking(request, slot, secret)


def _give_up(request, slot, secret):
    try:
        actions.give_up(slot)
    except (OutOfStep, Recorded):
        return _show_booking(request, slot, secret, is_late=True)
    return redirect("open:booking", language_here(), secret)


def _show_booking(request, slot, secret, *, is_late=False):
    path = reverse("open:booking", args=[language_here(), secret])
    may_give_up = bool(slot.booked_at) and slot.day >= clock.today()
    context = {
        "slot": slot,
        "site": slot.site,
        "link": request.build_absolute_uri(path),
        "is_called_off": bool(slot.visit) and slot.visit.status == CANCELLED,
        "may_give_up": may_give_up and not is_late,
        "is_late": is_late,
    }
    return show(request, "planning/open/booking.html", context, is_secret=True)


def _asked_slot(request, site):
    """The time a press names; anything odd is not there."""
    asked = request.POST.get("slot", "")
    if not re.fullmatch(r"[0-9]{1,18}", asked):
        raise Http404
    return get_object_or_404(BookableSlot, pk=asked, site=site)
