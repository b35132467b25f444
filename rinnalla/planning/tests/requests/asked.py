"""What a parish writes into the form, and a request that has come."""

import uuid

from rinnalla.planning.public.stamps import new_stamp
from rinnalla.planning.requests import actions

WRITTEN = {
    "asker": "Rantalan seurakunta",
    "sector": "parish",
    "place": "Rantatori",
    "municipality": "297",
    "wish": "torstaisin klo 10–12",
    "why": "Torilla on monta, jotka eivät tiedä mistä kysyä.",
    "target_groups": ["homeless"],
    "contact_source": "leaflet",
    "email": "diakonia@example.fi",
}


def written(clock=None, **over):
    """The public form as a person sends it, a minute after it was opened."""
    if clock is None:
        return {**WRITTEN, "stamp": new_stamp(), **over}
    clock.shift(-60)
    stamp = new_stamp()
    clock.shift(60)
    return {**WRITTEN, "stamp": stamp, **over}


def make_request(**over):
    """A request that came by the form."""
    kept = {"asker": "Rantalan seurakunta", "place": "Rantatori", "why": "Monta."}
    fields = {
        "key": uuid.uuid4(),
        "channel": "form",
        "language": "fi",
        "email": "diakonia@example.fi",
    }
    kept |= {name: over.pop(name) for name in ("asker", "place", "why") if name in over}
    extra = over.pop("kept", {})
    return actions.receive(kept=kept | extra, **fields | over)
