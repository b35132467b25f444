"""The demo people one may be on the sign-in page."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from rinnalla.shell.demo import county


@dataclass(frozen=True)
class Door:
    """A demo person, what their day is like, and the picture beside it."""

    person: county.Person
    day: str
    icon: str

    @property
    def first_name(self):
        return self.person.name.partition(" ")[0]


DOORS = (
    Door(county.ANNA, _("Social counsellor on the pavement, with a phone"), "street"),
    Door(county.MIKKO, _("Anna's pair, with another phone"), "pair"),
    Door(county.SARI, _("Coordinator at a desk"), "calendar"),
    Door(county.PAIVI, _("Leader who has ten minutes"), "leader"),
    Door(county.REIJO, _("Partner from a parish"), "network"),
    Door(county.HANNU, _("Administrator who sees no content"), "lock"),
)


def door_of(email):
    """The door of this demo person, or None."""
    return next((door for door in DOORS if door.person.email == email), None)
