"""The month: seen, planned from the rhythms, its visits moved and called off."""

import re

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.planning import kinds, prints
from rinnalla.planning.actions import (
    OutOfStep,
    Recorded,
    cancel_visit,
    change_hands,
    move_visit,
)
from rinnalla.planning.forms import CancelForm
from rinnalla.planning.models import OutreachRequest, TeamCapacity, Visit
from rinnalla.planning.month import actions, by_place, grid, pdf, proposal
from rinnalla.planning.month.forms import CapacityForm, HandsForm, MoveForm
from rinnalla.planning.month.span import month_of, read_day, read_month
from rinnalla.planning.pairs.choice import choice_of
from rinnalla.planning.pairs.faces import warn_of_busy
from rinnalla.planning.permissions import HANDLE_REQUESTS, PLAN_MONTH, PLAN_VISITS
from rinnalla.planning.requests import mails
from rinnalla.planning.rhythm.forms import RowForm

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 20
TRAY = 8
# Two forms of one page ask for a reason: their fields are told apart.
OFF_ID = "off_%s"
PROPOSED = re.compile(r"[0-9]{1,18}\.[0-9]{8}")


@require_safe
@worker_may(PLAN_MONTH)
def month_now(request):
    """This month."""
    return redirect(month_of(clock.today()).url)


@require_safe
@worker_may(PLAN_MONTH)
def month_page(request, month):
    """A month's visits in its weeks, what still fits, and what waits for a day."""
    month, worker = read_month(month), request.user
    kind = _asked_kind(request)
    chips = grid.chips_between(worker, *month.shown)
    weeks = grid.weeks_of(month, worker, chips)
    context = {
        "month": month,
        "weeks": grid.only(weeks, kind) if kind else weeks,
        "kinds": _kinds_of(chips),
        "kind": kind,
        "waiting": proposal.how_many_wait(worker, month),
        "tray": _tray(worker),
        "capacity": _capacity(worker),
        "is_empty": not chips,
        "is_now": any(week.is_now for week in weeks),
    }
    if request.GET.get("by") == "place":
        context["rows"] = by_place.rows(worker, weeks, request.GET.get("page"), kind)
        return render(request, "planning/month/by_place.html", context)
    return render(request, "planning/month/month.html", context)


def _asked_kind(request):
    """The kind of places asked for, or nothing for anything odd."""
    asked = request.GET.get("kind", "")
    return asked if re.fullmatch(r"[a-z_]{1,40}", asked) else ""


def _kinds_of(chips):
    """The kinds of places that are in the month, in the county's order."""
    there = {chip.visit.site.kind for chip in chips}
    return [kind for code, kind in kinds.all_kinds().items() if code in there]


def _tray(worker):
    """Requests that wait for a day, the oldest first."""
    if HANDLE_REQUESTS.reach_of(worker) is None:
        return []
    waiting = OutreachRequest.objects.without_date()
    return waiting.select_related("municipality").order_by("received_at")[:TRAY]


def _capacity(worker):
    team = worker.team
    if team is None:
        return None
    agreed = TeamCapacity(team=team, times_a_week=grid.times_a_week(team))
    return {
        "form": CapacityForm(instance=agreed),
        "workers": grid.workers_in(team),
        "times": agreed.times_a_week,
    }


@require_safe
@worker_may(PLAN_MONTH)
def month_day(request, month, day):
    """All visits of one day, when there are more than a cell holds."""
    month = read_month(month)
    if not 1 <= day <= month.last.day:
        raise Http404
    day = month.first.replace(day=day)
    context = {
        "month": month,
        "day": day,
        "chips": grid.chips_between(request.user, day, day),
    }
    return render(request, "planning/month/day.html", context)


@form_page
@worker_may(PLAN_MONTH)
def month_plan(request, month):
    """What the rhythms ask for, looked at and then made with one press."""
    month, worker = read_month(month), request.user
    found = proposal.propose(worker, month)
    if request.method == "POST" and worker.team is None:
        raise Http404
    if request.method == "POST" and _is_as_shown(request, found):
        made = actions.plan_month(worker, worker.team, found.chosen(**_marks(request)))
        messages.success(request, _made(made))
        return redirect(month.url)
    context = {
        "month": month,
        "proposal": found,
        "places": found.by_place(),
        "rows": [RowForm(site=site) for site in _bare(worker)],
        "bare_count": proposal.sites_without_rhythm(worker).count(),
    }
    return render(request, "planning/month/plan.html", context)


def _is_as_shown(request, found):
    """Whether the proposal still is what was looked at; says so kindly when not."""
    if request.POST.get("mark") == found.mark:
        return True
    if found.offers:
        messages.info(
            request, _("The proposal has changed meanwhile. Here it is as it is now.")
        )
    return False


def _marks(request):
    """The slots left out, and the holidays one goes on; anything odd is passed by."""
    return {
        name: [key for key in request.POST.getlist(name) if PROPOSED.fullmatch(key)]
        for name in ("left_out", "taken")
    }


def _made(count):
    return ngettext("%(n)d visit planned.", "%(n)d visits planned.", count) % {
        "n": count
    }


def _bare(worker):
    sites = proposal.sites_without_rhythm(worker)
    return sites.select_related("municipality")[:ROWS]


@require_POST
@worker_may(PLAN_MONTH)
def month_rhythms(request, month):
    """Give several places their rhythms; rows left as they were are passed by."""
    month, worker = read_month(month), request.user
    rows = [RowForm(request.POST, site=site) for site in _bare(worker)]
    touched = [row for row in rows if row.is_bound_here and not row.is_untouched]
    if not all(row.is_valid() for row in touched):
        found = proposal.propose(worker, month)
        context = {
            "month": month,
            "proposal": found,
            "places": found.by_place(),
            "rows": [row if row in touched else RowForm(site=row.site) for row in rows],
            "bare_count": proposal.sites_without_rhythm(worker).count(),
        }
        return render(request, "planning/month/plan.html", context)
    actions.set_rhythms(worker, [(row.site, row.choice) for row in touched])
    return redirect("planning:month_plan", month)


@require_POST
@worker_may(PLAN_MONTH)
def month_capacity(request, month):
    """Agree how many times a week one worker can go out."""
    month = read_month(month)
    form = CapacityForm(request.POST)
    if request.user.team is None:
        raise Http404
    if form.is_valid():
        actions.set_capacity(request.user, request.user.team, **form.cleaned_data)
    else:
        messages.warning(request, _("Choose a number from 1 to 15."))
    return redirect(month.url)


@require_safe
@worker_may(PLAN_MONTH)
def month_print(request, month):
    """The month on A4 for the wall, made by the worker process."""
    month = read_month(month)
    file = pdf.ask(month, request.user, get_language())
    name = _("month") + f"-{month}.pdf"
    return prints.answer(request, file, name=name, back=month.url)


# --- One visit of the month ----------------------------------------------------


def _visit(request, pk):
    """A visit this person may plan, or 404."""
    visits = Visit.objects.visible_to(request.user)
    visits = PLAN_MONTH.limit(PLAN_VISITS.limit(visits, request.user), request.user)
    visits = visits.select_related("site__municipality", "team")
    return get_object_or_404(visits, pk=pk)


@require_safe
@worker_may(PLAN_MONTH)
def visit_menu(request, pk):
    """What one may do with a visit of the month: move, change who goes, call off."""
    return render(request, "planning/month/visit.html", _menu(request, pk))


def _menu(request, pk, **forms):
    visit = _visit(request, pk)
    asked = read_day(request.GET.get("day", ""))
    hands = forms.pop("hands", None) or HandsForm(visit=visit)
    return {
        "visit": visit,
        "chip": grid.chip_of(visit),
        "month": month_of(visit.day),
        "move": MoveForm(visit=visit, initial={"day": asked} if asked else {}),
        "hands": hands,
        "pair": choice_of(request, hands, visit),
        "cancel": CancelForm(visit=visit, auto_id=OFF_ID),
        "is_planned": visit.status == Visit.Status.PLANNED,
    } | forms


@require_POST
@worker_may(PLAN_MONTH)
def visit_move(request, pk):
    """Move a visit to another day."""
    visit = _visit(request, pk)
    form = MoveForm(request.POST, visit=visit)
    if not form.is_valid():
        context = _menu(request, pk, move=form)
        return render(request, "planning/month/visit.html", context)
    visit = _try(request, move_visit, visit, **form.cleaned_data) or visit
    return redirect(month_of(visit.day).url)


@require_POST
@worker_may(PLAN_MONTH)
def visit_hands(request, pk):
    """Change who goes on a visit."""
    visit = _visit(request, pk)
    form = HandsForm(request.POST, visit=visit)
    if not form.is_valid():
        context = _menu(request, pk, hands=form)
        return render(request, "planning/month/visit.html", context)
    _try(request, change_hands, visit, **form.cleaned_data)
    return redirect(month_of(visit.day).url)


@require_POST
@worker_may(PLAN_MONTH)
def visit_off(request, pk):
    """Call a visit off with a listed reason."""
    visit = _visit(request, pk)
    form = CancelForm(request.POST, visit=visit, auto_id=OFF_ID)
    if not form.is_valid():
        context = _menu(request, pk, cancel=form)
        return render(request, "planning/month/visit.html", context)
    _try(request, cancel_visit, visit, **form.cleaned_data)
    if visit.requests.exists():
        mails.ask()  # who asked for it is told
    return redirect(month_of(visit.day).url)


def _try(request, action, visit, **arguments):
    """Do it and say how it stands; kindly when the visit has moved on meanwhile."""
    try:
        done = action(request.user, visit, **arguments)
    except OutOfStep:
        messages.info(
            request, _("This visit has moved on meanwhile. Here is how it stands now.")
        )
    except Recorded:
        messages.info(request, _("Somebody has just recorded on this visit."))
    else:
        messages.success(request, _how_it_stands(done))
        warn_of_busy(request, done)
        return done
    return None


def _how_it_stands(visit):
    chip = grid.chip_of(visit)
    day = f"{date_format(visit.day, 'D')} {date_format(visit.day, 'MONTH_DAY_FORMAT')}"
    if chip.is_cancelled:
        return _("%(place)s %(day)s is called off.") % {"place": chip.name, "day": day}
    people = ", ".join(chip.people) or _("nobody yet")
    told = {"place": chip.name, "day": day, "people": people}
    return _("%(place)s %(day)s: %(people)s.") % told
