"""Requests that came, were answered and visited when a test says so."""

import uuid
from datetime import timedelta

from rinnalla.lib import clock
from rinnalla.planning.models import OutreachRequest
from rinnalla.testing import make_visit


def make_asked(received, *, answered=None, visited=None, cast=None, **over):
    """A request received at a moment, answered after so many hours of the clock.

    `visited` days later the visit was done.
    """
    after = timedelta(hours=answered) if answered is not None else None
    day = clock.local(received).date()
    visit = None
    if visited is not None:
        went = {"status": "done", "day": day + timedelta(days=visited)}
        visit = make_visit(cast, **went | over.pop("went", {}))
    fields = {
        "received_at": received,
        "answer_due_at": received + timedelta(days=2),
        "first_response_at": after is not None and received + after or None,
        "channel": "form",
        "asker": "Rantalan seurakunta",
        "place": "Rantatori",
        "digest": uuid.uuid4().hex,
        "visit": visit,
    }
    return OutreachRequest.objects.create(**fields | over)
