"""Practice: an invented queue of two minutes. Nothing of it is sent or stored."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SECONDS_EACH = 8


@dataclass(frozen=True)
class Moment:
    """What happens next in the queue: who is met, guided or goes by, and how many."""

    kind: str  # met, guided, by, undo (a lesson, nobody comes) or end
    text: str
    number: int = 1


QUEUE = [
    Moment("met", _("A man nods and says good morning.")),
    Moment("by", _("Somebody walks by, eyes on the phone.")),
    Moment("met", _("A woman takes a leaflet and asks how you are.")),
    Moment("guided", _("A woman asks about housing benefit. You look it up together.")),
    Moment("met", _("A young man asks what you are doing here.")),
    Moment("undo", _("A slip of the finger: press +1 once too often, then Undo.")),
    Moment("met", _("Two friends say hello. Both of them count."), 2),
    Moment("by", _("Two people turn away. That is their right."), 2),
    Moment("guided", _("A man says the rent is late. You call the landlord together.")),
    Moment("met", _("Somebody tells of a grandchild and walks on.")),
    Moment("met", _("Somebody you know from last week waves.")),
    Moment("by", _("A family of three hurries to the bus."), 3),
    Moment("guided", _("A man wants to see a social worker. You agree on a day.")),
    Moment("met", _("A woman asks when you are here again.")),
    Moment("end", _("The queue is over. Press End.")),
]
