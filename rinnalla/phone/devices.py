"""The page of phones: which there are, what somebody must hear, taking out of use."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.phone import actions, notices
from rinnalla.phone.guards import device_only
from rinnalla.phone.models import Device, Quarantined
from rinnalla.phone.permissions import (
    ENROL,
    RESOLVE,
    REVOKE,
    SEE_DEVICES,
    devices_of,
    revocable_by,
    waiting_for,
)

PAGE = 30


@dataclass
class Row:
    """One phone as the page shows it."""

    device: Device
    contact: str
    lost: str
    is_silent: bool
    may_revoke: bool


def _mine(request):
    rows = Device.objects.select_related("team", "worker__organisation", "worker__team")
    return devices_of(request.user, rows)


@require_safe
@worker_may(SEE_DEVICES)
def devices(request):
    """The phones one may see: the latest contact first, those out of use last."""
    rows = _mine(request).order_by(
        F("revoked_at").asc(nulls_first=True),
        F("worker").asc(nulls_first=True),
        F("last_contact").desc(nulls_last=True),
        "name",
        "pk",
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    keys = [device.pk for device in page]
    mine = revocable_by(request.user, Device.objects.filter(pk__in=keys))
    revocable = set(mine.values_list("pk", flat=True))
    context = {
        "page": page,
        "rows": [_row(device, revocable) for device in page],
        "notices": notices.on_page(request.user),
        "may_enrol": ENROL.reach_of(request.user) is not None,
        "may_resolve": RESOLVE.reach_of(request.user) is not None,
        "waiting": waiting_for(request.user, Quarantined.objects.waiting()).count(),
    }
    return render(request, "phone/devices.html", context)


def _row(device, revocable):
    is_out = device.is_revoked
    return Row(
        device=device,
        contact=contact_of(device),
        lost=_lost(device),
        is_silent=notices.is_silent(device) and not is_out,
        may_revoke=not device.revoked_at and device.pk in revocable,
    )


def contact_of(device):
    """When a phone was last heard of, in words: today at 10.40."""
    if device.last_contact is None:
        return _("No contact yet")
    moment = clock.local(device.last_contact)
    days = (clock.today() - moment.date()).days
    said = {0: _("Last contact today at %(time)s")}
    said[1] = _("Last contact yesterday at %(time)s")
    words = said.get(days, _("Last contact %(day)s"))
    day = date_format(moment, "SHORT_DATE_FORMAT")
    return words % {"time": time_format(moment, "TIME_FORMAT"), "day": day}


def _lost(device):
    """How many records may have gone with this phone, in words; empty for none."""
    number = notices.gap_of(device)
    if not number:
        return ""
    return ngettext("%(n)d record may be lost", "%(n)d records may be lost", number) % {
        "n": number
    }


@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(REVOKE)
def device_revoke(request, device):
    """Take a phone out of use, after saying what that does."""
    row = get_object_or_404(revocable_by(request.user, _mine(request)), pk=device)
    if request.method != "POST":
        page = {"device": row, "contact": contact_of(row)}
        return render(request, "phone/device_revoke.html", page)
    if actions.revoke_device(request.user, row):
        messages.success(request, _("The phone is out of use."))
    else:
        messages.info(request, _("The phone was out of use already."))
    return redirect("phone:devices")


@require_POST
@worker_may(SEE_DEVICES)
def put_away(request):
    """Put a notice away; one that is not for this person is not there."""
    key = request.POST.get("notice", "")
    if any(notice.key == key for notice in notices.on_page(request.user)):
        actions.put_away(request.user, key)
    return redirect("phone:devices")


@require_POST
@device_only
def notice_seen(request):
    """Put a notice away from the phone that shows it: {"text": "…"}, as it was said."""
    try:
        text = json.loads(request.body)["text"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return JsonResponse({"why": _("This notice is not here.")}, status=400)
    phone = request.phone
    for notice in [] if phone.is_revoked else notices.on_phone(phone):
        if notice.text == text:
            actions.put_away(phone.worker, notice.key)
    return HttpResponse(status=204)
