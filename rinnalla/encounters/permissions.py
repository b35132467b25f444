"""Who may record and read what was met, and on whose visits."""

from rinnalla.access.permissions import Permission
from rinnalla.access.roles import Reach

RECORD = Permission(
    "encounters.record",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
)
READ_ENCOUNTERS = Permission(
    "encounters.read",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
)
KEEP_BOARDS = Permission(
    "encounters.keep_boards", worker=Reach.TEAM, coordinator=Reach.TEAM
)
STRIKE_TEXT = Permission("encounters.strike_text", coordinator=Reach.TEAM)
IMPORT_VISITS = Permission("encounters.import_visits", coordinator=Reach.ALL)
