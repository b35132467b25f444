"""Whether one goes on going to a place: what is due, one place's year, the answer."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.actions import CardMovedOn
from rinnalla.planning.models import Decision, Site
from rinnalla.planning.permissions import EDIT_SITES
from rinnalla.planning.review import actions as planning
from rinnalla.statistics import actions, files
from rinnalla.statistics.counting import months_before
from rinnalla.statistics.permissions import REVIEW_NEED
from rinnalla.statistics.review.forms import FORMS, ChooseForm
from rinnalla.statistics.review.heard import heard_of
from rinnalla.statistics.review.year import months_reviewed, year_of
from rinnalla.statistics.scope import scope_of

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50
LAST_DECISIONS = 5
LAST_VISITS = 20
# Those that end a place: a coordinator's, as retiring one is.
ENDING = (Decision.MOVE, Decision.STOP)
FOLLOWS = {
    Decision.CONTINUE: gettext_lazy(
        "The card holds. You choose a day to look at the need again."
    ),
    Decision.CHANGE: gettext_lazy(
        "You write what changes on the card: day, hour, spot, who goes."
    ),
    Decision.MOVE: gettext_lazy(
        "You choose another place. This one ends, and its public page tells the way."
    ),
    Decision.STOP: gettext_lazy(
        "You choose the last day. The public page says that we no longer come."
    ),
}
ICONS = {
    Decision.CONTINUE: "check",
    Decision.CHANGE: "edit",
    Decision.MOVE: "place",
    Decision.STOP: "leave",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@worker_may(REVIEW_NEED)
def due(request):
    """The team's places by the day their need is looked at: soonest first."""
    sites = REVIEW_NEED.limit(Site.objects.in_use(), request.user).with_review_day()
    sites = sites.filter(retired_on=None)  # of the others it has been decided
    soonest = F("review_due_on").asc(nulls_last=True)
    rows = sites.select_related("municipality").order_by(soonest, "name", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    known = kinds.all_kinds()
    for site in page:
        site.kind_shown, site.when = known[site.kind], _when(site.review_due_on)
    return render(request, "statistics/review/due.html", {"page": page})


def _when(day):
    """Under which heading a day stands in the list."""
    if day is None:
        return _("No day has been set")
    return _("Due now") if day <= clock.today() else _("Later")


@require_safe
@worker_may(REVIEW_NEED)
def review(request, site):
    """One place's last year, what others say of it, and the four answers."""
    scope = _scope(request, site)
    form = ChooseForm(request.GET if "choose" in request.GET else None)
    if form.is_valid():
        return redirect(f"statistics:review_{form.cleaned_data['answer']}", site)
    first, last = months_reviewed()
    months = [months_before(last, back) for back in range(12)]
    is_waiting = actions.catch_up([scope.site], months)
    year = year_of(scope)
    if request.GET.get("file") in ("csv", "xlsx"):
        return _file(year.report, request.GET["file"])
    year.unit.chart.show(actions.order_drawings(year.report.charts))
    context = _of_site(request, scope.site) | {
        "form": form,
        "year": year,
        "unit": year.unit,
        "is_waiting": is_waiting,
        "sizes": files.sizes(year.report),
        "heard": heard_of(request.user, scope.site, first),
        "answers": _answers(request.user, scope.site),
    }
    return render(request, "statistics/review/review.html", context)


def _scope(request, site):
    """The figures of one place of the own team; a place of one visit has no card."""
    scope = scope_of(request.user, site=site, permission=REVIEW_NEED)
    if scope.site.is_ad_hoc:
        raise Http404
    return scope


def _of_site(request, site):
    cards = site.cards.order_by("-version").select_related("moved_to")
    return {
        "site": site,
        "kind": kinds.all_kinds()[site.kind],
        "card": cards.first(),
        "decided": cards.exclude(decision="")[:LAST_DECISIONS],
        "may_end": bool(EDIT_SITES.reach_of(request.user)),
    }


@dataclass(frozen=True)
class Choice:
    """One of the four answers: its word, what follows from it, whether one may."""

    code: str
    label: str
    follows: str
    icon: str
    is_open: bool


def _answers(worker, site):
    """The four answers; those that end a place are a coordinator's."""
    may_end = EDIT_SITES.reach_of(worker)
    return [
        Choice(
            code,
            label,
            FOLLOWS[code],
            ICONS[code],
            bool(may_end) or code not in ENDING,
        )
        for code, label in Decision.choices
    ]


def _file(report, kind):
    made = files.as_csv(report) if kind == "csv" else files.as_xlsx(report)
    answer = HttpResponse(made, content_type="text/csv" if kind == "csv" else XLSX)
    name = f"review-{report.scope.site.pk}-{report.last:%Y-%m}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@form_page
@worker_may(REVIEW_NEED)
def answer(request, site, answer):
    """Give one of the four answers: the next version of the card, and what follows."""
    place = _place(request, site)
    if answer in ENDING and not EDIT_SITES.reach_of(request.user):
        raise PermissionDenied
    if place.is_retired:
        messages.info(request, _("%(place)s is retired.") % {"place": place})
        return redirect("planning:site", place.pk)
    form = _form(request, answer, place, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _give(request, answer, place, form)
        except CardMovedOn as moved:
            form = _ask_to_look(request, answer, place, moved.newest)
    ahead = list(planning.visits_ahead(place)) if answer in ENDING else []
    context = _of_site(request, place) | {
        "form": form,
        "answer": Decision(answer),
        "follows": FOLLOWS[answer],
        "ahead": ahead[:LAST_VISITS],
        "ahead_count": len(ahead),
    }
    return render(request, "statistics/review/answer.html", context)


def _place(request, pk):
    sites = Site.objects.filter(is_ad_hoc=False).select_related("municipality", "team")
    return get_object_or_404(REVIEW_NEED.limit(sites, request.user), pk=pk)


def _form(request, answer, place, data):
    card = place.cards.newest()
    return FORMS[answer](data, site=place, worker=request.user, card=card)


def _give(request, answer, place, form):
    """Write the answer and lead to the place one goes to from now on."""
    card = _WRITERS[answer](request.user, place, form.cleaned_data, form)
    said = {"place": place, "answer": Decision(answer).label}
    messages.success(request, _("%(place)s: %(answer)s.") % said)
    kept = planning.visits_ahead(place).filter(day__gt=_last_day(card)).count()
    if answer in ENDING and kept:
        sentence = ngettext(
            "%(n)s visit after the last day is still planned.",
            "%(n)s visits after the last day are still planned.",
            kept,
        )
        messages.info(request, sentence % {"n": kept})
    return redirect("planning:site", card.moved_to_id or place.pk)


def _last_day(card):
    site = Site.objects.get(pk=card.site_id)
    return site.last_day or clock.today()


def _go_on(worker, place, data, form):
    return planning.go_on(
        worker,
        place,
        base=data["base"],
        why=data["why"],
        review_due_on=data["review_due_on"],
    )


def _change(worker, place, data, form):
    return planning.change(
        worker,
        place,
        base=data["base"],
        why=data["decided_why"],
        texts=form.texts,
        review_due_on=data["review_due_on"],
    )


def _move(worker, place, data, form):
    return planning.move(
        worker,
        place,
        base=data["base"],
        why=data["why"],
        to=form.target,
        review_due_on=data["review_due_on"],
        **form.ending,
    )


def _stop(worker, place, data, form):
    return planning.stop(
        worker, place, base=data["base"], why=data["why"], **form.ending
    )


_WRITERS = {
    Decision.CONTINUE: _go_on,
    Decision.CHANGE: _change,
    Decision.MOVE: _move,
    Decision.STOP: _stop,
}


def _ask_to_look(request, answer, place, newest):
    """The form again with all that was typed; answering once more writes over."""
    data = request.POST.copy()
    data["base"] = newest.version
    form = _form(request, answer, place, data)
    form.add_error(
        None,
        _(
            "Version %(version)d of the card was saved meanwhile. Look at it in "
            "another tab; your text is still here, and answering again makes it "
            "the newest."
        )
        % {"version": newest.version},
    )
    return form
