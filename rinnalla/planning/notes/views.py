"""A team's notes: those of a place, those of a day's shift, and what is done to one."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.planning.models import Site, TeamNote
from rinnalla.planning.models.notes import KEPT_DAYS
from rinnalla.planning.month.span import read_day
from rinnalla.planning.notes import actions
from rinnalla.planning.notes.forms import NoteForm
from rinnalla.planning.permissions import KEEP_NOTES
from rinnalla.planning.rhythm.words import place_name

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 30
# A note for a later day would be gone before its shift.
FURTHEST = timedelta(days=KEPT_DAYS)


@form_page
@worker_may(KEEP_NOTES)
def site_notes(request, pk):
    """The notes of one place; a new one is written on top of them."""
    sites = KEEP_NOTES.limit(Site.objects.all(), request.user)
    site = get_object_or_404(sites, pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.write(request.user, team=site.team, site=site, **form.told)
        messages.success(request, _("Noted."))
        return redirect("planning:site_notes", site.pk)
    context = {"site": site, "name": place_name(site), "query": ""}
    return _page(request, form, site.notes.filter(team=site.team), **context)


@form_page
@worker_may(KEEP_NOTES)
def shift_notes(request):
    """The notes of a day's shift: today's, or of the day the address asks for."""
    team = request.user.team
    if team is None:
        raise Http404
    day = _asked_day(request)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.write(request.user, team=team, day=day, **form.told)
        messages.success(request, _("Noted."))
        return redirect(f"{reverse('planning:notes')}?day={day.isoformat()}")
    rows = KEEP_NOTES.limit(TeamNote.objects.filter(day=day), request.user)
    context = {"day": day, "is_today": day == clock.today()}
    return _page(request, form, rows, query=f"day={day.isoformat()}&", **context)


def _asked_day(request):
    """The day a link asks for; today for anything odd or far away."""
    day, today = read_day(request.GET.get("day", "")), clock.today()
    return day if day and abs(day - today) <= FURTHEST else today


def _page(request, form, rows, **context):
    rows = rows.kept().in_order()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context |= {"form": form, "page": page}
    return render(request, "planning/notes/notes.html", context)


@require_POST
@worker_may(KEEP_NOTES)
def note_tick(request, note):
    """Say that a promise is done; or, with an empty `done`, that it is open again."""
    row = _note(request, note)
    is_done = bool(request.POST.get("done"))
    if row is None or not actions.tick(request.user, row, is_done=is_done):
        return _gone(request)
    messages.success(request, _("Done.") if is_done else _("Open again."))
    return redirect(_back_to(row))


@require_POST
@worker_may(KEEP_NOTES)
def note_strike(request, note):
    """Take a note away for good."""
    row = _note(request, note)
    if row is None or not actions.strike(request.user, row):
        return _gone(request)
    messages.success(request, _("The note is gone."))
    return redirect(_back_to(row))


def _note(request, key):
    """The team's note, or None: another's, or struck in the meantime."""
    rows = KEEP_NOTES.limit(TeamNote.objects.select_related("site"), request.user)
    return rows.filter(pk=key).first()


def _gone(request):
    messages.info(request, _("Somebody has taken this note away meanwhile."))
    return redirect("planning:notes")


def _back_to(note):
    if note.site:
        return reverse("planning:site_notes", args=[note.site_id])
    return f"{reverse('planning:notes')}?day={note.day.isoformat()}"
