"""Jobs of the worker process: the reminders of each time of day."""

from datetime import timedelta

from django_tasks import task

from rinnalla.lib import clock
from rinnalla.planning.calendars import reminders

TRY_AGAIN_AFTER = timedelta(minutes=10)


@task()
def remind_of_tomorrow():
    """Send the reminders of the evening before."""
    _remind(reminders.Kind.EVENING_BEFORE)


@task()
def remind_of_today():
    """Send the reminders of the same morning."""
    _remind(reminders.Kind.SAME_MORNING)


@task()
def remind_of_missing_pairs():
    """Send word of the pairs that are missing in a week."""
    _remind(reminders.Kind.MISSING_PAIR)


@task()
def remind_again(*, kind, today):
    """Try once more what a mail server did not take; only on the same day."""
    if clock.today().isoformat() == today:
        _remind(kind)


def _remind(kind):
    if not reminders.send(kind):
        later = remind_again.using(run_after=clock.now() + TRY_AGAIN_AFTER)
        later.enqueue(kind=str(kind), today=clock.today().isoformat())
