"""The door of the phones' own addresses: a device's token in a header, no cookie."""

import uuid
from functools import wraps
from hashlib import sha256

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from rinnalla.phone.models import Device


def digest_of_token(token):
    """What is kept of a device's token or an enrolment code (256 random bits)."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def credential_of(request):
    """The device's number and its token's digest as the header tells, or None.

    `Authorization: Device <uuid>.<token>`
    """
    scheme, _space, told = request.headers.get("Authorization", "").partition(" ")
    number, _dot, token = told.strip().partition(".")
    try:
        return (
            (uuid.UUID(number), digest_of_token(token)) if scheme == "Device" else None
        )
    except ValueError:
        return None


def unknown_device():
    """What a phone hears whose token is not known: its facts stay with it."""
    why = _("This phone is not in use here. Take it into use again; nothing was lost.")
    return JsonResponse({"why": why}, status=401)


def device_only(view):
    """Let in a phone by its token, revoked or not; it stands in `request.phone`.

    No cookie opens this door, so nothing can be sent in somebody's name unasked:
    the token against forgery is not needed.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        told = credential_of(request)
        request.phone = told and Device.objects.by_token(*told)
        if request.phone is None:
            return unknown_device()
        return view(request, *args, **kwargs)

    guarded.permission = device_only
    return guarded
