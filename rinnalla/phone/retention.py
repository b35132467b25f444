"""What time deletes in this room."""

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import Rule, by_day, days
from rinnalla.phone import actions
from rinnalla.phone.door.actions import drop_waiting

KEPT_DAYS = 90
CODE_DAYS = 1


def _forget_decided(today, *, dry_run=False):
    return drop_waiting(today, days=KEPT_DAYS, dry_run=dry_run)


RULES = [
    Rule(
        name="phone.devices",
        what=_("Which phone sent a record"),
        after=days(KEPT_DAYS),
        delete=actions.drop_devices,
    ),
    Rule(
        name="phone.decided",
        what=_("Records that waited and were decided about"),
        after=days(KEPT_DAYS),
        delete=_forget_decided,
    ),
    Rule(
        name="phone.out_of_use",
        what=_("Phones taken out of use"),
        after=days(KEPT_DAYS),
        delete=by_day(actions.delete_phones, KEPT_DAYS),
    ),
    Rule(
        name="phone.notices",
        what=_("Notices that were put away"),
        after=days(KEPT_DAYS),
        delete=by_day(actions.delete_dismissals, KEPT_DAYS),
    ),
    Rule(
        name="phone.codes",
        what=_("Codes by which phones were taken into use"),
        after=days(CODE_DAYS),
        delete=by_day(actions.delete_codes, CODE_DAYS),
    ),
]
