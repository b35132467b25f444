"""Voice boards of a team, the talk counter, and the page where people write."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count as Number
from django.db.models import Q
from django.http import Http404, StreamingHttpResponse
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
from rinnalla.encounters.actions import ask_open
from rinnalla.encounters.facts import Refused
from rinnalla.encounters.models import Count, VoiceBoard
from rinnalla.encounters.permissions import KEEP_BOARDS, RECORD
from rinnalla.encounters.voices import actions, boards
from rinnalla.encounters.voices.forms import (
    BoardForm,
    GroupForm,
    PaperForm,
    SayForm,
    TalksForm,
    TickForm,
)
from rinnalla.lib import qr
from rinnalla.lib.tables import stream_csv
from rinnalla.planning import prints
from rinnalla.planning.models import Event, Visit
from rinnalla.planning.public.doors import open_page, show

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 20


@require_safe
@worker_may(KEEP_BOARDS)
def board_list(request):
    """The team's boards, the latest first."""
    rows = KEEP_BOARDS.limit(VoiceBoard.objects.all(), request.user)
    rows = rows.select_related("event").order_by("-day", "pk")
    rows = rows.annotate(
        number=Number("voices", filter=Q(voices__is_waiting=False)),
        waiting=Number("voices", filter=Q(voices__is_waiting=True)),
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "encounters/voices/boards.html", {"page": page})


@form_page
@worker_may(KEEP_BOARDS)
def board_new(request):
    """Open a board, of an event when a link came from one."""
    if request.user.team is None:
        raise Http404
    event = _asked_event(request)
    start = {"day": event.day} if event else {}
    form = BoardForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {name: data[name] for name in ("key", "question", "day")}
        board = actions.open_board(
            request.user, team=request.user.team, event=event, **told
        )
        return redirect("encounters:board", board.pk)
    context = {"form": form, "event": event}
    return render(request, "encounters/voices/board_form.html", context)


def _asked_event(request):
    """The team's event a link names, or None for anything else."""
    asked = request.GET.get("event", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 18):
        return None
    return Event.objects.filter(team=request.user.team, pk=asked).first()


def _board(request, key):
    """The board within this person's reach, or 404."""
    rows = VoiceBoard.objects.select_related("event", "team")
    return get_object_or_404(KEEP_BOARDS.limit(rows, request.user), pk=key)


@form_page
@worker_may(KEEP_BOARDS)
def board(request, key):
    """A board: add thoughts from paper, and read them under their themes."""
    row = _board(request, key)
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["key"]
        actions.add_voices(request.user, row, form.thoughts, key=sent)
        messages.success(request, _("The thoughts are on the board."))
        return redirect("encounters:board", key)
    return _show_board(request, row, form=form)


def _show_board(request, row, **forms):
    groups = boards.groups_of(row)
    context = {
        "board": row,
        "groups": groups,
        "number": sum(group.number for group in groups),
        "most": max((group.number for group in groups), default=0),
        "waiting": row.voices.waiting().order_by("-how", "pk"),
        "form": PaperForm(),
        "grouping": GroupForm(board=row),
    }
    if row.is_open:
        context |= _link(request, row)
    return render(request, "encounters/voices/board.html", context | forms)


def _link(request, row):
    """The address where people write themselves, and its QR code."""
    where = [get_language()[:2], actions.secret_of(row.pk)]
    address = request.build_absolute_uri(reverse("encounters:say", args=where))
    return {"address": address, "qr": qr.drawn(address)}


@require_POST
@worker_may(KEEP_BOARDS)
def board_link(request, key):
    """Open or close the link where people write themselves."""
    row = _board(request, key)
    actions.let_write(request.user, row, request.POST.get("open") == "yes")
    return redirect("encounters:board", key)


@require_POST
@worker_may(KEEP_BOARDS)
def board_group(request, key):
    """Put the ticked thoughts under a theme, or take them off the board."""
    row = _board(request, key)
    form = GroupForm(request.POST, board=row)
    if not form.is_valid():
        return _show_board(request, row, grouping=form)
    data = form.cleaned_data
    if request.POST.get("do") == "strike":
        actions.strike_voices(request.user, row, data["voices"])
        messages.success(request, _("Taken off the board for good."))
    else:
        under = {"theme": data["theme"], "name": data["name"]}
        actions.group_voices(request.user, row, data["voices"], **under)
    return redirect("encounters:board", key)


@require_POST
@worker_may(KEEP_BOARDS)
def board_take(request, key):
    """Put thoughts that were sent onto the board, or strike them."""
    row = _board(request, key)
    form = TickForm(request.POST, board=row, waiting=True)
    if not form.is_valid():
        messages.info(request, form.errors["voices"][0])
    elif request.POST.get("do") == "strike":
        actions.strike_voices(request.user, row, form.cleaned_data["voices"])
    else:
        actions.take_voices(request.user, row, form.cleaned_data["voices"])
    return redirect("encounters:board", key)


@require_safe
@worker_may(KEEP_BOARDS)
def board_file(request, key):
    """The board's thoughts as a table to take along."""
    rows = boards.rows_of(boards.groups_of(_board(request, key)))
    header = [_("Theme"), _("Thought")]
    response = StreamingHttpResponse(
        stream_csv(rows, header), content_type="text/csv; charset=utf-8"
    )
    name = _("voice-board") + ".csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@worker_may(KEEP_BOARDS)
def board_print(request, key):
    """The board as a poster, made by the worker process."""
    file = boards.ask_print(_board(request, key), get_language())
    back = reverse("encounters:board", args=[key])
    return prints.answer(request, file, name=_("voice-board") + ".pdf", back=back)


@form_page
@worker_may(RECORD)
def talks(request, pk):
    """Count the talks of an event: a big plus, and a total typed afterwards."""
    visits = Visit.objects.visible_to(request.user).select_related("site", "team")
    visit = get_object_or_404(RECORD.limit(visits, request.user), pk=pk)
    form = TalksForm(request.POST or None)
    number = visit.counts.total(Count.Kind.TALK)
    if request.method == "POST" and form.is_valid() and _count(request, visit, form):
        return redirect("encounters:talks", pk)
    context = {
        "visit": visit,
        "form": form,
        "number": number,
        "event": Event.objects.filter(visit=visit).first(),
        "why_not": _why_not(visit),
    }
    return render(request, "encounters/voices/talks.html", context)


def _why_not(visit):
    """Why nothing can be counted on a visit, or nothing."""
    try:
        ask_open(visit)
    except Refused as why:
        return why.args[0]
    return ""


def _count(request, visit, form):
    """Hand the talks on; False when something stood in the way."""
    data, before = form.cleaned_data, visit.counts.total(Count.Kind.TALK)
    number = data["number"] or (data["total"] or 0) - before
    how = Count.How.ESTIMATED if data["is_estimated"] else Count.How.COUNTED
    try:
        if number and before + number >= 0:
            actions.count_talks(
                request.user, visit, key=data["key"], number=number, how=how
            )
    except Refused as why:
        form.add_error(None, why.args[0])
    return not form.errors


@form_page
@open_page
def say(request, secret):
    """Where somebody writes a thought on an own phone, without an account."""
    row = actions.board_behind(secret)
    if row is None:
        return show(request, "encounters/voices/closed.html", status=404)
    form = SayForm(request.POST or None)
    context = {"board": row, "form": form}
    if request.method == "POST" and form.is_valid():
        context |= {"form": SayForm(), **_sent(row, form)}
    return show(request, "encounters/voices/say.html", context, is_secret=True)


def _sent(row, form):
    """Hand a thought on; what the page says of it."""
    stamp, thought = form.read, " ".join(form.cleaned_data["thought"].split())
    try:
        actions.send_voice(row, thought, key=stamp.key, is_odd=stamp.is_odd)
    except actions.Full:
        return {"is_full": True}
    return {"is_sent": True}
