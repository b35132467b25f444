"""The partners' duty line: turns are set, calls are counted."""

from datetime import timedelta

from django.db import transaction

from rinnalla.access import audit
from rinnalla.lib import clock
from rinnalla.planning.models import DutyCall, DutyTurn


@transaction.atomic
def set_turns(by, *, day, starts, ends, worker, partner, weeks):
    """Give somebody the line on a weekday for so many weeks; a set turn is changed."""
    for number in range(weeks):
        turn, _is_new = DutyTurn.objects.update_or_create(
            team=by.team,
            day=day + timedelta(weeks=number),
            starts=starts,
            defaults={"ends": ends, "worker": worker, "partner": partner},
        )
    audit.log(by, "duty.turns_set", turn, count=weeks)
    return turn


@transaction.atomic
def drop_turn(by, turn):
    """Take a turn away; sent twice, gone once."""
    if DutyTurn.objects.filter(pk=turn.pk).exists():
        audit.log(by, "duty.turn_dropped", turn)
        turn.delete()


@transaction.atomic
def count_call(by, *, key, sector, matter):
    """Count a call of today, as two codes. `key` is born with the form."""
    call, is_new = DutyCall.objects.get_or_create(
        pk=key,
        defaults={
            "team": by.team,
            "day": clock.today(),
            "sector": sector,
            "matter": matter,
        },
    )
    if is_new:
        audit.log(by, "duty.call_counted", call)
    return call


@transaction.atomic
def take_back_call(by, key):
    """Take back a call of today that was counted by mistake; whether it was there."""
    calls = DutyCall.objects.filter(pk=key, team=by.team, day=clock.today())
    call = calls.first()
    if call is None:
        return False
    audit.log(by, "duty.call_taken_back", call)
    call.delete()
    return True


def forget_workers(before, *, dry_run=False):
    """Forget who had the line on days before this one."""
    rows = DutyTurn.objects.filter(day__lt=before).exclude(worker=None)
    return rows.count() if dry_run else rows.update(worker=None)
