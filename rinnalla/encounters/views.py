"""The desk pages of a visit: its records, the paper tally, the texts."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.encounters import actions, reading, tally_sheet
from rinnalla.encounters.forms import SeenForm, codes_in_use
from rinnalla.encounters.permissions import READ_ENCOUNTERS, RECORD, STRIKE_TEXT
from rinnalla.encounters.tally import TallyForm, recorded
from rinnalla.encounters.texts import (
    SearchForm,
    containing,
    notes_containing,
    notes_of_team,
    of_team,
)
from rinnalla.planning import prints
from rinnalla.planning.models import Visit
from rinnalla.planning.notes.actions import strike

TEXTS_A_PAGE = 20
NOTES_SHOWN = 40


def _visit(request, permission, pk):
    """The visit this person may open with this permission, else not found."""
    visits = Visit.objects.visible_to(request.user).select_related(
        "site__municipality", "team", "wrap_up"
    )
    return get_object_or_404(permission.limit(visits, request.user), pk=pk)


@require_safe
@worker_may(READ_ENCOUNTERS)
def visit(request, pk):
    """What was recorded on one visit; never who recorded it."""
    visit = _visit(request, READ_ENCOUNTERS, pk)
    words, sums = reading.Words(), recorded(visit)
    context = {
        "visit": visit,
        "when": reading.when(visit),
        "kind": words.of("site_kind", visit.site.kind),
        "totals": reading.totals(sums),
        "tables": reading.tables(sums, words),
        "hours": visit.minutes and visit.minutes / 60,
        "no_tally": actions.why_no_tally(request.user, visit),
        "no_words": actions.why_no_words(request.user, visit),
    }
    if request.user.sees_details:
        context |= reading.details(visit, words, page=request.GET.get("page"))
    return render(request, "encounters/visit.html", context)


@require_POST
@worker_may(RECORD)
def take_back(request, pk, meeting):
    """Take back one meeting that should not have been recorded."""
    visit = _visit(request, RECORD, pk)
    row = get_object_or_404(visit.encounters, pk=meeting)
    try:
        actions.take_back(request.user, row)
        messages.success(request, _("Taken back: it is counted no more."))
    except actions.Refused as why:
        messages.warning(request, why.args[0])
    return redirect("encounters:visit", visit.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(RECORD)
def tally(request, pk):
    """Enter or correct a visit's numbers from the paper tally, all on one page."""
    visit = _visit(request, RECORD, pk)
    form = TallyForm(request.POST if request.method == "POST" else None, visit=visit)
    why_not = actions.why_no_tally(request.user, visit)
    if not why_not and form.is_valid() and _enter(request, visit, form):
        messages.success(request, _("The numbers are stored."))
        return redirect("encounters:visit", visit.pk)
    when = reading.when(visit)
    context = {"visit": visit, "when": when, "form": form, "why_not": why_not}
    return render(request, "encounters/tally.html", context)


def _enter(request, visit, form):
    """Hand the form's numbers on; False when something stood in the way."""
    try:
        actions.enter_tally(request.user, visit, **form.said)
    except actions.Changed:
        form.show_what_stands(visit)
    except actions.Refused as why:
        form.add_error(None, why.args[0])
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(RECORD)
def seen(request, pk):
    """Write or correct what a visit showed: choices, and words of one's own."""
    visit = _visit(request, RECORD, pk)
    if not request.user.sees_details:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = SeenForm(data, codes=codes_in_use(), before=actions.seen_of(visit))
    why_not = actions.why_no_words(request.user, visit)
    if not why_not and form.is_valid():
        actions.say_seen(
            request.user, visit, form.told, shown=form.cleaned_data["shown"]
        )
        messages.success(request, _("What the street showed is stored."))
        return redirect("encounters:visit", visit.pk)
    when = reading.when(visit)
    context = {"visit": visit, "when": when, "form": form, "why_not": why_not}
    return render(request, "encounters/seen.html", context)


@require_safe
@worker_may(RECORD)
def sheet(request, pk):
    """The visit's A4 tally sheet as a print, in the reader's language."""
    visit = _visit(request, RECORD, pk)
    address = request.build_absolute_uri(reverse("encounters:tally", args=[pk]))
    file = tally_sheet.ask(visit, get_language(), address)
    back = reverse("encounters:visit", args=[pk])
    name = _("tally-sheet") + ".pdf"
    return prints.answer(request, file, name=name, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(STRIKE_TEXT)
def texts(request):
    """Read and search the team's own words; what is sought is in no address."""
    form = SearchForm(request.POST or None)
    return _show_texts(request, form)


@require_POST
@worker_may(STRIKE_TEXT)
def strike_text(request, pk):
    """Take one text away for good and show the same list again."""
    observation = get_object_or_404(of_team(request.user), pk=pk)
    actions.strike_text(request.user, observation)
    messages.success(request, _("The text is gone. The observation's choices stay."))
    return _show_texts(request, SearchForm(request.POST))


@require_POST
@worker_may(STRIKE_TEXT)
def strike_note(request, note):
    """Take a team's note away for good and show the same list again."""
    row = notes_of_team(request.user).filter(pk=note).first()
    if row and strike(request.user, row):
        messages.success(request, _("The note is gone."))
    else:
        messages.info(request, _("Somebody has taken this note away meanwhile."))
    return _show_texts(request, SearchForm(request.POST))


def _show_texts(request, form):
    said = form.cleaned_data if form.is_valid() else {}
    words, is_first = said.get("words", ""), (said.get("page") or 1) == 1
    rows = containing(of_team(request.user), words)
    notes = notes_containing(notes_of_team(request.user), words)
    context = {
        "form": form,
        "words": words,
        "notes": notes[:NOTES_SHOWN] if is_first else [],
        "more_notes": len(notes[NOTES_SHOWN:]),
        "months": settings.RAW_MONTHS,
        "page": Paginator(rows, TEXTS_A_PAGE).get_page(said.get("page") or 1),
    }
    return render(request, "encounters/texts.html", context)
