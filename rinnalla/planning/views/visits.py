"""Visits: planned, looked up, changed, begun, ended, called off; guests' links."""

import re
import uuid
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock, qr
from rinnalla.planning import actions, kinds
from rinnalla.planning.forms import CancelForm, StartForm, VisitForm
from rinnalla.planning.models import GuestLink, Site, TeamNote, Visit
from rinnalla.planning.pairs.choice import begin, choice_of
from rinnalla.planning.pairs.faces import warn_of_busy, who_could_join
from rinnalla.planning.pairs.kit import lay_out, things_of
from rinnalla.planning.pairs.missing import missing_soon
from rinnalla.planning.permissions import (
    INVITE_GUESTS,
    KEEP_NOTES,
    PLAN_VISITS,
    SEE_SITES,
    SEE_VISITS,
)
from rinnalla.planning.requests import mails

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 30
NOTES = 6
LISTS = ("visit_type", "cancel_reason", "solo_reason", "identifier", "kit")


@require_safe
@worker_may(SEE_VISITS)
def visit_list(request):
    """Visits of the team by day: coming ones first, or past ones."""
    site, day = _asked_site(request), _asked_day(request)
    today = clock.today()
    is_past = day < today if day else request.GET.get("show") == "past"
    visits = _of_time(Visit.objects.visible_to(request.user), is_past, day or today)
    if site:
        visits = visits.filter(site=site)
    visits = visits.select_related("site__municipality").prefetch_related("workers")
    page = Paginator(visits, PAGE).get_page(request.GET.get("page"))
    known = kinds.all_kinds()
    for visit in page:
        visit.kind_shown = known[visit.site.kind]
    lay_out(page)
    is_whole = not (is_past or site or day)
    context = {
        "page": page,
        "site": site,
        "query": _query(is_past, day, site),
        "is_past": is_past,
        "today": today,
        "day": day,
        "hidden": _hidden_from(request.user),
        "missing": missing_soon(request.user, known) if is_whole else None,
        "may_note": bool(KEEP_NOTES.reach_of(request.user) and request.user.team),
        "notes": _notes_of_today(request.user) if is_whole else [],
    }
    return render(request, "planning/visits.html", context)


def _query(is_past, day, site):
    """What the following pages keep of the address."""
    kept = [
        ("show", "past" if is_past else ""),
        ("day", day),
        ("site", site and site.pk),
    ]
    return "".join(f"{name}={value}&" for name, value in kept if value)


def _notes_of_today(worker):
    """What the team wrote to today's shift."""
    today = TeamNote.objects.kept().filter(day=clock.today())
    return KEEP_NOTES.limit(today, worker).in_order()[:NOTES]


def _of_time(visits, is_past, day):
    """Past visits from a day back, newest first; or those from a day on, in order."""
    if is_past:
        past = visits.filter(day__lte=day, day__lt=clock.today())
        return past.order_by("-day", "starts", "pk")
    return visits.filter(day__gte=day).order_by("day", "starts", "pk")


def _asked_day(request):
    """The day somebody wants to see, or None for anything else."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _asked_site(request):
    """The place a link asks about, or None for anything else."""
    asked = request.GET.get("site", "")
    if not re.fullmatch(r"[0-9]{1,18}", asked):
        return None
    return SEE_SITES.limit(Site.objects.all(), request.user).filter(pk=asked).first()


def _hidden_from(worker):
    """Of how many visits of its organisation a partner sees the number only."""
    if worker.sees_details:
        return 0
    within = SEE_VISITS.limit(Visit.objects.seen(), worker)
    return within.exclude(workers=worker).count()


@form_page
@worker_may(PLAN_VISITS)
def visit_new(request):
    """Plan a visit."""
    start = _asked_for(request)
    form = begin(request, VisitForm, worker=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        visit = _plan(form, request.user)
        messages.success(request, _who_goes(form.cleaned_data["workers"]))
        warn_of_busy(request, visit)
        return redirect("planning:visit", visit.pk)
    context = {"form": form, "pair": choice_of(request, form)}
    return render(request, "planning/visit_form.html", context)


def _asked_for(request):
    """The place a link already chose, and today; anything odd is left out."""
    site = _asked_site(request)
    return {"day": clock.today()} | ({"site": site.pk} if site else {})


def _who_goes(workers):
    """The pair in words, so that nobody is on a visit unnoticed."""
    names = [worker.first_name for worker in workers]
    if len(names) == 1:
        return _("Planned. %(name)s goes alone.") % {"name": names[0]}
    said = {"others": ", ".join(names[:-1]), "last": names[-1]}
    return _("Planned. %(others)s and %(last)s go.") % said


def _plan(form, worker):
    data = form.cleaned_data
    site = data["site"] or actions.place_for(**form.place, by=worker)
    return actions.plan_visit(
        worker,
        key=data["key"],
        site=site,
        day=data["day"],
        workers=data["workers"],
        **form.details,
    )


@form_page
@worker_may(PLAN_VISITS)
def visit_edit(request, pk):
    """Change what was planned."""
    visit = _visit(request, PLAN_VISITS, pk)
    form = begin(request, VisitForm, worker=request.user, visit=visit)
    if request.method == "POST" and form.is_valid():
        workers = form.cleaned_data["workers"]
        if _try(request, actions.change_visit, visit, workers=workers, **form.changes):
            warn_of_busy(request, _visit(request, PLAN_VISITS, pk))
        return redirect("planning:visit", visit.pk)
    context = {"form": form, "visit": visit, "pair": choice_of(request, form, visit)}
    return render(request, "planning/visit_form.html", context)


def _visit(request, permission, pk):
    """The visit within this person's reach, or 404."""
    visits = permission.limit(Visit.objects.visible_to(request.user), request.user)
    visits = visits.select_related(
        "site__municipality", "team", "organisation", "partner"
    )
    return get_object_or_404(visits, pk=pk)


def _try(request, action, visit, **arguments):
    """Do it; when the visit has moved on, say so kindly and show how it stands."""
    try:
        return action(request.user, visit, **arguments)
    except actions.OutOfStep:
        messages.info(
            request, _("This visit has moved on meanwhile. Here is how it stands now.")
        )
    except actions.SoloReasonNeeded:
        messages.warning(request, _("Say why one goes with so few."))
    except actions.Recorded:
        messages.info(request, _("Somebody has just recorded on this visit."))
    return None


@require_safe
@worker_may(SEE_VISITS)
def visit_page(request, pk):
    """One visit: what is planned, how it stands, what was recorded."""
    return render(request, "planning/visit.html", _of_visit(request, pk))


def _of_visit(request, pk, **forms):
    worker = request.user
    visit = _visit(request, SEE_VISITS, pk)
    may_change = PLAN_VISITS.limit(Visit.objects.filter(pk=pk), worker).exists()
    is_open = visit.status in (Visit.Status.PLANNED, Visit.Status.UNDER_WAY)
    workers, words = visit.workers.order_by("name"), kinds.words(*LISTS)
    lacks = may_change and visit.lacks_pair
    return {
        "visit": visit,
        "figures_for": [visit],
        "kind": kinds.all_kinds()[visit.site.kind],
        "workers": workers,
        "faces": who_could_join(worker, visit, workers) if lacks else None,
        "things": things_of(visit, words["kit"]) if is_open else None,
        "card": visit.site.cards.newest(),
        "words": words,
        "is_leaving": may_change and _is_leaving(visit, forms.get("start")),
        "is_open": is_open,
        "may_change": may_change and is_open,
        "may_correct": may_change and not is_open,
        "may_reopen": may_change and not is_open and actions.may_reopen(worker, visit),
        "may_see_site": SEE_SITES.reach_of(worker),
        "is_early": clock.today() <= visit.correctable_until,
        "start": StartForm(visit=visit, worker=worker),
        "cancel": CancelForm(visit=visit),
        "nonce": uuid.uuid4(),
        "links": _links_of(worker, visit),
    } | forms


def _is_leaving(visit, start):
    """Whether this is the day to go, or the start was asked about just now."""
    is_today = visit.day == clock.today() or bool(start and start.errors)
    return is_today and visit.status == Visit.Status.PLANNED


def _links_of(worker, visit):
    """The guests' links of a visit for those who may make them, else None."""
    if not INVITE_GUESTS.reach_of(worker) or visit.team_id != worker.team_id:
        return None
    return GuestLink.objects.in_force().filter(visit=visit).order_by("pk")


@require_POST
@worker_may(PLAN_VISITS)
def visit_start(request, pk):
    """Begin a visit."""
    visit = _visit(request, PLAN_VISITS, pk)
    form = StartForm(request.POST, visit=visit, worker=request.user)
    if not form.is_valid():
        context = _of_visit(request, pk, start=form)
        return render(request, "planning/visit.html", context)
    _try(request, actions.start_visit, visit, **form.cleaned_data)
    return redirect("planning:visit", visit.pk)


@require_POST
@worker_may(PLAN_VISITS)
def visit_take_back(request, pk):
    """Take back a start made by mistake."""
    visit = _visit(request, PLAN_VISITS, pk)
    _try(request, actions.take_back_start, visit)
    return redirect("planning:visit", visit.pk)


@require_POST
@worker_may(PLAN_VISITS)
def visit_finish(request, pk):
    """End a visit."""
    visit = _visit(request, PLAN_VISITS, pk)
    _try(request, actions.finish_visit, visit)
    return redirect("planning:visit", visit.pk)


@require_POST
@worker_may(PLAN_VISITS)
def visit_cancel(request, pk):
    """Call a visit off."""
    visit = _visit(request, PLAN_VISITS, pk)
    form = CancelForm(request.POST, visit=visit)
    if not form.is_valid():
        context = _of_visit(request, pk, cancel=form)
        return render(request, "planning/visit.html", context)
    _try(request, actions.cancel_visit, visit, **form.cleaned_data)
    if visit.requests.exists():
        mails.ask()  # who asked for it is told
    return redirect("planning:visit", visit.pk)


@require_POST
@worker_may(PLAN_VISITS)
def visit_reopen(request, pk):
    """Open an ended visit for correcting."""
    visit = _visit(request, PLAN_VISITS, pk)
    _try(request, actions.reopen_visit, visit)
    return redirect("planning:visit", visit.pk)


@require_POST
@never_cache
@worker_may(INVITE_GUESTS)
def guest_link(request, pk):
    """Make a guest's link and show it once, as an address and a QR code."""
    visit = _visit(request, INVITE_GUESTS, pk)
    if visit.status not in (Visit.Status.PLANNED, Visit.Status.UNDER_WAY):
        raise Http404
    nonce = request.POST.get("nonce", "")[:64]
    link, token = actions.make_guest_link(request.user, visit, nonce=nonce)
    address = request.build_absolute_uri(reverse("phone:guest", args=[token]))
    context = {
        "visit": visit,
        "kind": kinds.all_kinds()[visit.site.kind],
        "link": link,
        "address": address,
        "qr": qr.drawn(address),
    }
    return render(request, "planning/guest_link.html", context)


@require_POST
@worker_may(INVITE_GUESTS)
def guest_revoke(request, pk, link):
    """Close a guest's link."""
    visit = _visit(request, INVITE_GUESTS, pk)
    row = get_object_or_404(GuestLink, pk=link, visit=visit)
    actions.revoke_guest_link(request.user, row)
    messages.success(request, _("The link no longer opens."))
    return redirect("planning:visit", visit.pk)
