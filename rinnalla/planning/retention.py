"""What time deletes in this room."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import (
    Rule,
    by_day,
    by_moment,
    by_month,
    days,
    months,
)
from rinnalla.planning import actions
from rinnalla.planning.calendars.retention import RULES as CALENDARS
from rinnalla.planning.events.retention import RULES as EVENTS
from rinnalla.planning.notes.retention import RULES as NOTES
from rinnalla.planning.requests.retention import RULES as REQUESTS
from rinnalla.planning.safety import actions as safety

PRINT_DAYS = 30
LINK_DAYS = 30
CHECK_IN_DAYS = 14
INCIDENT_DAYS = 365


RULES = [
    Rule(
        name="planning.prints",
        what=_("Prints made for somebody"),
        after=days(PRINT_DAYS),
        delete=by_day(actions.delete_prints, PRINT_DAYS),
    ),
    Rule(
        name="planning.guest_links",
        what=_("Links of guests that no longer open"),
        after=days(LINK_DAYS),
        delete=by_day(actions.delete_links, LINK_DAYS),
    ),
    Rule(
        name="planning.place_names",
        what=_("Names of unplanned places, such as homes"),
        after=months(settings.RAW_MONTHS),
        delete=by_month(actions.forget_place_names, settings.RAW_MONTHS),
    ),
    Rule(
        name="planning.workers",
        what=_("Who went on old visits"),
        after=months(settings.RAW_MONTHS),
        delete=by_month(actions.forget_workers, settings.RAW_MONTHS),
    ),
    *CALENDARS,
    *EVENTS,
    *NOTES,
    *REQUESTS,
    Rule(
        name="planning.check_ins",
        what=_("Who was out, and alarms that were closed"),
        after=days(CHECK_IN_DAYS),
        delete=by_moment(safety.forget_check_ins, CHECK_IN_DAYS),
    ),
    Rule(
        name="planning.incidents",
        what=_("Dangers at work that were passed on"),
        after=days(CHECK_IN_DAYS),
        delete=by_moment(safety.forget_incidents, CHECK_IN_DAYS),
    ),
    Rule(
        name="planning.incidents_waiting",
        what=_("Dangers at work that nobody passed on"),
        after=days(INCIDENT_DAYS),
        delete=by_moment(safety.forget_waiting_incidents, INCIDENT_DAYS),
    ),
    Rule(
        name="planning.passes",
        what=_("Phones' ways to the safety pages"),
        after=_("the day they expired"),
        delete=by_moment(safety.forget_passes, 0),
    ),
]
