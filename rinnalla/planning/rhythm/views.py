"""The rhythm of a place: chosen in words, and the days that leave it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.models import Rhythm, RhythmException, Site
from rinnalla.planning.permissions import PLAN_MONTH
from rinnalla.planning.rhythm import actions, slots, words
from rinnalla.planning.rhythm.forms import DayForm, RhythmForm

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@worker_may(PLAN_MONTH)
def rhythm_edit(request, pk):
    """Choose how often and at what hour one goes to a place."""
    site = _site(request, pk)
    form = RhythmForm(request.POST or None, site=site)
    rhythm = _set(request, site, form) if request.method == "POST" else None
    if rhythm:
        messages.success(request, words.say(rhythm) + ".")
        _say_what_stays(request, site, rhythm)
        return redirect("planning:site", site.pk)
    return render(request, "planning/rhythm/edit.html", _of(site, form=form))


def _set(request, site, form):
    """The rhythm as chosen; None when something is asked at the form's fields."""
    if not form.is_valid():
        return None
    try:
        return actions.set_rhythm(request.user, site, **form.choice)
    except actions.TooEarly:  # another one came first, this very moment
        form.ask_later(slots.first_day_for(site))
        return None


def _site(request, pk):
    """A place of one's own team that is in use, or 404."""
    sites = PLAN_MONTH.limit(Site.objects.in_use(), request.user)
    return get_object_or_404(sites.select_related("municipality"), pk=pk)


def _say_what_stays(request, site, rhythm):
    """Visits planned by the earlier rhythm stay until somebody decides of them."""
    old = site.visits.filter(rhythm__until__isnull=False, day__gte=rhythm.since)
    count = old.filter(status="planned").count()
    if count:
        said = _("Visits planned by the earlier rhythm: %(n)d. They stay in the month.")
        messages.info(request, said % {"n": count})


def _of(site, **forms):
    rhythm = site.rhythms.filter(until=None).first()
    context = {"site": site, "kind": kinds.all_kinds()[site.kind], "rhythm": rhythm}
    if rhythm is None:
        return context | forms
    rhythm.site = site
    leaving = rhythm.exceptions.filter(day__gte=clock.today()).order_by("day")
    return (
        context
        | {
            "said": words.say(rhythm),
            "next_days": slots.next_days(rhythm, clock.today()),
            "leaving": leaving,
            "reasons": kinds.words("cancel_reason")["cancel_reason"],
            "day_form": DayForm(rhythm=rhythm),
        }
        | forms
    )


@require_POST
@worker_may(PLAN_MONTH)
def day_change(request, pk):
    """Leave a day of the rhythm out, or move it, with a reason."""
    site = _site(request, pk)
    rhythm = site.rhythms.filter(until=None).exclude(rule="").first()
    if rhythm is None:
        raise Http404
    form = DayForm(request.POST, rhythm=rhythm)
    if not form.is_valid():
        context = _of(site, form=RhythmForm(site=site), day_form=form)
        return render(request, "planning/rhythm/edit.html", context)
    actions.change_day(request.user, rhythm, **form.cleaned_data)
    return redirect("planning:rhythm", site.pk)


@require_POST
@worker_may(PLAN_MONTH)
def day_keep(request, pk, change):
    """Take back a change of one day; sent twice, taken back once."""
    rhythms = Rhythm.objects.filter(site=_site(request, pk))
    found = RhythmException.objects.filter(pk=change, rhythm__in=rhythms).first()
    if found:
        actions.keep_day(request.user, found)
    return redirect("planning:rhythm", pk)
