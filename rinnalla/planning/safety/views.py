"""Getting home: going out, staying longer, being home, calling for help."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.lib import clock
from rinnalla.planning.models import Alarm, CheckIn
from rinnalla.planning.permissions import CHECK_IN
from rinnalla.planning.safety import actions
from rinnalla.planning.safety.forms import (
    CheckInForm,
    CloseForm,
    LongerForm,
    SpotForm,
    visits_of,
)
from rinnalla.planning.safety.guards import opens_for
from rinnalla.planning.safety.reading import everybody_for

form_page = require_http_methods(["GET", "HEAD", "POST"])
HOME = "planning:safety"


@require_safe
@opens_for(CHECK_IN)
def safety(request):
    """Where one stands: out until when, or the form to go; who else is out."""
    mine = CheckIn.objects.of(request.worker)
    if mine is None:
        return _going_page(request, _new_form(request))
    context = _around(request) | {"mine": mine, "form": LongerForm()}
    context["alarm"] = mine and mine.alarms.open().select_related("owner").first()
    return render(request, "planning/safety/out.html", context)


@require_POST
@opens_for(CHECK_IN)
def check_in(request):
    """Go out, after saying where, with whom and until when."""
    form = _new_form(request)
    if not form.is_valid():
        return _going_page(request, form)
    try:
        actions.check_in(request.worker, **form.details)
    except actions.AlreadyOut:
        messages.info(request, _("You are out already. Here is what you said."))
    return redirect(HOME)


@require_POST
@opens_for(CHECK_IN)
def extend(request, check_in):
    """Stay out longer."""
    row = get_object_or_404(_own(request), pk=check_in)
    form = LongerForm(request.POST, since=row.due_at)
    if not form.is_valid():
        messages.warning(request, " ".join(_errors(form)))
        return redirect(HOME)
    try:
        actions.extend(request.worker, row, due_at=form.cleaned_data["due_at"])
    except actions.OutOfStep:
        messages.info(request, _("You were marked home already."))
        return redirect(HOME)
    due = time_format(clock.local(form.cleaned_data["due_at"]), "TIME_FORMAT")
    messages.success(request, _("Home by %(time)s. Noted.") % {"time": due})
    return redirect(HOME)


@require_POST
@opens_for(CHECK_IN)
def home_safe(request, check_in):
    """Be home; afterwards one may say that it was heavy."""
    row = get_object_or_404(_own(request), pk=check_in)
    actions.home_safe(request.worker, row)
    return redirect("planning:safety_home", row.pk)


@require_safe
@opens_for(CHECK_IN)
def home(request, check_in):
    """Home: what was noted, and the way to talk about it."""
    row = get_object_or_404(_own(request), pk=check_in)
    if row.ended_at is None:
        return redirect(HOME)
    alarm = row.alarms.open().select_related("owner").first()
    return render(request, "planning/safety/home.html", {"row": row, "alarm": alarm})


@require_POST
@opens_for(CHECK_IN)
def call_for_help(request):
    """Raise an alarm now."""
    key = _uuid(request.POST.get("key"))
    actions.call_for_help(request.worker, key=key)
    return redirect(HOME)


@require_POST
@opens_for(CHECK_IN)
def spot(request, alarm):
    """Take where the phone is, sealed, while its own alarm is open."""
    mine = Alarm.objects.open().filter(check_in__in=_own(request))
    row = get_object_or_404(mine, pk=alarm)
    form = SpotForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"why": " ".join(_errors(form))}, status=400)
    actions.add_spot(request.worker, row, **form.cleaned_data)
    return HttpResponse(status=204)


# --- Somebody else's alarm -----------------------------------------------------


@form_page
@opens_for(CHECK_IN)
def one_alarm(request, alarm):
    """An alarm of the team, or one this person was called about: take it, close it."""
    row = get_object_or_404(alarms_for(request.worker), pk=alarm)
    if request.method != "POST":
        return alarm_page(request, row, request.worker)
    return answer_alarm(request, row, request.worker)


def answer_alarm(request, row, worker):
    """Do what was pressed on an alarm's page, as this person, and show the page."""
    shown, form = {}, None
    try:
        match request.POST.get("do"):
            case "take":
                row = actions.take(worker, row)
            case "place":
                shown["place"] = actions.open_place(worker, row)
                shown["is_open"] = True
            case "spot":
                shown["spot"] = actions.open_spot(worker, row)
            case "close":
                form = CloseForm(request.POST)
                if form.is_valid():
                    row = actions.close(worker, row, how=form.cleaned_data["how"])
    except actions.Taken as taken:
        row = taken.alarm
    except actions.OwnAlarm:
        shown["why"] = _("This is about you: somebody else takes it.")
    except actions.OutOfStep:
        shown["why"] = _("The alarm has moved on. Here is how it stands.")
    row = Alarm.objects.select_related("check_in__site", "owner").get(pk=row.pk)
    return alarm_page(request, row, worker, form=form, **shown)


def alarm_page(request, row, worker, form=None, **shown):
    """How an alarm stands, and what this person can do about it."""
    is_mine = row.owner_id == worker.pk and row.closed_at is None
    people = list(row.check_in.people.select_related("safety_number").order_by("name"))
    context = {
        "alarm": row,
        "check_in": row.check_in,
        "people": people,
        "is_out": worker in people,
        "is_mine": is_mine,
        "has_spot": row.sealed_spot is not None,
        "has_place": row.check_in.sealed_place is not None,
        "form": form or CloseForm(),
        **shown,
    }
    return render(request, "planning/safety/alarm.html", context)


def alarms_for(worker):
    """The alarms this person may see: the team's, and those they were called about."""
    rows = Alarm.objects.select_related("check_in__site", "owner")
    within = CHECK_IN.limit(
        rows,
        worker,
        team="check_in__team",
        organisation="check_in__organisation",
    )
    keys = rows.filter(calls__worker=worker).values("pk")
    return (within | rows.filter(pk__in=keys)).distinct()


# --- Pieces --------------------------------------------------------------------


def _own(request):
    return CheckIn.objects.filter(people=request.worker)


def _new_form(request):
    worker = request.worker
    data = request.POST if request.method == "POST" else None
    return CheckInForm(data, worker=worker, visits=visits_of(worker))


def _going_page(request, form):
    context = _around(request) | {"form": form, "key": uuid.uuid4()}
    context["nobody"] = not _others_than(request.worker)
    return render(request, "planning/safety/going.html", context)


def _others_than(worker):
    out = {worker.pk}
    return everybody_for(worker.team_id, worker.organisation_id, out) - out


def _around(request):
    """Who else is out, and which alarms are open; the words every page needs."""
    worker = request.worker
    rows = CHECK_IN.limit(CheckIn.objects.out(), worker).exclude(people=worker)
    rows = rows.select_related("site").prefetch_related("people").order_by("due_at")
    alarms = alarms_for(worker).filter(closed_at=None)
    alarms = alarms.exclude(check_in__people=worker).order_by("raised_at")
    return {
        "worker": worker,
        "rows": rows[:50],
        "alarms": alarms.prefetch_related("check_in__people")[:20],
        "only_mail": not settings.SMS_URL,
    }


def _errors(form):
    return [str(error) for errors in form.errors.values() for error in errors]


def _uuid(text):
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
