"""The sync door: facts in, an answer for each out. See docs/sync.md."""

import uuid
from hashlib import sha256

from django.core.cache import cache
from django.db import OperationalError
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rinnalla.lib import clock
from rinnalla.phone import notices, reference, sealing
from rinnalla.phone.door import actions, settling
from rinnalla.phone.door.reading import (
    MAKE,
    VERSION,
    VERSIONS,
    BadBatch,
    Reason,
    read_batch,
    read_facts,
)
from rinnalla.phone.figures import totals_for_all
from rinnalla.phone.forms import GUEST_KINDS
from rinnalla.phone.guards import credential_of, device_only, unknown_device
from rinnalla.phone.models import Device
from rinnalla.planning.models import GuestLink, Visit
from rinnalla.planning.models import digest_of as digest_of_link

GUEST_FACTS_A_MINUTE = 300
MOST_UNDER_WAY = 10


@csrf_exempt
@require_POST
def sync(request):
    """Take a batch of facts from a phone that is in use here."""
    told = credential_of(request)
    try:
        phone = told and Device.objects.by_token(*told)
    except OperationalError:
        return _crowd()
    if phone is None:
        return unknown_device()
    return _answered(request, lambda batch: actions.sender_of(phone, batch.worker))


# The phone's token is asked for above, where its row is at hand for the transaction.
sync.permission = device_only


def _answered(request, sender_of, kinds=MAKE):
    """Read, take, answer. What is no batch at all is said; the phone keeps it."""
    try:
        batch = read_batch(request)
        sender, now = sender_of(batch), clock.now()
        facts = read_facts(batch, kinds)
        settling.set_moments(facts, batch.now, now)
        taken = actions.take(sender, facts, batch, now)
    except BadBatch as fault:
        return JsonResponse({"why": str(fault)}, status=fault.status)
    except OperationalError:
        return _crowd()
    return JsonResponse(_reply(sender, taken, batch))


def _crowd():
    """The database is busy or away: the phone keeps what it has and tries again."""
    why = _("There is a crowd at the door. It will be sent again in a moment.")
    return JsonResponse({"why": why}, status=503)


def _reply(sender, taken, batch):
    """What the phone hears; what costs more to work out only when it sent nothing.

    One whose facts are held back hears of them, and reads nothing. A phone takes an
    answer of its own version only.
    """
    phone, now, is_beat = sender.phone, clock.now(), not batch.raws
    local, may_read = clock.local(now), not sender.reason
    visits = _under_way(sender) if is_beat else taken.visits
    found = None if is_beat else taken.totals
    totals = totals_for_all(visits if may_read else [], sender.device, found)
    return {
        "version": batch.version if batch.version in VERSIONS else VERSION,
        "now": int(now.timestamp()),
        "at": f"{local.hour}.{local.minute:02}",
        "facts": taken.answers,
        "totals": {str(pk): figures for pk, figures in totals.items()},
        "missing": actions.missing_of(phone) if phone else [],
        "highest": phone.highest if phone else 0,
        "etag": reference.etag_for(phone) if _may_read(sender, is_beat) else "",
        "revoked": sender.reason == Reason.REVOKED,
        "notices": notices.for_device(phone) if _may_read(sender, is_beat) else [],
        "key": sealing.current_key().id,
    }


def _may_read(sender, is_beat):
    return is_beat and bool(sender.phone) and sender.reason != Reason.REVOKED


def _under_way(sender):
    """The visits a phone may be counting on just now."""
    visits = sender.within_reach().filter(status=Visit.Status.UNDER_WAY)
    return list(visits.order_by("-day").select_related("site")[:MOST_UNDER_WAY])


# --- Guests: counts of one visit, by a link --------------------------------------


@csrf_exempt
@require_POST
def guest_sync(request, token):
    """Take a guest's taps of the one visit of the link.

    A link that was closed or is too old answers 410 and takes what it brings into
    quarantine; one whose visit has ended takes what was tapped before.
    """
    links = GuestLink.objects.select_related("visit__site", "visit__team")
    link = links.filter(digest=digest_of_link(token)).first()
    if link is None:
        return JsonResponse({"why": _("This link is closed.")}, status=410)
    is_open = GuestLink.objects.in_force().filter(pk=link.pk).exists()
    answer = _answered(request, lambda batch: _guest(link, batch), GUEST_KINDS)
    if answer.status_code == 200 and not is_open:
        answer.status_code = 410
    return answer


def _guest(link, batch):
    """Who speaks by a link. Raises BadBatch when it brings more than hands can tap."""
    if is_too_fast(link, len(batch.raws)):
        why = _("Many records came at once. They will be sent again in a moment.")
        raise BadBatch(why, 429)
    seed = sha256(link.digest.encode()).digest()
    return actions.Sender(
        visits=Visit.objects.seen().filter(pk=link.visit_id),
        device=batch.device or uuid.UUID(bytes=seed[:16], version=4),
        team_id=link.visit.team_id,
        reason=_why_closed(link),
        is_guest=True,
    )


def _why_closed(link):
    is_over = link.is_revoked or link.expires_at <= clock.now()
    return Reason.CLOSED if is_over else ""


def is_too_fast(link, number):
    """Whether a link has brought more in this minute than hands can tap."""
    key = f"guest:{link.pk}:{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, 120)
    return cache.incr(key, number) > GUEST_FACTS_A_MINUTE
