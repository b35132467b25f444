"""The pages of an import; a coordinator's."""

from __future__ import annotations

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.encounters.importing import actions, tasks
from rinnalla.encounters.importing.forms import (
    ColumnsForm,
    DecideForm,
    SheetForm,
    UploadForm,
)
from rinnalla.encounters.models import ImportBatch
from rinnalla.encounters.permissions import IMPORT_VISITS

State = ImportBatch.State
PAGE = 20


@worker_may(IMPORT_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request):
    """Earlier imports, and the form that begins a new one."""
    after = _before(request)
    form = UploadForm(
        request.POST or None, request.FILES or None, worker=request.user, after=after
    )
    if request.method == "POST" and form.is_valid():
        batch = actions.receive(
            request.user,
            source_name=form.cleaned_data["source"],
            team=form.cleaned_data["team"],
            upload=form.cleaned_data["file"],
            token=form.cleaned_data["token"],
            instead_of=after,
        )
        tasks.go_on(batch)
        return redirect("encounters:import", batch.pk)
    earlier = _mine(request).order_by("-pk").select_related("source")
    page = Paginator(earlier, PAGE).get_page(request.GET.get("page"))
    return render(request, "encounters/imports.html", {"form": form, "page": page})


@worker_may(IMPORT_VISITS)
@require_safe
def import_page(request, pk):
    """One import where it is now: waiting, asking, shown or done."""
    return _page(request, _batch(request, pk))


@worker_may(IMPORT_VISITS)
@require_POST
def import_sheet(request, pk):
    """Read another sheet of the file."""
    batch = _batch(request, pk)
    form = SheetForm(request.POST, batch=batch)
    if not form.is_valid():
        return _moved_on(request, pk)
    sheet = form.cleaned_data["sheet"]
    return _step(request, pk, actions.choose_sheet, sheet=sheet)


@worker_may(IMPORT_VISITS)
@require_POST
def import_columns(request, pk):
    """Say which column is which."""
    batch = _batch(request, pk)
    if batch.state not in (State.READ, State.CHECKED):
        return _moved_on(request, pk)
    form = ColumnsForm(request.POST, batch=batch)
    if not form.is_valid():
        return _page(request, batch, columns_form=form)
    chosen = {name: form.cleaned_data[name] for name in ("shape", "mapping")}
    return _step(request, pk, actions.choose_columns, **chosen)


@worker_may(IMPORT_VISITS)
@require_POST
def import_decide(request, pk):
    """Bring in what was shown."""
    batch = _batch(request, pk)
    if batch.state != State.CHECKED:
        return _moved_on(request, pk)
    form = DecideForm(request.POST, batch=batch)
    if not form.is_valid():
        return _page(request, batch, decide_form=form)
    doubles = form.cleaned_data["takes_doubles"]
    return _step(
        request, pk, actions.decide, sites=form.as_sites(), takes_doubles=doubles
    )


@worker_may(IMPORT_VISITS)
@require_POST
def import_again(request, pk):
    """Begin a step anew that stands still."""
    return _step(request, pk, actions.begin_again)


@worker_may(IMPORT_VISITS)
@require_POST
def import_drop(request, pk):
    """Forget an import that was not brought in."""
    try:
        actions.drop(request.user, _batch(request, pk))
    except actions.OutOfStep:
        return _moved_on(request, pk)
    messages.info(request, _("The import was dropped. Nothing was brought in."))
    return redirect("encounters:imports")


@worker_may(IMPORT_VISITS)
@require_POST
def import_undo(request, pk):
    """Take a finished import out again, whole."""
    try:
        return _step(request, pk, actions.undo)
    except actions.CannotUndo as why:
        messages.info(request, str(why))
        return redirect("encounters:import", pk)


def _before(request):
    """The import a link came from: a corrected or further file of its source."""
    asked = request.GET.get("after", "")
    if not re.fullmatch(r"[0-9]{1,18}", asked):
        return None
    return _mine(request).filter(pk=asked).select_related("source").first()


def _mine(request):
    return IMPORT_VISITS.limit(ImportBatch.objects.all(), request.user)


def _batch(request, pk):
    related = _mine(request).select_related("source", "team", "started_by")
    return get_object_or_404(related, pk=pk)


def _step(request, pk, action, **said):
    """Do one action of an import, let the work go on, and show where it is now."""
    try:
        batch = action(request.user, _batch(request, pk), **said)
    except actions.OutOfStep:
        return _moved_on(request, pk)
    tasks.go_on(batch)
    return redirect("encounters:import", pk)


def _moved_on(request, pk):
    messages.info(request, _("This import has moved on. Here is where it is now."))
    return redirect("encounters:import", pk)


def _page(request, batch, columns_form=None, decide_form=None):
    context = {
        "batch": batch,
        "report": batch.report,
        "stands_still": actions.stands_still(batch),
        "percent": 100 * batch.rows_done // max(batch.rows_total, 1),
        "to_bring": batch.report.get("new", 0) + batch.report.get("corrected", 0),
        "per_visit": _per_visit(batch.report),
    }
    if batch.state in (State.READ, State.CHECKED):
        context["sheet_form"] = SheetForm(batch=batch)
        context["columns_form"] = columns_form or ColumnsForm(batch=batch)
    if batch.state == State.CHECKED and not batch.report.get("fault_count"):
        context["decide_form"] = decide_form or DecideForm(batch=batch)
    return render(request, "encounters/import.html", context)


def _per_visit(report):
    """Met and guided a visit, with one decimal, as the reader writes numbers."""
    visits = report.get("visits")
    if not visits:
        return {}
    return {name: number_format(report[name] / visits, 1) for name in ("met", "guided")}
