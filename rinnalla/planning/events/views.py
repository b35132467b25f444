"""The watch list of announced events and the page of each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.planning import kinds
from rinnalla.planning.actions import SoloReasonNeeded, place_for
from rinnalla.planning.events import actions
from rinnalla.planning.events.forms import (
    MATERIALS,
    EntriesForm,
    EventForm,
    FileForm,
    MaterialsForm,
)
from rinnalla.planning.events.reading import read
from rinnalla.planning.forms import VisitForm
from rinnalla.planning.models import Event, EventMaterial, Site
from rinnalla.planning.pairs.choice import begin, choice_of
from rinnalla.planning.permissions import PLAN_VISITS, WATCH_EVENTS

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 30


@require_safe
@worker_may(WATCH_EVENTS)
def event_list(request):
    """The team's announced events: those ahead by day, or those past."""
    is_past = request.GET.get("show") == "past"
    events = WATCH_EVENTS.limit(Event.objects.all(), request.user)
    events = events.past() if is_past else events.ahead()
    events = events.select_related("municipality", "visit").annotate(
        needed=Count("materials"),
        lacking=Count("materials", filter=Q(materials__is_there=False)),
    )
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_past": is_past}
    return render(request, "planning/events/events.html", context)


@form_page
@worker_may(WATCH_EVENTS)
def event_new(request):
    """Put an announced event on the list."""
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = Event(team=_team(request), **form.written)
        event = actions.add_event(request.user, event)
        return redirect("planning:event", event.pk)
    return render(request, "planning/events/event_form.html", {"form": form})


@form_page
@worker_may(WATCH_EVENTS)
def event_edit(request, pk):
    """Change what is known of an event."""
    event = _event(request, pk)
    form = EventForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        actions.change_event(request.user, event, **form.written)
        return redirect("planning:event", event.pk)
    context = {"form": form, "event": event}
    return render(request, "planning/events/event_form.html", context)


def _team(request):
    """The team whose list it is; somebody without a team has none."""
    if request.user.team is None:
        raise Http404
    return request.user.team


def _event(request, pk):
    """The event within this person's reach, or 404."""
    events = Event.objects.select_related("municipality", "team", "visit__site")
    return get_object_or_404(WATCH_EVENTS.limit(events, request.user), pk=pk)


@require_safe
@worker_may(WATCH_EVENTS)
def event_page(request, pk):
    """One event: when and where, whether one goes, and what is needed there."""
    event = _event(request, pk)
    materials = list(event.materials.order_by("pk"))
    context = {
        "event": event,
        "materials": materials,
        "lacking": sum(not material.is_there for material in materials),
        "words": kinds.words(MATERIALS)[MATERIALS],
        "form": MaterialsForm(event=event),
        "may_plan": PLAN_VISITS.reach_of(request.user),
    }
    return render(request, "planning/events/event.html", context)


@form_page
@worker_may(PLAN_VISITS)
def event_go(request, pk):
    """Decide to go: the event gets a visit."""
    event = _reachable(request, pk)
    if event.visit:
        return redirect("planning:event", event.pk)
    start = _as_visit(event)
    form = begin(request, VisitForm, worker=request.user, initial=start)
    if request.method == "POST" and form.is_valid() and _go(request, event, form):
        messages.success(request, _("We go. The visit is planned."))
        return redirect("planning:event", event.pk)
    context = {"form": form, "event": event, "pair": choice_of(request, form)}
    return render(request, "planning/visit_form.html", context)


def _reachable(request, pk):
    """The event for whoever may both watch events and plan visits."""
    if WATCH_EVENTS.reach_of(request.user) is None:
        raise Http404
    return _event(request, pk)


def _as_visit(event):
    """The visit's form as the event already answers it."""
    known = Site.objects.in_use().filter(team=event.team, name=event.name).first()
    place = {
        "place_name": event.name,
        "place_kind": "event",
        "place_municipality": event.municipality_id,
    }
    start = {"site": known.pk} if known else place
    hours = {"starts": event.starts, "ends": event.ends}
    return start | hours | {"day": event.day, "type": "event"}


def _go(request, event, form):
    data = form.cleaned_data
    site = data["site"] or place_for(**form.place, by=request.user)
    planned = {"key": data["key"], "day": data["day"], "workers": data["workers"]}
    try:
        actions.decide_to_go(request.user, event, site=site, **planned, **form.details)
    except SoloReasonNeeded:
        form.add_error(None, _("Say why one goes with so few."))
    return not form.errors


@require_POST
@worker_may(WATCH_EVENTS)
def event_state(request, pk):
    """Leave an event out, or watch it again."""
    states = {"leave": Event.State.LEFT_OUT, "watch": Event.State.WATCHED}
    state = states.get(request.POST.get("to"))
    if state is None:
        raise Http404
    actions.set_state(request.user, _event(request, pk), state)
    return redirect("planning:event", pk)


@require_POST
@worker_may(WATCH_EVENTS)
def event_materials(request, pk):
    """Say what an event needs."""
    event = _event(request, pk)
    form = MaterialsForm(request.POST, event=event)
    if form.is_valid():
        actions.set_materials(request.user, event, form.cleaned_data["codes"])
    else:
        messages.warning(request, form.errors["codes"][0])
    return redirect("planning:event", pk)


@require_POST
@worker_may(WATCH_EVENTS)
def event_material(request, pk, material):
    """Note that one thing is there, or lacks after all."""
    row = get_object_or_404(
        EventMaterial.objects.select_related("event"),
        event=_event(request, pk),
        pk=material,
    )
    is_there = request.POST.get("is_there") == "yes"
    actions.note_material(request.user, row, is_there=is_there)
    return redirect("planning:event", pk)


@form_page
@worker_may(WATCH_EVENTS)
def events_file(request):
    """Read a calendar file of announced events and show what it holds."""
    _team(request)
    form = FileForm(request.POST or None, request.FILES or None)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = read(form.cleaned_data["file"].read())
        context |= {"found": found, "choice": EntriesForm(entries=found.entries)}
    return render(request, "planning/events/file.html", context)


@require_POST
@worker_may(WATCH_EVENTS)
def events_take(request):
    """Put the chosen entries of a file on the list."""
    _team(request)
    choice = EntriesForm(request.POST)
    if not choice.is_valid():
        context = {"form": FileForm(), "choice": choice if choice.entries else None}
        return render(request, "planning/events/file.html", context)
    number = actions.bring_in(request.user, choice.taken)
    said = ngettext(
        "%(n)d event came on the list.", "%(n)d events came on the list.", number
    )
    messages.success(request, said % {"n": number})
    return redirect("planning:events")
