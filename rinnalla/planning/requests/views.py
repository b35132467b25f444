"""The desk's side of requests: the list, one request, what is done with it."""

import uuid
from math import ceil

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.lib.working_time import hours_between
from rinnalla.planning import actions as planning
from rinnalla.planning import kinds
from rinnalla.planning.forms import VisitForm
from rinnalla.planning.models import OutreachRequest
from rinnalla.planning.month.span import read_day
from rinnalla.planning.pairs.choice import begin, choice_of
from rinnalla.planning.permissions import ANSWER_FEEDBACK, HANDLE_REQUESTS
from rinnalla.planning.requests import actions, mails, reading
from rinnalla.planning.requests.forms import DeclineForm, DeskRequestForm, PasteForm

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 30
SHOWN = {
    "waiting": gettext_lazy("Waiting for us"),
    "agreed": gettext_lazy("Agreed"),
    "ended": gettext_lazy("Done"),
    "held": gettext_lazy("To be looked at"),
}
# What one press does to a request, and what is said of it.
STEPS = {
    "acknowledge": (
        actions.acknowledge,
        gettext_lazy("The sender sees that it is read."),
    ),
    "close": (actions.close, gettext_lazy("Done. The sender's address is deleted.")),
    "reopen": (actions.reopen, gettext_lazy("Taken up again.")),
    "release": (actions.release, gettext_lazy("It joined the other requests.")),
}


@require_safe
@worker_may(HANDLE_REQUESTS)
def request_list(request):
    """Requests that wait for us first, the one to be answered soonest on top."""
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in SHOWN else "waiting"
    everything = HANDLE_REQUESTS.limit(OutreachRequest.objects.all(), request.user)
    rows = _shown(everything, shown).select_related("municipality", "visit")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "shown": shown,
        "tabs": list(SHOWN.items()),
        "held": everything.filter(is_held=True).count(),
        "may_answer": ANSWER_FEEDBACK.reach_of(request.user),
    }
    return render(request, "planning/requests/list.html", context)


def _shown(rows, shown):
    if shown == "held":
        return rows.filter(is_held=True).order_by("received_at", "pk")
    rows = rows.filter(is_held=False)
    if shown == "agreed":
        return rows.with_day().order_by("visit__day", "pk")
    if shown == "ended":
        return rows.ended().order_by("-closed_at", "pk")
    return rows.waiting().order_by("answer_due_at", "pk")


@form_page
@worker_may(HANDLE_REQUESTS)
def request_new(request):
    """Write down a request that came by e-mail, telephone or in a meeting."""
    form = DeskRequestForm(
        request.POST or None, initial={"key": uuid.uuid4(), "channel": "phone"}
    )
    if request.method == "POST" and form.is_valid():
        row = _receive(form, request.user)
        mails.ask()
        messages.success(request, _("The request is stored."))
        return redirect("planning:request", row.pk)
    return render(request, "planning/requests/new.html", {"form": form})


def _receive(form, worker):
    data = form.cleaned_data
    return actions.receive(
        key=data["key"] or uuid.uuid4(),
        kept=form.kept,
        channel=data["channel"],
        language=get_language()[:2],
        email=data["email"],
        by=worker,
    )


@form_page
@worker_may(HANDLE_REQUESTS)
def request_paste(request):
    """Paste an e-mail: its facts fill in the form, the text itself is not kept."""
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = reading.read(form.cleaned_data["letter"])
        start = {"key": uuid.uuid4(), "channel": "email", **found}
        page = {"form": DeskRequestForm(initial=start), "is_read": True}
        page["action"] = reverse("planning:request_new")
        return render(request, "planning/requests/new.html", page)
    return render(request, "planning/requests/paste.html", {"form": form})


@require_safe
@worker_may(HANDLE_REQUESTS)
def request_page(request, key):
    """One request: who asks, where, when, why, and what to do next."""
    row = _request(request, key)
    path = reverse("open:request_status", args=[row.language, actions.secret_of(row)])
    lists = ("asker_sector", "contact_source", "decline_reason", "target_group")
    words = kinds.words(*lists)
    context = {
        "row": row,
        "link": request.build_absolute_uri(path),
        "sector": words["asker_sector"].get(row.sector, ""),
        "source": words["contact_source"].get(row.contact_source, ""),
        "reason": words["decline_reason"].get(row.decline_reason, ""),
        "groups": [words["target_group"].get(code, code) for code in row.target_groups],
        "decline": DeclineForm(),
        "answered_in": _answered_in(row),
    }
    return render(request, "planning/requests/page.html", context)


def _answered_in(row):
    """Working hours within which the sender was first answered, or None yet."""
    if row.first_response_at is None:
        return None
    return max(1, ceil(hours_between(row.received_at, row.first_response_at)))


@form_page
@worker_may(HANDLE_REQUESTS)
def request_agree(request, key):
    """Choose the day and the pair; the visit is planned and the sender is told."""
    row = _request(request, key)
    wished = _wished(row) | _dropped_on(request)
    form = begin(request, VisitForm, worker=request.user, initial=wished)
    if request.method == "POST" and form.is_valid():
        _agree(request, row, form)
        return redirect("planning:request", row.pk)
    context = {"form": form, "row": row, "pair": choice_of(request, form)}
    return render(request, "planning/requests/agree.html", context)


def _wished(row):
    """What the request itself says of the visit."""
    return {
        "day": row.wished_day or clock.today(),
        "type": "on_request",
        "place_name": row.place,
        "place_municipality": row.municipality_id,
    }


def _dropped_on(request):
    """The day of the month it was dragged onto, if it was."""
    day = read_day(request.GET.get("day", ""))
    return {"day": day} if day else {}


def _agree(request, row, form):
    data = form.cleaned_data
    try:
        actions.agree(
            request.user,
            row,
            key=data["key"],
            site=data["site"] or planning.place_for(**form.place, by=request.user),
            day=data["day"],
            workers=data["workers"],
            **form.details,
        )
    except actions.OutOfStep:
        return _say_moved_on(request)
    mails.ask()
    messages.success(request, _("Agreed. The visit is planned."))


@require_POST
@worker_may(HANDLE_REQUESTS)
def request_decline(request, key):
    """Say that we cannot come, with a listed reason."""
    row = _request(request, key)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose why we cannot come."))
        return redirect("planning:request", row.pk)
    try:
        actions.decline(request.user, row, reason=form.cleaned_data["reason"])
        mails.ask()
        messages.success(request, _("The sender is told that we cannot come."))
    except actions.OutOfStep:
        _say_moved_on(request)
    return redirect("planning:request", row.pk)


@require_POST
@worker_may(HANDLE_REQUESTS)
def request_step(request, key, step):
    """One press: acknowledge, close, take up again; a held one: keep or throw away."""
    row = _request(request, key)
    if step == "discard":
        actions.discard(request.user, row)
        messages.success(request, _("Thrown away."))
        return redirect("planning:requests")
    if step not in STEPS:
        raise Http404
    act, said = STEPS[step]
    try:
        act(request.user, row)
        mails.ask()
        messages.success(request, said)
    except actions.OutOfStep:
        _say_moved_on(request)
    return redirect("planning:request", row.pk)


def _request(request, key):
    rows = OutreachRequest.objects.select_related("municipality", "visit__site", "team")
    return get_object_or_404(HANDLE_REQUESTS.limit(rows, request.user), pk=key)


def _say_moved_on(request):
    messages.warning(request, _("Somebody was quicker: look at how it stands now."))
