"""How guessing at the sign-in page is slowed: by name and place, never by place alone.

A day centre, a library and a whole office share one address, so an address alone is
never closed. Eight misses for one name from one place close that pair for 15 minutes
(django-axes). Misses for one name from many places together are spaced: after 40 in 15
minutes one try each half minute is looked at, whoever sends it. The owner is never shut
out: a browser where this person has signed in before is not spaced, and a passkey is
never asked to wait.

Digits of a second step are counted by person: eight tries in 15 minutes, in the same
table, so that every process of the server sees them.
"""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Max, Sum
from django.utils.crypto import salted_hmac

from rinnalla.lib import clock

WINDOW = timedelta(minutes=15)
SPACING = timedelta(seconds=30)
MISSES_OF_A_NAME = 40
GUESSES_OF_DIGITS = 8
COOKIE = "__Host-known" if settings.HTTPS else "known"
SALT = "known-device"
KEPT = 365 * 24 * 60 * 60
PEOPLE_A_DEVICE = 5


def name_of(request, credentials=None):
    """The name a try is counted under: the email address, in small letters."""
    credentials = credentials or {}
    email = credentials.get("email") or credentials.get("username") or ""
    return email.strip().lower()[:255]


def place_of(request):
    """The address a request came from; behind our proxy the one the proxy saw."""
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if settings.SECURE_PROXY_SSL_HEADER and seen:
        return seen
    return request.META.get("REMOTE_ADDR")


def must_wait(request, name):
    """Whether a try for this name is not looked at just now."""
    if _print(name) in _known(request):
        return False
    now = clock.now()
    misses = AccessAttempt.objects.filter(
        username=name, attempt_time__gte=now - WINDOW
    ).aggregate(all=Sum("failures_since_start"), last=Max("attempt_time"))
    many = (misses["all"] or 0) >= MISSES_OF_A_NAME
    return many and misses["last"] > now - SPACING


def digits_of(worker):
    """The row that counts one person's tries at the second step; as it is made."""
    who = {"username": f"second step {worker.pk}", "ip_address": "0.0.0.0"}
    return who | {"user_agent": ""}


def remember_device(request, response, name):
    """Let this browser's later sign-ins of the same person pass without waiting."""
    mine = _print(name)
    prints = [mine, *(other for other in _known(request) if other != mine)]
    response.set_cookie(
        COOKIE,
        signing.dumps(prints[:PEOPLE_A_DEVICE], salt=SALT),
        max_age=KEPT,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _known(request):
    try:
        value = request.COOKIES.get(COOKIE, "")
        return signing.loads(value, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return []


def _print(name):
    """The name as a print: a shared computer's cookies tell nobody who works here."""
    return salted_hmac(SALT, name).hexdigest()[:16]
