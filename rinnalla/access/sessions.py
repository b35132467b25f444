"""How long a session is open: the desk, and only the desk.

It closes after 30 minutes without use and 12 hours after the last proof of who it is.
The pavement needs none: a phone in use has a token of its own (see `phone.guards`).
"""

import secrets
from datetime import timedelta

from rinnalla.lib import clock

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# The time of last use is written at most this often: a tap need not write a session.
NOTED_EVERY = timedelta(minutes=2)
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
    if now.timestamp() - session["seen"] > NOTED_EVERY.total_seconds():
        session["seen"] = now.timestamp()


def desk_is_open(session):
    """Whether every page is open to this session."""
    now = clock.now().timestamp()
    proof = _last_proof(session)
    used = max(session["seen"], proof)
    idle, age = now - used, now - proof
    return idle <= IDLE.total_seconds() and age <= ABSOLUTE.total_seconds()


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
