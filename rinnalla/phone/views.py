"""The field screens: today, the counter, the end of a visit. Plain pages first."""

import json
import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.access.models import Code, Municipality
from rinnalla.access.sessions import keep_for_field
from rinnalla.encounters.forms import codes_in_use
from rinnalla.encounters.models import Encounter
from rinnalla.encounters.permissions import RECORD
from rinnalla.lib import clock
from rinnalla.phone import screens
from rinnalla.phone.actions import REFUSED, send_wrap_up, take_facts
from rinnalla.phone.doors import device_of, is_too_fast, keep_device, totals_for
from rinnalla.phone.forms import GUEST_KINDS, PlaceForm, TapForm, first_error
from rinnalla.phone.wrap_up import WrapUpPage
from rinnalla.planning import actions as planning
from rinnalla.planning.kinds import all_kinds
from rinnalla.planning.models import GuestLink

AFTER_END = timedelta(hours=2)
NOW = {"met": ("met", 1), "ten": ("met", 10)}


def _visit(request, pk):
    """The visit this person may record on; any other does not exist."""
    visits = screens.recordable(request.user).select_related("site", "team")
    return get_object_or_404(visits, pk=pk)


# --- Today -------------------------------------------------------------------


@require_safe
@worker_may(RECORD)
def today(request):
    """The day: the next visit, what comes later, what waits, one tap for the street."""
    page = {
        "day": clock.today(),
        "today": screens.today_of(request.user),
        "kinds": all_kinds(),
        "street": screens.last_street_of(request.user),
        "keys": [uuid.uuid4(), uuid.uuid4()],
    }
    response = render(request, "phone/today.html", page)
    return keep_device(request, response)


@require_POST
@worker_may(RECORD)
def start(request, pk):
    """Start a visit; a place that requires a pair asks for the reason in one step."""
    visit = _visit(request, pk)
    reason = request.POST.get("solo_reason", "")
    reasons = Code.objects.in_use("solo_reason")
    known = reason if reason in {code.code for code in reasons} else ""
    try:
        visit = planning.start_visit(request.user, visit, solo_reason=known)
    except planning.SoloReasonNeeded:
        page = {"visit": visit, "reasons": reasons, "kinds": all_kinds()}
        return render(request, "phone/solo.html", page)
    except planning.OutOfStep:
        messages.info(request, _("This visit has ended or was called off meanwhile."))
        return redirect("phone:today")
    _keep_session(request, visit)
    return redirect("phone:counter", visit.pk)


def _keep_session(request, visit):
    """Keep this phone's field pages open to the visit's end and two hours more."""
    end = clock.now() + timedelta(hours=8)
    if visit.ends:
        end = max(clock.at(visit.day, visit.ends.hour, visit.ends.minute), clock.now())
    keep_for_field(request, end + AFTER_END)


@require_POST
@worker_may(RECORD)
def street(request):
    """One tap on the pavement: a visit where one was last, and a guided person."""
    site = screens.last_street_of(request.user)
    if site is None:
        return redirect("phone:place")
    return _begin_at(request, site)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(RECORD)
def place(request):
    """Where one is when nobody planned it: a familiar place, or a new name."""
    places = screens.places_of(request.user) if request.user.team_id else []
    by_id = {str(site.pk): site for site in places}
    if request.method == "POST" and request.POST.get("site") in by_id:
        return _begin_at(request, by_id[request.POST["site"]])
    form = _place_form(request)
    if request.method == "POST" and request.user.team_id and form.is_valid():
        told = form.cleaned_data
        site = planning.place_for(
            team=request.user.team,
            municipality=Municipality.objects.get(pk=told["municipality"]),
            kind=told["kind"],
            name=told["name"],
            by=request.user,
        )
        return _begin_at(request, site)
    page = {"form": form, "places": places, "kinds": all_kinds()}
    page["keys"] = [uuid.uuid4(), uuid.uuid4()]
    return render(request, "phone/place.html", page)


def _place_form(request):
    kinds = [(kind.code, kind.label) for kind in all_kinds().values()]
    names = [(row.pk, str(row)) for row in Municipality.objects.order_by("name_fi")]
    last = screens.last_street_of(request.user)
    initial = {"kind": "street"}
    if last:
        initial["municipality"] = last.municipality_id
    data = request.POST if request.method == "POST" else None
    return PlaceForm(data, kinds=kinds, municipalities=names, initial=initial)


def _begin_at(request, site):
    """Begin at a place, or go on there, and record one guided person."""
    key, id = (_uuid(request.POST.get(name)) for name in ("key", "id"))
    mine = screens.recordable(request.user).filter(workers=request.user, site=site)
    visit = mine.filter(status="under_way", day=clock.today()).first()
    if visit is None:
        visit = planning.street_visit(request.user, key=key, site=site)
        _keep_session(request, visit)
    _take(request, request.user, visit, "encounter", id, {})
    return redirect(f"{reverse('phone:counter', args=[visit.pk])}?meeting={id}")


def _uuid(text):
    """The id a form was born with, or a new one when it came without."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return uuid.uuid4()


# --- The counter -------------------------------------------------------------


@require_safe
@worker_may(RECORD)
def counter(request, pk):
    """The counter of one visit, with the sheet of a meeting when one is asked for."""
    visit = _visit(request, pk)
    if visit.status == "planned":
        return redirect("phone:today")
    if not visit.is_open:
        return redirect("phone:wrap_up", visit.pk)
    # The pair goes on without starting: this phone too stays open in the pocket.
    _keep_session(request, visit)
    return _show_counter(request, visit, {"worker": request.user})


def _show_counter(request, visit, page):
    device, meeting = device_of(request), _meeting(request, visit)
    codes, totals = codes_in_use(), totals_for(visit, device)
    page |= {
        "visit": visit,
        "kind": all_kinds()[visit.site.kind].label,
        "totals": totals,
        "totals_json": json.dumps(totals),
        "device": device,
        "meeting": meeting,
        "sheet": _sheet(visit, codes, meeting),
        "keys": [uuid.uuid4() for _number in range(6)],
        "last": request.session.get("last", {}).get(str(visit.pk), ""),
        "team_size": visit.workers.count(),
    }
    return keep_device(request, render(request, "phone/counter.html", page))


def _meeting(request, visit):
    """The meeting named in the address, when it is of this visit."""
    asked = request.GET.get("meeting")
    if not asked:
        return None
    kept = Encounter.objects.kept().filter(visit=visit)
    return kept.filter(pk=_uuid(asked)).first()


def _sheet(visit, codes, meeting):
    """The chips of the encounter sheet: what comes first, and what may be told."""
    used = screens.used_at(visit.site)

    def group(name):
        chosen = getattr(meeting, name) if meeting else ()
        code_list = _LISTS[name]
        return screens.group_of(name, codes[code_list], chosen=chosen, used=used)

    first = [group(name) for name in ("topics", "methods", "next_step")]
    more = ("age_band", "familiarity", "target_groups", "items", "origin")
    return {"first": first, "more": [group(name) for name in more]}


_LISTS = {
    "topics": "topic",
    "methods": "method",
    "next_step": "next_step",
    "age_band": "age_band",
    "familiarity": "familiarity",
    "target_groups": "target_group",
    "items": "item",
    "origin": "origin",
}


def _take(request, by, visit, kind, id, body, **more):
    """Store one fact of a plain form through the same door as the phone's."""
    raw = {
        "id": str(id),
        "device": str(device_of(request)),
        "visit": str(visit.pk),
        "kind": kind,
        "body": body,
    }
    [answer] = take_facts(by, {visit.pk: visit}, [raw], **more)
    if answer["result"] == REFUSED:
        messages.warning(request, answer["why"])
    return answer["result"] != REFUSED


@require_POST
@worker_may(RECORD)
def tap(request, pk):
    """A press of the counter without scripts; the page comes back with the number."""
    visit = _visit(request, pk)
    at = reverse("phone:counter", args=[visit.pk])
    ending = _pressed(request, request.user, visit)
    return keep_device(request, redirect(at + ending))


def _pressed(request, by, visit, **more):
    """Store one press; what the address of the next page ends with."""
    form = TapForm(request.POST)
    if not form.is_valid():
        messages.warning(request, first_error(form))
        return ""
    told = form.cleaned_data
    kind, body = _fact_of(told)
    is_taken = _take(request, by, visit, kind, told["id"], body, **more)
    if is_taken and kind in ("count", "encounter", "mark"):
        request.session["last"] = {str(visit.pk): str(told["id"])}
    if kind == "undo":
        request.session.pop("last", None)
    return f"?meeting={told['id']}" if is_taken and kind == "encounter" else ""


def _fact_of(told):
    """The kind and body a press stands for."""
    if told["do"] == "guided":
        return "encounter", {}
    if told["do"] == "mark":
        return "mark", {}
    if told["do"] == "undo":
        return "undo", {"of": str(told["of"] or "")}
    if told["do"] == "total":
        return "count", {"kind": "met", "total": told["total"]}
    if told["do"] in ("same_on", "same_off"):
        return "count", {"kind": "same_queue", "total": int(told["do"] == "same_on")}
    kind, number = NOW[told["do"]]
    return "count", {"kind": kind, "number": number}


@require_POST
@worker_may(RECORD)
def detail(request, pk, meeting):
    """Keep the sheet of one meeting, sent as a plain form."""
    visit = _visit(request, pk)
    body = {"encounter": str(meeting), "tickets": request.POST.get("tickets") or 0}
    for name in _LISTS:
        chosen = request.POST.getlist(name)
        body[name] = chosen if name in screens.MANY else "".join(chosen[:1])
    body["has_language_barrier"] = "has_language_barrier" in request.POST
    id = _uuid(request.POST.get("id"))
    _take(request, request.user, visit, "encounter_detail", id, body)
    if "matter_opened" in request.POST:
        count = {"kind": "matter_opened", "number": 1}
        id = _uuid(request.POST.get("matter_id"))
        _take(request, request.user, visit, "count", id, count)
    return redirect("phone:counter", visit.pk)


# --- The end -----------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(RECORD)
def finish(request, pk):
    """End the visit after asking once more; numbers can still be corrected."""
    visit = _visit(request, pk)
    if request.method != "POST" and visit.is_open:
        totals = totals_for(visit, device_of(request))
        page = {"visit": visit, "kinds": all_kinds(), "totals": totals}
        return render(request, "phone/finish.html", page)
    if request.method == "POST":
        try:
            planning.finish_visit(request.user, visit)
        except planning.OutOfStep:
            messages.info(request, _("This visit was called off meanwhile."))
            return redirect("phone:today")
    return redirect("phone:wrap_up", visit.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(RECORD)
def wrap_up(request, pk):
    """The wrap-up: number, open meetings, what the street showed; sent in one go."""
    visit = _visit(request, pk)
    if visit.status in ("planned", "cancelled"):
        return redirect("phone:today")
    data = request.POST if request.method == "POST" else None
    page = WrapUpPage(visit, request.user, data)
    if data is not None and page.is_valid():
        is_left = "later" in request.POST
        if send_wrap_up(request.user, visit, page, is_left=is_left):
            messages.success(request, _said(visit, is_left))
            return redirect("phone:today")
        page.say_stale()
    status = 200 if data is None or page.is_fresh else 422
    context = {"page": page, "visit": visit, "kinds": all_kinds()}
    return render(request, "phone/wrap_up.html", context, status=status)


def _said(visit, is_left):
    """What stands after sending: the numbers that are in the server's keeping."""
    totals = totals_for(visit, None)
    if is_left:
        return _("Stored. You can finish this tomorrow.")
    guided = ngettext("%(n)d guided", "%(n)d guided", totals["guided_together"])
    return _("Stored. Met %(met)d, %(guided)s.") % {
        "met": totals["together"],
        "guided": guided % {"n": totals["guided_together"]},
    }


# --- Guests ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def guest(request, token):
    """A guest's counter of one visit, opened by a link and nothing else."""
    link = GuestLink.objects.alive(token)
    if link is None:
        return render(request, "phone/guest_closed.html", status=410)
    if request.method == "POST":
        if is_too_fast(link, 1):
            return HttpResponse(status=429)
        _pressed(request, None, link.visit, kinds=GUEST_KINDS)
        return keep_device(request, redirect("phone:guest", token))
    return _show_counter(request, link.visit, {"token": token})
