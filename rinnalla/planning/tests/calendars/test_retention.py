"""What time deletes of calendars, reminders and events."""

from datetime import timedelta

from rinnalla.lib import clock
from rinnalla.planning.calendars import actions
from rinnalla.planning.calendars.feeds import said_of
from rinnalla.planning.models import CalendarEntry, Event, SentReminder, Visit
from rinnalla.planning.retention import RULES
from rinnalla.testing import make_visit


def run(name):
    """How many a dry run finds, how many go, and how many are found again."""
    (rule,) = [rule for rule in RULES if rule.name == name]
    today = clock.today()
    return rule.run(today, dry_run=True), rule.run(today), rule.run(today)


def test_what_calendars_were_told(cast):
    for days in (-61, -59):
        make_visit(cast, day=clock.today() + timedelta(days=days))
    actions.keep_entries(said_of(Visit.objects.select_related("site__municipality")))
    assert run("planning.calendar_entries") == (1, 1, 0)
    assert CalendarEntry.objects.count() == 1


def test_sent_reminders(cast):
    for days in (-31, -29):
        day = clock.today() + timedelta(days=days)
        actions.claim_reminder(cast.aino, SentReminder.Kind.SAME_MORNING, day)
    assert run("planning.sent_reminders") == (1, 1, 0)


def test_events_that_are_over(cast):
    long_ago = clock.today() - timedelta(days=500)
    for name, until in (("Ohi", None), ("Kestää", clock.today())):
        fields = {"team": cast.team, "name": name, "day": long_ago}
        Event.objects.create(until=until, **fields)
    assert run("planning.events") == (1, 1, 0)
    assert Event.objects.get().name == "Kestää"
