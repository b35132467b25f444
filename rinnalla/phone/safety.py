"""From the field app to the pages of getting home, where nobody is signed in."""

import json
import secrets

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rinnalla.phone.door.actions import sender_of
from rinnalla.phone.guards import device_only
from rinnalla.planning.permissions import CHECK_IN
from rinnalla.planning.safety.actions import end_passes, make_pass
from rinnalla.planning.safety.guards import give_pass

MOST_BYTES = 200


@require_POST
@device_only
def safety_pass(request):
    """Open the pages of getting home on this phone, for hours, for its worker alone.

    On a shared phone for the one who holds it: {"worker": 12}. The pass is a cookie
    that no other page is sent.
    """
    sender = sender_of(request.phone, _worker_of(request))
    if sender.reason or CHECK_IN.reach_of(sender.worker) is None:
        # What opened them for the one before opens them no more.
        end_passes(request.phone.pk)
        why = _("This phone has no worker who could go out.")
        return JsonResponse({"why": why}, status=403)
    secret = secrets.token_urlsafe(32)
    make_pass(sender.worker, request.phone.pk, secret)
    return give_pass(HttpResponse(status=204), secret)


def _worker_of(request):
    """Who is said to hold a shared phone, or None."""
    try:
        told = json.loads(request.body[:MOST_BYTES])["worker"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return told if isinstance(told, int) and 0 < told < 10**12 else None
