"""People on their way, as tests of getting home need them."""

import uuid
from datetime import timedelta

from rinnalla import testing
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.planning.models import Alarm, SafetyContact
from rinnalla.planning.safety import actions

PLACE = "Rantakatu 5 B, ovikoodi 1234"


def set_out(worker, *, minutes=60, people=(), **details):
    """Somebody who went out and is to be home so many minutes from now."""
    due_at = clock.now() + timedelta(minutes=minutes)
    return actions.check_in(
        worker, key=uuid.uuid4(), due_at=due_at, people=list(people), **details
    )


def late_alarm(worker, *, minutes=0, **details):
    """The alarm of somebody who has been late for so many minutes."""
    row = set_out(worker, minutes=-minutes, **details)
    return actions.raise_overdue(row, clock.now())


def call_for_help(worker, **details):
    """The alarm of somebody who called for help."""
    set_out(worker, **details)
    return actions.call_for_help(worker)


def make_ladder(cast):
    """Kaisa is the named person; Niilo the next one; Ossi works in the team too."""
    cast.niilo = testing.make_worker(
        "Niilo Niemi", Role.COORDINATOR, cast.county, cast.team
    )
    cast.ossi = testing.make_worker("Ossi Orava", Role.WORKER, cast.county, cast.team)
    for order, worker in enumerate((cast.kaisa, cast.niilo), start=1):
        SafetyContact.objects.create(team=cast.team, worker=worker, order=order)
    return cast


def open_alarms():
    return Alarm.objects.filter(closed_at=None)
