"""Places and their cards."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
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
from rinnalla.access.models import Code
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.planning import actions, card_pdf, kinds, prints, versions
from rinnalla.planning.forms import CardForm, SearchForm, SiteForm
from rinnalla.planning.models import Site, Visit
from rinnalla.planning.pairs.kit import needs_of
from rinnalla.planning.permissions import (
    EDIT_CARDS,
    EDIT_SITES,
    KEEP_NOTES,
    PLAN_MONTH,
    PLAN_VISITS,
    READ_CARDS,
    SEE_SITES,
)
from rinnalla.planning.rhythm import words

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 40
LAST_VISITS = 3
NOTES = 4


@require_safe
@worker_may(SEE_SITES)
def site_list(request):
    """Places by kind; searched by name."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    shown = asked.get("show") or ("own" if request.user.team_id else "all")
    sites = _shown(SEE_SITES.limit(Site.objects.all(), request.user), shown, request)
    sites = _by_kind(_named(sites, asked.get("q", ""))).with_review_day()
    found = all_with_kind(Paginator(sites, PAGE).get_page(request.GET.get("page")))
    context = {
        "form": form,
        "shown": shown,
        "shows": [(k, v) for k, v in SearchForm.SHOWN.items() if _offered(k, request)],
        "q": asked.get("q", ""),
        "page": found,
        "may_edit": EDIT_SITES.reach_of(request.user),
        **_due(request.user),
    }
    return render(request, "planning/sites.html", context)


def _due(worker):
    """How many of the own team's places wait for a review of their need."""
    own = Site.objects.in_use().filter(team=worker.team_id).with_review_day()
    return {
        "may_review": bool(worker.team_id and EDIT_CARDS.reach_of(worker)),
        "due": own.filter(review_due_on__lte=clock.today()).count(),
        "today": clock.today(),
    }


def _offered(show, request):
    """Somebody without a team has no own places and plans no unplanned ones."""
    return bool(request.user.team_id) or show in ("all", "retired")


def _shown(sites, shown, request):
    if shown == "retired":
        return sites.filter(is_ad_hoc=False, retired_on__lte=clock.today())
    if shown == "once":
        own = sites.not_retired().filter(is_ad_hoc=True)
        return own.filter(team=request.user.team_id)
    in_use = sites.in_use()
    return in_use if shown == "all" else in_use.filter(team=request.user.team_id)


def _named(sites, words):
    """Places whose name, area or municipality holds the words.

    SQLite folds the case of a-z only, so the usual spellings are tried.
    """
    tries = {words, words.lower(), words.capitalize(), words.title()} - {""}
    wanted = Q()
    for text in tries:
        wanted |= Q(name__icontains=text) | Q(area__icontains=text)
        wanted |= Q(municipality__name_fi__icontains=text)
        wanted |= Q(municipality__name_sv__icontains=text)
    return sites.filter(wanted)


def _by_kind(sites):
    order = Code.objects.filter(list="site_kind", code=OuterRef("kind"))
    ordered = sites.annotate(kind_order=Subquery(order.values("order")[:1]))
    return ordered.select_related("municipality", "team", "host").order_by(
        "kind_order", "kind", "name", "pk"
    )


def all_with_kind(page):
    """Give every place of a page its kind in words; the kinds are read once."""
    known = kinds.all_kinds()
    for site in page:
        site.kind_shown = known[site.kind]
    return page


@form_page
@worker_may(EDIT_SITES)
def site_new(request):
    """A new place."""
    form = SiteForm(request.POST or None, instance=Site(), worker=request.user)
    if request.method == "POST" and form.is_valid():
        site = form.twin or _save(form, request.user)
        return redirect("planning:site", site.pk)
    return render(request, "planning/site_form.html", {"form": form})


@form_page
@worker_may(EDIT_SITES)
def site_edit(request, pk):
    """Change a place; an unplanned place becomes a real one here."""
    site = _site(request, EDIT_SITES, pk)
    form = SiteForm(request.POST or None, instance=site, worker=request.user)
    if request.method == "POST" and form.is_valid():
        site = _save(form, request.user)
        messages.success(request, _("The place is saved."))
        return redirect("planning:site", site.pk)
    context = {"form": form, "site": Site.objects.get(pk=pk)}
    return render(request, "planning/site_form.html", context)


def _save(form, worker):
    return actions.save_site(
        worker, form.save(commit=False), responsible=form.cleaned_data["responsible"]
    )


@require_POST
@worker_may(EDIT_SITES)
def site_retire(request, pk):
    """Stop going to a place."""
    site = actions.retire_site(request.user, _site(request, EDIT_SITES, pk))
    messages.success(request, _("%(place)s is retired.") % {"place": site})
    return redirect("planning:site", site.pk)


@require_POST
@worker_may(EDIT_SITES)
def site_bring_back(request, pk):
    """Take a place into use again."""
    site = actions.bring_back_site(request.user, _site(request, EDIT_SITES, pk))
    messages.success(request, _("%(place)s is in use again.") % {"place": site})
    return redirect("planning:site", site.pk)


def _names_for(worker, people):
    """The people a reader may see by name: a partner, those of its own house."""
    if worker.role == Role.PARTNER:
        people = people.filter(organisation=worker.organisation_id)
    return people


def _site_with_card(request, pk):
    """A place whose card this person may read, or 404."""
    sites = Site.objects.with_card_open_to(request.user)
    return get_object_or_404(sites.select_related("municipality", "team"), pk=pk)


def _site(request, permission, pk):
    """The place within this person's reach, or 404."""
    sites = Site.objects.select_related("municipality", "team", "host")
    return get_object_or_404(permission.limit(sites, request.user), pk=pk)


@require_safe
@worker_may(SEE_SITES)
def site_card(request, pk):
    """The card of a place: what one must know before going."""
    site = _site(request, SEE_SITES, pk)
    worker = request.user
    visits = Visit.objects.visible_to(worker).filter(site=site).done()
    is_open = Site.objects.with_card_open_to(worker).filter(pk=site.pk).exists()
    context = _of_site(site, worker) | {
        "is_closed": not is_open,
        "card": site.cards.newest() if is_open else None,
        "is_first": site.cards.count() < 2,
        "last_visits": visits.order_by("-day", "-starts")[:LAST_VISITS],
        "may_edit": EDIT_SITES.reach_of(worker),
        "may_write": _may_write(worker, site),
        "may_plan": _may_plan(worker, site),
        "season": words.season_of(site).capitalize(),
        "needs": needs_of(site),
        "rhythm": words.rhythm_of(site),
        "may_set_rhythm": _may_set_rhythm(worker, site),
        "may_note": _is_within(KEEP_NOTES, worker, site),
        "notes": KEEP_NOTES.limit(site.notes.kept(), worker).in_order()[:NOTES],
    }
    return render(request, "planning/site.html", context)


def _of_site(site, worker):
    return {
        "site": site,
        "kind": kinds.all_kinds()[site.kind],
        "responsible": _names_for(worker, site.responsible.order_by("name")),
    }


def _may_plan(worker, site):
    """Own places; a partner, who has no team, goes to any."""
    is_own = worker.team_id in (None, site.team_id)
    return bool(PLAN_VISITS.reach_of(worker)) and is_own


def _may_set_rhythm(worker, site):
    is_used = not site.is_ad_hoc and not site.is_retired
    return is_used and _is_within(PLAN_MONTH, worker, site)


def _may_write(worker, site):
    return _is_within(EDIT_CARDS, worker, site)


def _is_within(permission, worker, site):
    return permission.limit(Site.objects.filter(pk=site.pk), worker).exists()


@form_page
@worker_may(EDIT_CARDS)
def card_edit(request, pk):
    """Write the next version of a card."""
    site = _site(request, EDIT_CARDS, pk)
    form = CardForm(request.POST or None, card=site.cards.newest())
    if request.method == "POST" and form.is_valid():
        try:
            _save_card(form, request.user, site)
            return redirect("planning:site", site.pk)
        except actions.CardMovedOn as moved:
            form = _ask_to_look(request, moved.newest)
    context = _of_site(site, request.user) | {"form": form}
    return render(request, "planning/card_form.html", context)


def _save_card(form, worker, site):
    return actions.save_card(
        worker,
        site,
        base=form.cleaned_data["base"],
        texts=form.texts,
        review_due_on=form.cleaned_data["review_due_on"],
    )


def _ask_to_look(request, newest):
    """The form again with all that was typed; saving once more writes over."""
    data = request.POST.copy()
    data["base"] = newest.version
    form = CardForm(data, card=newest)
    form.add_error(
        None,
        _(
            "Version %(version)d was saved meanwhile. Look at it in another tab; "
            "your text is still here, and saving again makes it the newest."
        )
        % {"version": newest.version},
    )
    return form


@require_safe
@worker_may(READ_CARDS)
def card_versions(request, pk):
    """Every version a card has had, newest first."""
    site = _site_with_card(request, pk)
    cards = site.cards.select_related("written_by").order_by("-version")
    page = Paginator(cards, PAGE).get_page(request.GET.get("page"))
    context = _of_site(site, request.user) | {"page": page}
    return render(request, "planning/versions.html", context)


@require_safe
@worker_may(READ_CARDS)
def card_version(request, pk, version):
    """One version as it was, and what it changed."""
    site = _site_with_card(request, pk)
    card = get_object_or_404(site.cards.select_related("written_by"), version=version)
    before = site.cards.filter(version__lt=card.version).newest()
    context = _of_site(site, request.user) | {
        "card": card,
        "before": before,
        "after": site.cards.filter(version__gt=card.version)
        .order_by("version")
        .first(),
        "changes": versions.compare(before, card),
    }
    return render(request, "planning/version.html", context)


@require_safe
@worker_may(READ_CARDS)
def card_print(request, pk):
    """The card on A5, made by the worker process."""
    site = _site_with_card(request, pk)
    card = site.cards.newest()
    if card is None:
        return redirect("planning:site", site.pk)
    file = card_pdf.ask(card, get_language())
    back = reverse("planning:site", args=[site.pk])
    name = _("site-card") + f"-{site.pk}.pdf"
    return prints.answer(request, file, name=name, back=back)
