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
WATCH_EVENTS = Permission(
    "planning.watch_events", worker=Reach.TEAM, coordinator=Reach.TEAM
)
KEEP_NOTES = Permission(
    "planning.keep_notes", worker=Reach.TEAM, coordinator=Reach.TEAM
)

# --- Rhythm and month ---------------------------------------------------------

PLAN_MONTH = Permission(
    "planning.plan_month", worker=Reach.TEAM, coordinator=Reach.TEAM
)

# --- Requests, bookable times, the partners' line, feedback -------------------
# A request comes to the whole county: whoever has a free day takes it.
HANDLE_REQUESTS = Permission(
    "planning.handle_requests", worker=Reach.ALL, coordinator=Reach.ALL
)
ANSWER_FEEDBACK = Permission("planning.answer_feedback", coordinator=Reach.ALL)
EDIT_PUBLIC_LINES = Permission(
    "planning.edit_public_lines", worker=Reach.TEAM, coordinator=Reach.ALL
)
OPEN_TIMES = Permission(
    "planning.open_times", worker=Reach.TEAM, coordinator=Reach.TEAM
)
KEEP_DUTY_LINE = Permission(
    "planning.keep_duty_line", worker=Reach.TEAM, coordinator=Reach.TEAM
)
# --- Getting home ---
CHECK_IN = Permission(
    "planning.check_in",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
)
SET_LADDER = Permission("planning.set_ladder", coordinator=Reach.TEAM)
# What endangered somebody at work is for occupational safety, not for everybody.
NOTE_INCIDENTS = Permission(
    "planning.note_incidents",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
)
READ_INCIDENTS = Permission("planning.read_incidents", coordinator=Reach.TEAM)
