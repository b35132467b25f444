"""What a phone says at the door, as tests write it."""

import json
from base64 import urlsafe_b64encode
from uuid import uuid4

from django.urls import reverse

from rinnalla.lib import clock
from rinnalla.phone import sealing
from rinnalla.phone.tests.phones import signed

TAP = {"kind": "met", "number": 1}


def fact_of(visit, kind="count", body=None, **over):
    """A plain fact of now, as the phone keeps it; `seq` is set when it is sent."""
    told = {"id": str(uuid4()), "visit": str(getattr(visit, "pk", visit))}
    body = dict(TAP) if body is None and kind == "count" else body or {}
    return (
        told
        | {"kind": kind, "body": body, "made": clock.now().timestamp(), "v": 1}
        | over
    )


def sealed(fact, key=None):
    """The same fact as the phone sends it when it was sealed."""
    key = key or sealing.current_key()
    inner = {name: fact[name] for name in ("visit", "kind", "body", "made")}
    content = sealing.SUITE.encrypt(
        json.dumps(inner).encode(),
        key.private.public_key(),
        info=f"{sealing.FACT}{fact['id']}".encode(),
    )
    text = urlsafe_b64encode(content).decode().rstrip("=")
    outer = {name: fact[name] for name in ("id", "seq", "v") if name in fact}
    return outer | {"key": key.id, "sealed": text}


class Sending:
    """A phone in somebody's hand: numbers its facts and sends them."""

    def __init__(self, client, phone):
        self.client, self.phone = client, phone
        self.seq, self.reply, self.status = 0, {}, 0

    def numbered(self, fact):
        """The fact with the phone's next number, if it has none."""
        if isinstance(fact, dict) and "seq" not in fact:
            self.seq += 1
            return fact | {"seq": self.seq}
        return fact

    def __call__(self, *facts, **over):
        """Send; the results in order. The whole answer stands in `reply`."""
        batch = {
            "version": 1,
            "worker": None,
            "now": clock.now().timestamp(),
            "highest": self.seq,
            "unsent": len(facts),
            "gone": [],
            "app": "1.0",
            "facts": [self.numbered(fact) for fact in facts],
        }
        batch["highest"] = max(batch["highest"], self.seq)
        self.post(json.dumps(batch | over))
        return [answer["result"] for answer in self.reply.get("facts", [])]

    def post(self, content):
        """Send these very bytes."""
        response = self.client.post(
            reverse("phone:sync"),
            content,
            content_type="application/json",
            **signed(self.phone),
        )
        self.status, self.reply = response.status_code, response.json()
        return response
