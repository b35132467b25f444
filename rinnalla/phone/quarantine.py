"""What waits for a coordinator: listed in plain words, looked at, stored or deleted."""

import json
import uuid
from itertools import groupby

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Observation
from rinnalla.encounters.reading import Words, when
from rinnalla.lib.text_guard import AsksOnceMixin, GuardedTextField
from rinnalla.phone import actions, sealing, told
from rinnalla.phone.door.actions import store_again
from rinnalla.phone.models import Quarantined
from rinnalla.phone.permissions import RESOLVE, waiting_for
from rinnalla.planning.models import Visit
from rinnalla.planning.permissions import SEE_VISITS

PAGE = 30
Reason = Quarantined.Reason
WHY = [
    ("recorded_otherwise", gettext_lazy("It has been recorded in another way")),
    ("mistake", gettext_lazy("A mistake or a trial")),
    ("first_holds", gettext_lazy("The version that came first holds")),
    ("names_somebody", gettext_lazy("The text tells of a single person")),
    ("cannot_be_read", gettext_lazy("It cannot be read")),
]
# A phone brings many taps of one visit: these reasons may be answered all at once.
TOGETHER = {
    Reason.REVOKED,
    Reason.WORKER,
    Reason.CANCELLED,
    Reason.UNKNOWN_CODE,
    Reason.CLOSED,
}
# What a reason means for the one who decides.
MEANS = {
    Reason.REVOKED: gettext_lazy(
        "The phone had been taken out of use when this came. Store it if the visit "
        "was real."
    ),
    Reason.WORKER: gettext_lazy(
        "Who recorded this no longer works here. Store it if the visit was real."
    ),
    Reason.CANCELLED: gettext_lazy(
        "The visit had been called off, but something was recorded on it. Storing "
        "opens the visit again."
    ),
    Reason.UNKNOWN_VISIT: gettext_lazy(
        "The start of the visit has not come in yet. It is tried again by itself when "
        "the phone sends more."
    ),
    Reason.NOT_STARTED: gettext_lazy(
        "The visit has not been started. It is tried again by itself when the phone "
        "sends the start."
    ),
    Reason.UNKNOWN_CODE: gettext_lazy(
        "A choice in it is not in use here. Storing keeps it as it was chosen then."
    ),
    Reason.UNKNOWN_KIND: gettext_lazy(
        "This version does not know such a record. Keep it until the system has been "
        "updated, then try again."
    ),
    Reason.VERSION: gettext_lazy(
        "The app on the phone is too old or too new. Keep this until the system has "
        "been updated, then try again."
    ),
    Reason.UNREADABLE: gettext_lazy(
        "What came is no record one could read. There is nothing to store."
    ),
    Reason.SEALED_BROKEN: gettext_lazy(
        "The seal does not open. If a key was lost and has been brought back, try "
        "again; else it can only be deleted."
    ),
    Reason.OTHER_VERSION: gettext_lazy(
        "The same record came twice with different content. Choose which one holds."
    ),
    Reason.TEXT: gettext_lazy(
        "The record is stored without its text, because the text may name somebody. "
        "Strike out what names a person, then save."
    ),
    Reason.CLOSED: gettext_lazy(
        "The visit could no longer be changed when this came. Store it if it is right."
    ),
    Reason.OUT_OF_ORDER: gettext_lazy(
        "What it speaks of has not come in yet. It is tried again by itself when the "
        "phone sends more."
    ),
}


class DeleteForm(forms.Form):
    """Why it is deleted: a listed reason, so that nobody writes of a person."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why it is deleted"),
        choices=[("", gettext_lazy("Choose")), *WHY],
        widget=forms.Select(attrs={"class": "ds-input"}),
        error_messages={"required": gettext_lazy("Choose why it is deleted.")},
    )


class TextForm(AsksOnceMixin, forms.Form):
    """The text without what named somebody; the guard looks at it as at any other."""

    text = GuardedTextField(
        label=gettext_lazy("Own words of the visit"),
        max_length=280,
        widget=forms.Textarea(attrs={"class": "ds-input", "rows": 4}),
        error_messages={
            "required": gettext_lazy("Nothing is left. Delete the text instead.")
        },
    )


def _mine(request):
    rows = Quarantined.objects.select_related("device__worker", "worker")
    return waiting_for(request.user, rows)


@require_safe
@worker_may(RESOLVE)
def quarantine(request):
    """What waits, by its reason, the oldest first."""
    waiting = _mine(request).filter(resolved_at=None)
    rows = waiting.order_by("reason", "visit", "on", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    visits = _visits_of(request, page)
    for row in page:
        row.kind_shown = told.kind_in_words(row.kind)
        row.visit_shown = visits.get(row.visit)
    context = {"page": page, "groups": _groups(page)}
    return render(request, "phone/quarantine.html", context)


def _groups(rows):
    """The rows by reason; of most reasons all may be stored by one press."""
    return [
        {
            "reason": Reason(reason).label,
            "rows": same,
            "together": [row.pk for row in same] if reason in TOGETHER else [],
        }
        for reason, found in groupby(rows, key=lambda row: row.reason)
        for same in [list(found)]
    ]


def _visits_of(request, rows):
    """The visits of these rows that this person may see, by key."""
    keys = [row.visit for row in rows if row.visit]
    within = SEE_VISITS.limit(Visit.objects.seen(), request.user)
    return within.select_related("site").in_bulk(keys)


@require_safe
@worker_may(RESOLVE)
def quarantine_one(request, row):
    """One of them: what it is, what it says, what one can do."""
    row = get_object_or_404(_mine(request), pk=row)
    return _show(request, row)


def _show(request, row, *, text=None, delete=None, status=200):
    """The page of one row. What it says is opened from its seal, and logged."""
    visit = _visits_of(request, [row]).get(row.visit)
    page = {
        "row": row,
        "visit": visit,
        "when": when(visit) if visit else "",
        "kind": told.kind_in_words(row.kind),
        "means": MEANS[row.reason],
        "text": text,
        "delete": delete or DeleteForm(),
        "why_deleted": dict(WHY).get(row.why_deleted, ""),
    }
    if row.resolved_at is None:
        page |= _said(request, row) | _ways(row, visit)
    return render(request, "phone/quarantine_one.html", page, status=status)


def _ways(row, visit):
    """What can be done: a text is opened once, what cannot be read only deleted."""
    is_text, is_other = row.reason == Reason.TEXT, row.reason == Reason.OTHER_VERSION
    return {
        "is_text": is_text,
        # The name of a new place: the visit is stored at the town's name already.
        "is_place": is_text and row.kind == "visit_placed",
        "is_other_version": is_other,
        "reopens": row.reason == Reason.CANCELLED,
        "may_store": not is_text and row.reason != Reason.UNREADABLE,
    }


def _said(request, row):
    """What the sealed fact says in words; of a text only who may still read it."""
    if row.reason == Reason.TEXT:
        return {"may_open": _may_open(request.user, row)}
    content = _content(row)
    if content is None:
        return {"lines": [], "is_shut": True}
    actions.note_opened(request.user, row)
    words = Words()
    page = {"lines": told.in_words(content, words), "made": told.made_at(content)}
    if row.reason == Reason.OTHER_VERSION:
        page["first"] = told.stored_in_words(row.fact_id, words)
    return page


def _content(row):
    """The content of a row as JSON, or None when it does not open or is no JSON."""
    try:
        return json.loads(sealing.open_kept(row))
    except (sealing.Broken, ValueError, RecursionError):
        return None


# --- Store, or delete ---------------------------------------------------------


@require_POST
@worker_may(RESOLVE)
def quarantine_store(request, row):
    """Store it now, though it was held; what still stands in the way is said."""
    row = get_object_or_404(_mine(request), pk=row)
    if row.resolved_at:
        return _decided(request, row)
    if row.reason == Reason.TEXT:
        return redirect("phone:quarantine_one", row.pk)
    is_stored, why = _store(request.user, row)
    if not is_stored:
        messages.warning(request, _("Not stored yet: %(why)s") % {"why": why})
        return redirect("phone:quarantine_one", row.pk)
    messages.success(request, _("Stored."))
    return redirect("phone:quarantine")


@require_POST
@worker_may(RESOLVE)
def quarantine_delete(request, row):
    """Delete it for good with a reason."""
    row = get_object_or_404(_mine(request), pk=row)
    form = DeleteForm(request.POST)
    if row.resolved_at is None and not form.is_valid():
        return _show(request, row, delete=form, status=422)
    if row.resolved_at:
        return _decided(request, row)
    try:
        actions.delete_waiting(request.user, row, why=form.cleaned_data["why"])
    except actions.Decided as fault:
        return _decided(request, fault.row)
    messages.success(request, _("Deleted."))
    return redirect("phone:quarantine")


@require_POST
@worker_may(RESOLVE)
def quarantine_store_all(request):
    """Store many of one reason by one press; what cannot be stored waits on.

    One may speak of another, in any order: as long as it helps, once more.
    """
    asked = [key for text in request.POST.getlist("row") if (key := _uuid(text))]
    rows = _mine(request).filter(resolved_at=None, reason__in=TOGETHER)
    rows = list(rows.filter(pk__in=asked[:PAGE]).order_by("on", "pk"))
    number = len(rows)
    for _round in range(3):
        rows = [row for row in rows if not _store(request.user, row)[0]]
    stored = number - len(rows)
    if stored:
        words = ngettext("Stored: %(n)d record.", "Stored: %(n)d records.", stored)
        messages.success(request, words % {"n": stored})
    if rows:
        words = ngettext(
            "%(n)d record cannot be stored yet. Open it to see why.",
            "%(n)d records cannot be stored yet. Open them to see why.",
            len(rows),
        )
        messages.warning(request, words % {"n": len(rows)})
    return redirect("phone:quarantine")


def _store(worker, row):
    """Store one row as its reason asks; whether it is stored, and why not."""
    return store_again(
        worker,
        row,
        reopen=row.reason == Reason.CANCELLED,
        undo=row.reason == Reason.OTHER_VERSION,
    )


def _uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _decided(request, row):
    """A second press shows what the first one, or somebody else, decided."""
    messages.info(request, _("This has been decided already. Here is how."))
    return redirect("phone:quarantine_one", row.pk)


# --- A text: opened once ------------------------------------------------------


@require_http_methods(["POST"])
@worker_may(RESOLVE)
def quarantine_text(request, row):
    """Open a text, or save it after what names somebody has been struck out."""
    row = get_object_or_404(_mine(request), pk=row, reason=Reason.TEXT)
    if row.resolved_at:
        return _decided(request, row)
    if not _may_open(request.user, row):
        return redirect("phone:quarantine_one", row.pk)
    if "text" not in request.POST:
        return _open(request, row)
    form = TextForm(request.POST)
    visit = _visits_of(request, [row]).get(row.visit)
    may_save = visit is not None and row.kind != "visit_placed"
    if not form.is_valid() or not may_save:
        return _show(request, row, text=form, status=422)
    try:
        actions.save_struck_text(request.user, row, visit, form.cleaned_data["text"])
    except actions.Decided as fault:
        return _decided(request, fault.row)
    messages.success(request, _("The text is stored with the visit."))
    return redirect("phone:quarantine")


def _open(request, row):
    """Show the text this once, with what the visit has of own words already."""
    said = _content(row)
    if said is None:
        messages.warning(request, _("It does not open, so it cannot be shown."))
        return redirect("phone:quarantine_one", row.pk)
    text = next(iter(said.values()), "") if isinstance(said, dict) else said
    actions.note_opened(request.user, row)
    kept = Observation.objects.filter(visit=row.visit).exclude(text="").first()
    whole = " ".join(filter(None, [kept.text if kept else "", str(text or "")]))
    if row.kind == "visit_placed":
        whole = str(text or "")
    return _show(request, row, text=TextForm(initial={"text": whole}))


def _may_open(worker, row):
    """Whether this person may read the text: nobody else has opened it.

    One pair of eyes. Who opened it may come back to it; the others can delete it.
    """
    opened = AuditEvent.objects.filter(
        action="phone.waiting_opened", object_id=str(row.pk)
    )
    return not opened.exclude(worker_id=worker.pk).exists()
