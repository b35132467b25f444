"""What the rhythm of the demo's work is told from: days moved, ways home, requests."""

import uuid
from datetime import timedelta

from django.db.models import F

from rinnalla.lib import clock, public_holidays
from rinnalla.planning.actions import mark_stale
from rinnalla.planning.models import OutreachRequest, Return, Visit
from rinnalla.planning.requests import actions
from rinnalla.shell.demo.county import HOME_VISITS, KUOPIO

A_DAY = timedelta(days=1)
# Who asked, of what sector; for people about to be released every fourth.
ASKERS = (
    ("Rantalan seurakunta", "parish"),
    ("Savon vankila", "prison"),
    ("Kotilinnan isännöinti", "housing"),
    ("Järvi-Savon päivystys", "social_health"),
)
CLOSED = OutreachRequest.Status.CLOSED
DECLINED = OutreachRequest.Status.DECLINED


def add_kept(known, today):
    """Move some days, end some ways home, let some requests have been visited."""
    done = Visit.objects.done().filter(day__lt=today)
    _move(done.filter(slot=F("day"), day__lt=today - A_DAY).select_related("site"))
    if not Return.objects.exists():
        Return.objects.bulk_create(_returns(done))
    asked_for = done.filter(site=known.sites[HOME_VISITS.name]).order_by("day", "pk")
    _ask(asked_for)


def _turn(key, sides, of=0):
    """A throw of a die that is the same for this key every time."""
    return key.bytes[of] % sides


def _move(visits):
    """Every twentieth visit of a rhythm was made the day after, for a listed reason."""
    for visit in visits.filter(started_at__isnull=False).defer("kit"):
        day = visit.day + A_DAY
        if _turn(visit.pk, 20) or day.weekday() > 4 or public_holidays.name_of(day):
            continue
        for changed in (visit.day, day):
            mark_stale(visit.site, changed)
        visit.day, visit.started_at = day, visit.started_at + A_DAY
        visit.ended_at = visit.ended_at + A_DAY
        visit.move_reason = ("staff_ill", "host_cancelled")[_turn(visit.pk, 2, of=1)]
        names = ["day", "started_at", "ended_at", "move_reason"]
        visit.save(update_fields=names)


def _returns(visits):
    """From three visits of four somebody said to be home, mostly in time."""
    return [
        Return(team_id=team, month=day.replace(day=1), is_on_time=_turn(key, 25) > 0)
        for key, team, day in visits.values_list("pk", "team", "day")
        if _turn(key, 4, of=1)
    ]


def _ask(visits):
    """Every second visit to a home was asked for; every ninth request was declined."""
    wanted = [visit for visit in visits if _turn(visit.pk, 2) == 0]
    keys = {visit.pk: uuid.uuid5(visit.pk, "asked for") for visit in wanted}
    there = OutreachRequest.objects.filter(pk__in=keys.values())
    there = set(there.values_list("pk", flat=True))
    for visit in wanted:
        if keys[visit.pk] not in there:
            _request(keys[visit.pk], visit)


def _request(key, visit):
    asker, sector = ASKERS[_turn(key, len(ASKERS))]
    kept = {"asker": asker, "sector": sector, "place": "–", "municipality_id": KUOPIO}
    channel = OutreachRequest.Channel.FORM
    row = actions.receive(key=key, kept=kept, channel=channel, language="fi")
    days, hours = 1 + _turn(key, 20, of=1), 1 + _turn(key, 50, of=2)
    received = clock.at(visit.day - timedelta(days=days), 8 + _turn(key, 8, of=3), 20)
    is_declined = _turn(key, 9, of=4) == 0
    OutreachRequest.objects.filter(pk=row.pk).update(
        received_at=received,
        answer_due_at=actions.add_working_days(received, actions.ANSWER_IN_DAYS),
        first_response_at=received + timedelta(hours=min(hours, 24 * days)),
        closed_at=clock.at(visit.day, 16),
        status=DECLINED if is_declined else CLOSED,
        decline_reason="no_staff" if is_declined else "",
        team_id=visit.team_id,
        visit=None if is_declined else visit,
    )
