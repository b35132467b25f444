"""Who is called and how, a talk after a hard visit, notes for occupational safety."""

import logging
import smtplib

from django.contrib import messages
from django.core.mail import EmailMessage
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.access.models import Worker
from rinnalla.access.roles import Role
from rinnalla.planning import kinds
from rinnalla.planning.models import IncidentNote, SafetyNumber
from rinnalla.planning.permissions import (
    CHECK_IN,
    NOTE_INCIDENTS,
    READ_INCIDENTS,
    SET_LADDER,
)
from rinnalla.planning.safety import actions
from rinnalla.planning.safety.forms import (
    IncidentForm,
    LadderForm,
    NumberForm,
    PassOnForm,
    mates_of,
)
from rinnalla.planning.safety.guards import opens_for

form_page = require_http_methods(["GET", "HEAD", "POST"])
log = logging.getLogger(__name__)
PAGE = 30


@form_page
@worker_may(SET_LADDER)
def set_ladder(request):
    """Choose who is called after the pair."""
    team = request.user.team
    if team is None:
        raise Http404
    form = LadderForm(request.POST or None, team=team)
    if request.method == "POST" and form.is_valid():
        actions.set_ladder(request.user, team, form.workers)
        messages.success(request, _("Noted. They are called in this order."))
        return redirect("planning:safety_ladder")
    return render(request, "planning/safety/ladder.html", {"form": form, "team": team})


@form_page
@opens_for(CHECK_IN)
def number(request):
    """Give one's own work phone for alarms."""
    row = SafetyNumber.objects.filter(worker=request.worker).first()
    known = {"number": row.number if row else ""}
    form = NumberForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        actions.set_number(request.worker, form.cleaned_data["number"])
        messages.success(request, _("Noted."))
        return redirect("planning:safety")
    return render(request, "planning/safety/number.html", {"form": form})


# --- After a hard visit --------------------------------------------------------


@form_page
@opens_for(CHECK_IN)
def talk(request):
    """Ask somebody for a talk. Nothing of it is kept anywhere."""
    people = list(_listeners(request.worker))
    if request.method == "POST":
        asked = request.POST.get("who", "")
        person = next((one for one in people if str(one.pk) == asked), None)
        if person:
            _tell_of(request, person, is_sent=_ask(request.worker, person))
        # Loaded anew the page must not write another letter.
        return redirect("planning:safety_talk")
    return render(request, "planning/safety/talk.html", {"people": people})


def _tell_of(request, person, *, is_sent):
    name = {"name": person.first_name}
    if is_sent:
        told = _("%(name)s knows that you would like to talk.") % name
        messages.success(request, told)
    else:
        told = _("The letter did not leave. Call %(name)s.") % name
        messages.warning(request, told)


def _listeners(worker):
    """The pairs one goes with, and the leaders."""
    leaders = Worker.objects.filter(
        is_active=True, role=Role.LEADER, organisation=worker.organisation
    )
    return (mates_of(worker) | leaders).distinct().order_by("name")[:60]


def _ask(worker, person):
    """Send the wish as a letter that says nothing more; whether it left."""
    with translation.override(person.language):
        told = {"name": worker.first_name}
        text = render_to_string("planning/safety/email/talk.txt", told)
        letter = EmailMessage("Rinnalla", text.strip() + "\n", to=[person.email])
    try:
        return bool(letter.send())
    except (OSError, smtplib.SMTPException) as fault:
        log.error("mail not sent: %s", type(fault).__name__)
        return False


# --- Notes for occupational safety ---------------------------------------------


@form_page
@worker_may(NOTE_INCIDENTS)
def incident_new(request):
    """Write down what endangered oneself at work."""
    form = IncidentForm(request.POST or None, worker=request.user)
    if request.method == "POST" and form.is_valid():
        actions.note_incident(request.user, key=form.cleaned_data["key"], **form.told)
        messages.success(
            request, _("Noted. Your coordinator passes it on to occupational safety.")
        )
        return redirect("planning:safety")
    return render(request, "planning/safety/incident.html", {"form": form})


@require_safe
@worker_may(READ_INCIDENTS)
def incidents(request):
    """The notes of the team: those that wait first."""
    rows = _notes_for(request.user).select_related("site", "written_by")
    rows = rows.order_by("-passed_on_at", "day", "pk")
    waiting = rows.filter(passed_on_at=None)
    page = Paginator(
        [*waiting[:200], *rows.exclude(passed_on_at=None)[:200]], PAGE
    ).get_page(request.GET.get("page"))
    words = kinds.words("incident_kind")["incident_kind"]
    for row in page:
        row.kind_shown = words.get(row.kind, row.kind)
        row.form = PassOnForm(prefix=str(row.pk))
    return render(request, "planning/safety/incidents.html", {"page": page})


def _notes_for(worker):
    """The team's notes, and those of no team: somebody has to pass them on."""
    rows = IncidentNote.objects.all()
    return READ_INCIDENTS.limit(rows, worker) | rows.filter(team=None)


@require_POST
@worker_may(READ_INCIDENTS)
def incident_pass_on(request, note):
    """Say that occupational safety has it."""
    rows = _notes_for(request.user)
    row = get_object_or_404(rows, pk=note)
    form = PassOnForm(request.POST, prefix=str(row.pk))
    if form.is_valid():
        actions.pass_on(request.user, row, reference=form.cleaned_data["reference"])
        messages.success(request, _("Noted. The text is deleted in 14 days."))
    else:
        why = [str(error) for errors in form.errors.values() for error in errors]
        messages.warning(request, " ".join(why))
    return redirect("planning:safety_incidents")
