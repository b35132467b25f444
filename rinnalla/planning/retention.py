"""What time deletes in this room."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, days, months
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.calendars.retention import RULES as CALENDARS
from rinnalla.planning.events.retention import RULES as EVENTS
from rinnalla.planning.requests.retention import RULES as REQUESTS
from rinnalla.planning.safety import actions as safety

PRINT_DAYS = 30
LINK_DAYS = 30
CHECK_IN_DAYS = 14
INCIDENT_DAYS = 365


def _first_kept(today):
    """Whole months: names live as long as the single records of their visits."""
    month = today.year * 12 + today.month - 1 - settings.RAW_MONTHS
    return date(month // 12, month % 12 + 1, 1)


def _forget_names(today, *, dry_run=False):
    return actions.forget_place_names(_first_kept(today), dry_run=dry_run)


def _forget_workers(today, *, dry_run=False):
    return actions.forget_workers(_first_kept(today), dry_run=dry_run)


def _since(forget, number):
    """A rule of so many whole days before today."""

    def delete(today, *, dry_run=False):
        return forget(clock.at(today - timedelta(days=number)), dry_run=dry_run)

    return delete


RULES = [
    Rule(
        name="planning.prints",
        what=_("Prints made for somebody"),
        after=days(PRINT_DAYS),
        delete=lambda today, *, dry_run=False: actions.delete_prints(
            today - timedelta(days=PRINT_DAYS), dry_run=dry_run
        ),
    ),
    Rule(
        name="planning.guest_links",
        what=_("Links of guests that no longer open"),
        after=days(LINK_DAYS),
        delete=lambda today, *, dry_run=False: actions.delete_links(
            today - timedelta(days=LINK_DAYS), dry_run=dry_run
        ),
    ),
    Rule(
        name="planning.place_names",
        what=_("Names of unplanned places, such as homes"),
        after=months(settings.RAW_MONTHS),
        delete=_forget_names,
    ),
    Rule(
        name="planning.workers",
        what=_("Who went on old visits"),
        after=months(settings.RAW_MONTHS),
        delete=_forget_workers,
    ),
    *CALENDARS,
    *EVENTS,
    *REQUESTS,
    Rule(
        name="planning.check_ins",
        what=_("Who was out, and alarms that were closed"),
        after=days(CHECK_IN_DAYS),
        delete=_since(safety.forget_check_ins, CHECK_IN_DAYS),
    ),
    Rule(
        name="planning.incidents",
        what=_("Dangers at work that were passed on"),
        after=days(CHECK_IN_DAYS),
        delete=_since(safety.forget_incidents, CHECK_IN_DAYS),
    ),
    Rule(
        name="planning.incidents_waiting",
        what=_("Dangers at work that nobody passed on"),
        after=days(INCIDENT_DAYS),
        delete=_since(safety.forget_waiting_incidents, INCIDENT_DAYS),
    ),
    Rule(
        name="planning.passes",
        what=_("Phones' ways to the safety pages"),
        after=_("the day they expired"),
        delete=_since(safety.forget_passes, 0),
    ),
]
