"""One's own calendars and reminders, and the address a calendar program reads."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rinnalla.access.guards import worker_may
from rinnalla.planning.calendars import actions, feeds
from rinnalla.planning.calendars.forms import KindForm, ReminderForm
from rinnalla.planning.models import CalendarFeed, ReminderChoice
from rinnalla.planning.permissions import SEE_VISITS

Kind = CalendarFeed.Kind


@require_safe
@never_cache
@worker_may(SEE_VISITS)
def calendars(request):
    """One's own calendar addresses and which reminders come by mail."""
    chosen = ReminderChoice.objects.filter(worker=request.user).first()
    context = {"rows": _rows(request), "form": ReminderForm(chosen=chosen)}
    return render(request, "planning/calendars/calendars.html", context)


def _rows(request):
    """Both kinds of calendar with their address, where there is one."""
    worker = request.user
    made = {feed.kind: feed for feed in worker.calendar_feeds.all()}
    kinds = {Kind.OWN: _("My own visits")}
    if worker.team_id or worker.sees_details:
        whose = worker.team or worker.organisation
        kinds[Kind.TEAM] = _("All visits of %(team)s") % {"team": whose.name}
    return [
        {"kind": kind, "name": name, **_addresses(request, made.get(kind))}
        for kind, name in kinds.items()
    ]


def _addresses(request, feed):
    """The address to copy, and the one by which a device's own calendar opens."""
    if feed is None:
        return {}
    path = reverse("planning:calendar_feed", args=[feed.token])
    address = request.build_absolute_uri(path)
    return {
        "address": address,
        "subscribe": f"webcal:{address.partition(':')[2]}",
    }


@require_POST
@worker_may(SEE_VISITS)
def calendar_open(request):
    """Make the address of one's own calendar."""
    actions.make_feed(request.user, _kind(request))
    messages.success(request, _("The address is ready. Copy it to your calendar."))
    return redirect("planning:calendars")


@require_POST
@worker_may(SEE_VISITS)
def calendar_close(request):
    """Close the address of one's own calendar."""
    actions.close_feed(request.user, request.user, _kind(request))
    messages.success(request, _("The address opens no more."))
    return redirect("planning:calendars")


def _kind(request):
    form = KindForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data["kind"]


@require_POST
@worker_may(SEE_VISITS)
def reminders_choose(request):
    """Keep which reminders come by mail."""
    form = ReminderForm(request.POST)
    if form.is_valid():
        actions.choose_reminders(request.user, **form.cleaned_data)
        messages.success(request, _("Your reminders are stored."))
    return redirect("planning:calendars")


@require_safe
def feed(request, token):
    """The calendar behind a private address; a reader that has it already gets 304."""
    found = CalendarFeed.objects.opened_by(token)
    if found is None:
        raise Http404
    with translation.override(found.worker.language):
        title = feeds.title_of(found.worker, found.kind)
        told = feeds.said_of(feeds.visits_of(found.worker, found.kind))
        entries = actions.keep_entries(told)
        tag = feeds.tag_of(title, told, entries)
        fresh = get_conditional_response(request, etag=tag)
        return _answer(fresh or HttpResponse(feeds.write(title, told, entries)), tag)


def _answer(response, tag):
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    if response.status_code == 200:
        response["Content-Type"] = "text/calendar; charset=utf-8"
        response["Content-Disposition"] = 'inline; filename="rinnalla.ics"'
    return response
