"""Taking a phone into use: a page with a code, and the door where the code is given."""

import json
import uuid

from django import forms
from django.core.cache import cache
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock, qr
from rinnalla.lib.text_guard import GuardedCharField
from rinnalla.phone import actions
from rinnalla.phone.permissions import ENROL, ENROL_SHARED

MOST_BYTES = 4096
# Of wrong codes, from everywhere together; a right one is taken at any time.
MISSES_A_MINUTE = 60
OWN, SHARED = "own", "shared"


class DeviceForm(forms.Form):
    """Which phone is taken into use: an own one, or one the team shares."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose phone"),
        widget=forms.RadioSelect,
        choices=[
            (OWN, gettext_lazy("My own")),
            (SHARED, gettext_lazy("Shared by the team")),
        ],
    )
    name = GuardedCharField(
        label=gettext_lazy("What it is called"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "ds-input", "autocomplete": "off"}),
    )

    def __init__(self, data=None, *, worker):
        # The first name is not declined: nobody's name is bent wrong.
        self.own_name = _("Phone, %(name)s") % {"name": worker.first_name}
        initial = {"nonce": uuid.uuid4(), "whose": OWN, "name": self.own_name[:60]}
        super().__init__(data, initial=initial)
        if not ENROL_SHARED.reach_of(worker) or worker.team is None:
            del self.fields["whose"]

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_("Write a name for the phone."))
        is_shared = self.cleaned_data.get("whose") == SHARED
        return _("Team phone") if is_shared and name == self.own_name else name


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@worker_may(ENROL)
def device_new(request):
    """Take a phone into use: say which, then show its code as QR, link and signs.

    With `?here` the phone in the hand is meant: one press, and the app goes on.
    """
    form = DeviceForm(request.POST or None, worker=request.user)
    page = {"form": form, "is_here": "here" in request.GET}
    if request.method != "POST" or not form.is_valid():
        return render(request, "phone/device_new.html", page)
    row, code = _make_code(request.user, form.cleaned_data)
    if row.used_at or row.expires_at <= clock.now():
        page |= {"form": DeviceForm(worker=request.user), "used": bool(row.used_at)}
        return render(request, "phone/device_new.html", page | {"is_over": True})
    if page["is_here"]:
        return redirect(_path_of(code))
    return render(request, "phone/device_code.html", _shown(request, row, code))


def _make_code(worker, told):
    is_shared = told.get("whose") == SHARED
    whose = {"team": worker.team} if is_shared else {"worker": worker}
    return actions.make_code(worker, nonce=told["nonce"], name=told["name"], **whose)


def _path_of(code):
    """Where the app takes itself into use; what follows the # stays in the browser."""
    return f"{reverse('phone:app')}#enrol={code}"


def _shown(request, row, code):
    """The code as a QR, an address and signs one can read aloud."""
    path = _path_of(code)
    address = request.build_absolute_uri(path)
    return {
        "row": row,
        "path": path,
        "address": address,
        "signs": " ".join(code[start : start + 4] for start in (0, 4, 8)),
        "until": clock.local(row.expires_at),
        "qr": qr.drawn(address),
    }


# --- The door ----------------------------------------------------------------


@csrf_exempt
@require_POST
def enrol(request):
    """Take the asking phone into use by a code; its token is told this once."""
    code = _code_of(request)
    if code is None:
        return JsonResponse({"why": _("This is not a code.")}, status=400)
    made = actions.enrol(code)
    if made is None:
        return _missed()
    device, token = made
    told = {"device": str(device.pk), "token": token, "name": device.name}
    response = JsonResponse(told, status=201)
    response.headers["Cache-Control"] = "no-store"
    return response


def _code_of(request):
    """The code in a small JSON body, or None."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    try:
        code = json.loads(request.body)["code"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return code if isinstance(code, str) and len(code) <= 60 else None


def _missed():
    """Say that the code is wrong, used or old; slower when many are tried.

    A code has 59 bits and is open for ten minutes, so that nobody guesses one and no
    address needs to be closed: a library and a day centre share one.
    """
    key = f"enrol:{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, 120)
    if cache.incr(key) > MISSES_A_MINUTE:
        why = _("Many codes have been tried just now. Wait a minute.")
        return JsonResponse({"why": why}, status=429, headers={"Retry-After": "60"})
    why = _("This code is wrong, used or too old. Make a new one on the desk page.")
    return JsonResponse({"why": why}, status=404)
