"""How long a session is open, and for what: the desk, or only the pavement.

A desk session closes after 30 minutes without use and 12 hours after the last proof of
who it is. A started visit keeps that device's session for the field pages until the
visit's end and two hours more, at most 14 hours; the desk pages then ask for the
password or passkey again. While a visit is kept open, counting on the phone is not use
of the desk.
"""

import secrets
from datetime import timedelta

from rinnalla.lib import clock

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
LONGEST = timedelta(hours=14)
# The time of last use is written at most this often: a tap need not write a session.
NOTED_EVERY = timedelta(minutes=2)
FIELD = "/field/"
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def begin(request):
    """Note when and on what device this session began; once, at its first use."""
    now = clock.now().timestamp()
    agent = request.headers.get("User-Agent", "")
    request.session.update(
        {
            "public_id": secrets.token_hex(8),
            "device": device_of(agent),
            "started": now,
            "seen": now,
        }
    )


def note_use(request):
    """Note that the desk is in use, so that it stays open; cheap when just noted."""
    session, now = request.session, clock.now()
    is_field = request.path.startswith(FIELD) and field_is_open(session)
    if not is_field and now.timestamp() - session["seen"] > NOTED_EVERY.total_seconds():
        session["seen"] = now.timestamp()


def desk_is_open(session):
    """Whether every page is open to this session."""
    now = clock.now().timestamp()
    proof = _last_proof(session)
    used = max(session["seen"], proof)
    idle, age = now - used, now - proof
    return idle <= IDLE.total_seconds() and age <= ABSOLUTE.total_seconds()


def field_is_open(session):
    """Whether the field pages are open because a visit was started on this device."""
    return clock.now().timestamp() <= session.get("field_until", 0)


def keep_for_field(request, until):
    """Keep this device's field pages open until then (aware), at most 14 hours.

    Called when a visit is started; `until` is the visit's end and two hours more.
    A later call never shortens what an earlier visit was given.
    """
    session = request.session
    if "started" not in session:
        begin(request)
    latest = _last_proof(session) + LONGEST.total_seconds()
    wanted = min(until.timestamp(), latest)
    session["field_until"] = max(wanted, session.get("field_until", 0))


def device_of(agent):
    """Browser and system in two words, from a User-Agent; never the whole line."""
    found = [
        next((name for mark, name in marks if mark in agent), "")
        for marks in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found))


def _last_proof(session):
    """When the worker last proved who they are; seconds since 1970."""
    records = session.get("account_authentication_methods") or []
    proofs = [record["at"] for record in records if record.get("reauthenticated")]
    return max([session["started"], *proofs])
