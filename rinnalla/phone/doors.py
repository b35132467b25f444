"""What the phone's scripts ask and send: facts in, totals out, as JSON."""

import json
import uuid
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rinnalla.access.guards import worker_may
from rinnalla.encounters.permissions import RECORD
from rinnalla.lib import clock
from rinnalla.phone.actions import take_facts
from rinnalla.phone.figures import totals_for_all
from rinnalla.phone.forms import GUEST_KINDS, MOST_BYTES, BadBatch, read_batch
from rinnalla.phone.screens import recordable
from rinnalla.planning.models import GuestLink

COOKIE = "device"
COOKIE_AGE = 400 * 24 * 60 * 60
GUEST_FACTS_A_MINUTE = 300


def device_of(request):
    """This browser's own random number; made when it has none."""
    if not hasattr(request, "device"):
        try:
            request.device = uuid.UUID(request.COOKIES.get(COOKIE, ""))
        except ValueError:
            request.device = uuid.uuid4()
    return request.device


def keep_device(request, response):
    """Let the browser keep its number, so that its own total stays its own."""
    response.set_cookie(
        COOKIE,
        str(device_of(request)),
        max_age=COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def totals_for(visit, device):
    """What a counter shows: this phone's own figures and all phones together."""
    return totals_for_all([visit], device)[visit.pk]


@require_POST
@worker_may(RECORD)
def facts(request):
    """Take a batch of facts; an answer for each, and the totals of their visits."""
    try:
        raws = read_batch(_content(request))
    except BadBatch as fault:
        return JsonResponse({"why": str(fault)}, status=400)
    said = {_visit_of(raw) for raw in raws} - {None}
    visits = recordable(request.user).select_related("site").in_bulk(said)
    answers = take_facts(request.user, visits, raws)
    return _answer(request, answers, visits.values())


def _content(request):
    """The bytes of the request. Raises BadBatch when there are too many."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise BadBatch(_("There are too many records at once."))
    return request.body


def _visit_of(raw):
    try:
        return uuid.UUID(str(raw["visit"]))
    except (TypeError, KeyError, ValueError):
        return None


def _answer(request, answers, visits):
    device = device_of(request)
    now = clock.local(clock.now())
    return JsonResponse(
        {
            "facts": answers,
            "totals": {str(visit.pk): totals_for(visit, device) for visit in visits},
            "at": f"{now.hour}.{now.minute:02}",
        }
    )


@require_safe
@worker_may(RECORD)
def totals(request, pk):
    """The figures of one visit for a light poll: unchanged ones answer 304."""
    visit = get_object_or_404(recordable(request.user).select_related("site"), pk=pk)
    return _totals(request, visit)


def _totals(request, visit):
    """Totals as JSON; the token comes along in a header, so that it does not age."""
    plain = json.dumps(totals_for(visit, device_of(request)), sort_keys=True)
    etag = f'"{sha256(plain.encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(plain, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Token"] = get_token(request)
    return response


# --- Guests: counts of one visit, by a link ----------------------------------


@require_POST
def guest_facts(request, token):
    """Take a guest's taps of the one visit of the link; a closed link takes none."""
    link = GuestLink.objects.alive(token)
    if link is None:
        return JsonResponse({"why": _("This link is closed.")}, status=410)
    try:
        raws = read_batch(_content(request))
    except BadBatch as fault:
        return JsonResponse({"why": str(fault)}, status=400)
    if is_too_fast(link, len(raws)):
        why = _("Many records came at once. They will be sent again in a moment.")
        return JsonResponse({"why": why}, status=429)
    visits = {link.visit_id: link.visit}
    answers = take_facts(None, visits, raws, kinds=GUEST_KINDS)
    return _answer(request, answers, visits.values())


@require_safe
def guest_totals(request, token):
    """The figures of the guest's one visit."""
    link = GuestLink.objects.alive(token)
    if link is None:
        return JsonResponse({"why": _("This link is closed.")}, status=410)
    return _totals(request, link.visit)


def is_too_fast(link, number):
    """Whether a link has brought more in this minute than hands can tap."""
    key = f"guest:{link.pk}:{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, 120)
    return cache.incr(key, number) > GUEST_FACTS_A_MINUTE
