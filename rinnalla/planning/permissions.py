"""Who may do what with places and visits, and whose."""

from rinnalla.access.permissions import Permission
from rinnalla.access.roles import Reach

SEE_SITES = Permission(
    "planning.see_sites",
    worker=Reach.ALL,
    coordinator=Reach.ALL,
    partner=Reach.ALL,
)
# A partner sees where one may go; the card opens when its organisation goes there.
READ_CARDS = Permission(
    "planning.read_cards",
    worker=Reach.ALL,
    coordinator=Reach.ALL,
    partner=Reach.ORGANISATION,
)
EDIT_SITES = Permission("planning.edit_sites", coordinator=Reach.ALL)
EDIT_CARDS = Permission("planning.edit_cards", worker=Reach.TEAM, coordinator=Reach.ALL)
SEE_VISITS = Permission(
    "planning.see_visits",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
)
PLAN_VISITS = Permission(
    "planning.plan_visits",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
)
INVITE_GUESTS = Permission(
    "planning.invite_guests", worker=Reach.TEAM, coordinator=Reach.TEAM
)
