"""Phones that tests hold in their hands, and what waits of them."""

import json
import uuid

from rinnalla.lib import clock
from rinnalla.phone import sealing
from rinnalla.phone.guards import digest_of_token
from rinnalla.phone.models import Device, Quarantined

TOKEN = "lumi-narskuu"


def make_phone(worker=None, team=None, **over):
    """A phone of a worker, or of a team when no worker is given."""
    token = over.pop("token", f"{TOKEN}-{Device.objects.count()}")
    fields = {"name": "Oma puhelin" if worker else "Tiimin puhelin"}
    phone = Device.objects.create(
        worker=worker,
        team=None if worker else team,
        token_digest=digest_of_token(token),
        enrolled_by=worker,
        enrolled_on=clock.today(),
        **fields | over,
    )
    phone.token = token
    return phone


def signed(phone):
    """The header by which a phone says who it is."""
    return {"HTTP_AUTHORIZATION": f"Device {phone.pk}.{phone.token}"}


def wait(cast, reason, visit=None, kind="count", body=None, **over):
    """A fact of Aino's phone that waits, sealed as the door seals it."""
    id, fact = uuid.uuid4(), over.pop("fact_id", uuid.uuid4())
    at = int(clock.now().timestamp())
    said = {
        "id": str(fact),
        "seq": 1,
        "visit": str(visit.pk) if visit else None,
        "kind": kind,
        "body": body or {"kind": "met", "number": 1},
        "made": at,
        "at": at,
        "v": 1,
    }
    content = over.pop("content", said)
    fields = {
        "team": cast.team,
        "worker": cast.aino,
        "visit": visit and visit.pk,
        "kind": kind,
        "sealed": sealing.keep(json.dumps(content).encode(), id),
        "on": clock.today(),
    }
    return Quarantined.objects.create(
        id=id, fact_id=fact, reason=reason, **fields | over
    )


def text_waits(cast, visit, text="Soita 040 123 4567"):
    """A text the guard stopped on the server."""
    return wait(cast, "text", visit, "note", content={"text": text})
