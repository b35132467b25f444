"""The partners' duty line: today's turn, calls counted, the rota."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.duty import actions
from rinnalla.planning.duty.forms import CallForm, TurnForm
from rinnalla.planning.models import DutyCall, DutyTurn
from rinnalla.planning.permissions import KEEP_DUTY_LINE

form_page = require_http_methods(["GET", "HEAD", "POST"])
WEEKS_SHOWN = 4
MONTHS_SHOWN = 6


@form_page
@worker_may(KEEP_DUTY_LINE)
def duty(request):
    """Count a call of a partner; see whose turn it is and how often one calls."""
    _ask_team(request.user)
    form = CallForm(request.POST or None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        call = actions.count_call(request.user, **form.cleaned_data)
        return redirect(f"{request.path}?counted={call.pk}")
    return _page(request, call=form, turn=TurnForm(team=request.user.team))


@require_POST
@worker_may(KEEP_DUTY_LINE)
def call_back(request):
    """Take back the call that was just counted."""
    _ask_team(request.user)
    key = _key(request.POST.get("key", ""))
    if key and actions.take_back_call(request.user, key):
        messages.success(request, _("The call is taken back."))
    return redirect("planning:duty")


@require_POST
@worker_may(KEEP_DUTY_LINE)
def turn_set(request):
    """Set turns of the line for some weeks."""
    _ask_team(request.user)
    form = TurnForm(request.POST, team=request.user.team)
    if not form.is_valid():
        call = CallForm(initial={"key": uuid.uuid4()})
        return _page(request, call=call, turn=form)
    actions.set_turns(request.user, **form.turn)
    messages.success(request, _("The turns are set."))
    return redirect("planning:duty")


@require_POST
@worker_may(KEEP_DUTY_LINE)
def turn_drop(request, pk):
    """Take a turn away."""
    rows = KEEP_DUTY_LINE.limit(DutyTurn.objects.all(), request.user)
    actions.drop_turn(request.user, get_object_or_404(rows, pk=pk))
    messages.success(request, _("The turn is taken away."))
    return redirect("planning:duty")


def _key(text):
    """A key as it stands in a form, or None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _page(request, *, call, turn):
    today = clock.today()
    turns = KEEP_DUTY_LINE.limit(DutyTurn.objects.all(), request.user)
    turns = turns.filter(day__range=(today, today + timedelta(weeks=WEEKS_SHOWN)))
    context = {
        "call": call,
        "turn": turn,
        "form": turn,
        "turns": turns.select_related("worker", "partner").order_by("day", "starts"),
        "today": today,
        "counted": request.GET.get("counted", "")[:36],
        "months": _months(request.user, today),
        "matters": _matters(request.user, today),
    }
    return render(request, "planning/duty/duty.html", context)


def _months(worker, today):
    """How many calls each of the last months had, the newest first."""
    calls = KEEP_DUTY_LINE.limit(DutyCall.objects.all(), worker)
    first = (today - timedelta(days=31 * MONTHS_SHOWN)).replace(day=1)
    by_month = calls.filter(day__gte=first).annotate(month=TruncMonth("day"))
    return by_month.values("month").annotate(n=Count("pk")).order_by("-month")


def _matters(worker, today):
    """What one called about in a year, the most common first."""
    calls = KEEP_DUTY_LINE.limit(DutyCall.objects.all(), worker)
    calls = calls.filter(day__gt=today - timedelta(days=365)).exclude(matter="")
    words = kinds.words("duty_matter")["duty_matter"]
    rows = calls.values("matter").annotate(n=Count("pk")).order_by("-n", "matter")
    return [(words.get(row["matter"], row["matter"]), row["n"]) for row in rows]


def _ask_team(worker):
    """The line is a team's: who has none has no line."""
    if worker.team_id is None:
        raise PermissionDenied
