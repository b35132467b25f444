"""The doors by which a phone reads what it takes along."""

import uuid

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from rinnalla.phone import reference as references
from rinnalla.phone.guards import device_only
from rinnalla.planning.models import GuestLink


@require_safe
@gzip_page
@device_only
def reference(request):
    """Everything this phone takes along; unchanged, it is not sent again."""
    if request.phone.is_revoked:
        why = _("This phone has been taken out of use.")
        return JsonResponse({"why": why}, status=403)
    return _answer(request, references.reader_of(request.phone))


@require_safe
@gzip_page
def guest_reference(request, token):
    """What a guest's phone takes along: the one visit of the link."""
    link = GuestLink.objects.alive(token)
    if link is None:
        return JsonResponse({"why": _("This link is closed.")}, status=410)
    device = _uuid(request.GET.get("device"))
    return _answer(request, references.guest_of(link, device))


def _answer(request, reader):
    content, etag = references.written(reader)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _uuid(text):
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
