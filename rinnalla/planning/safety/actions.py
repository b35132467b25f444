"""What is done about getting home: the only code of this area that writes.

Every action is safe to send twice. Going out, staying longer and coming home are not
logged: their rows tell it for 14 days, and a log would keep who moved where.

None of those that the process `watch` calls ends a check-in or closes an alarm: only a
person does.
"""

import json
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from rinnalla.access import audit
from rinnalla.access.models import Team, Worker
from rinnalla.access.roles import Role
from rinnalla.lib import clock, links, sealing
from rinnalla.planning.models import (
    Alarm,
    AlarmCall,
    CheckIn,
    IncidentNote,
    Return,
    SafetyContact,
    SafetyNumber,
    SafetyPass,
)
from rinnalla.planning.models.safety import CALL
from rinnalla.planning.safety.ladder import DRIFT, HELD

PASS = "safety pass"
PASS_HOURS = timedelta(hours=14)
# Home again one may still say that it was heavy; then the phone is anybody's.
PASS_LINGERS = timedelta(minutes=10)


class OutOfStep(Exception):
    """The check-in or alarm has moved on: this cannot be done to it any more."""


class OwnAlarm(Exception):
    """Who is out can neither take nor close the alarm about it."""


class AlreadyOut(Exception):
    """This person is out on another check-in, which `check_in` holds."""

    def __init__(self, check_in):
        super().__init__(str(check_in.pk))
        self.check_in = check_in


class Taken(Exception):
    """Somebody else took it first; `alarm` says who."""

    def __init__(self, alarm):
        super().__init__(str(alarm.pk))
        self.alarm = alarm


# --- Going out and coming home -------------------------------------------------


@transaction.atomic
def check_in(worker, *, key, due_at, people, place="", **details):
    """Say that one goes out. `key` is born with the form: sent twice, out once.

    `place` are words for a place that is no site; they are sealed. `details` are
    fields of CheckIn by name. Raises AlreadyOut.
    """
    made = CheckIn.objects.filter(pk=key, people=worker).first()
    if made:
        return made
    # One at a time for one person, so that two tabs make one check-in.
    Worker.objects.select_for_update(of=("self",)).get(pk=worker.pk)
    other = CheckIn.objects.of(worker)
    if other:
        raise AlreadyOut(other)
    row = CheckIn.objects.create(
        pk=key,
        team=_team_of(worker, details),
        organisation=worker.organisation,
        sealed_place=sealing.seal(place, f"check-in {key}") if place else None,
        started_at=clock.cut(clock.now()),
        due_at=due_at,
        **details,
    )
    row.people.set({worker, *people})
    _keep_passes(row)
    return row


def _team_of(worker, details):
    visit = details.get("visit")
    return visit.team if visit else worker.team


@transaction.atomic
def extend(worker, check_in, *, due_at):
    """Stay out until a later moment. Raises OutOfStep when all are home.

    Late already, it also says that all is well: the open alarm rests until the new
    moment, and stays open until somebody else closes it.
    """
    row = _locked(CheckIn, check_in)
    if row.ended_at is not None:
        raise OutOfStep
    if row.due_at != due_at:
        row.due_at = due_at
        row.save(update_fields=["due_at"])
        _say_safe(row)
    return row


@transaction.atomic
def home_safe(worker, check_in):
    """Say that all are home; the sealed place goes. Sent twice, said once.

    An open alarm stays open for somebody else to close; the place of one who called
    for help stays as long, as who forces a worker may press the same.
    """
    row = _locked(CheckIn, check_in)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        _note_return(row)
        _say_safe(row)
        end_passes_soon(row.people.all())
        if not row.alarms.open().filter(kind=Alarm.Kind.CALLED).exists():
            _forget_place(row)
    return row


def _note_return(row):
    """Keep, without a person, that a check-in ended and whether by the agreed time.

    Lateness that raised an alarm stays lateness when more time was asked for after
    it. A call for help is neither: it leaves no row.
    """
    kinds = set(row.alarms.values_list("kind", flat=True))
    if Alarm.Kind.CALLED in kinds:
        return
    Return.objects.create(
        team_id=row.team_id,
        month=clock.local(row.due_at).date().replace(day=1),
        is_on_time=row.ended_at <= row.due_at and Alarm.Kind.OVERDUE not in kinds,
    )


def _say_safe(row):
    for alarm in row.alarms.open():
        alarm.said_safe_at = clock.now()
        alarm.save(update_fields=["said_safe_at"])


def _forget_place(row):
    if row.sealed_place is not None:
        row.sealed_place = None
        row.save(update_fields=["sealed_place"])
    Alarm.objects.filter(check_in=row, sealed_spot__isnull=False).update(
        sealed_spot=None
    )


# --- Alarms --------------------------------------------------------------------


@transaction.atomic
def call_for_help(worker, check_in=None, *, key=None):
    """Raise an alarm at once; also without a check-in, whose `key` is then given.

    One that is open because of lateness becomes a call for help: whoever took it is
    asked anew with everybody else. Pressed twice, raised once.
    """
    if check_in is None:
        check_in = CheckIn.objects.of(worker) or _unannounced(worker, key)
    row = _locked(CheckIn, check_in)
    alarm, is_new = Alarm.objects.get_or_create(
        check_in=row,
        closed_at=None,
        defaults={"kind": Alarm.Kind.CALLED, "raised_at": clock.now()},
    )
    if not is_new:
        alarm = _locked(Alarm, alarm)
    if is_new or alarm.kind != Alarm.Kind.CALLED:
        _turn_to_help(alarm)
        audit.log(worker, "safety.called_for_help", alarm, exact=True)
    return alarm


def _turn_to_help(alarm):
    """Nobody has taken, and nobody has heard of, the call for help this now is."""
    alarm.kind, alarm.raised_at = Alarm.Kind.CALLED, clock.now()
    alarm.owner = alarm.taken_at = alarm.said_safe_at = None
    names = ["kind", "raised_at", "owner", "taken_at", "said_safe_at"]
    alarm.save(update_fields=names)


def _unannounced(worker, key):
    now = clock.now()
    row, is_new = CheckIn.objects.get_or_create(
        pk=key or uuid.uuid4(),
        defaults={
            "team": worker.team,
            "organisation": worker.organisation,
            "started_at": clock.cut(now),
            "due_at": now,
            "may_locate": True,
        },
    )
    if is_new:
        row.people.set([worker])
        _keep_passes(row)
    return row


@transaction.atomic
def raise_overdue(check_in, now):
    """Raise the alarm of a check-in that is late at this moment; None if it is not."""
    row = _locked(CheckIn, check_in)
    if row.ended_at is not None or row.due_at > now:
        return None
    alarm, is_new = Alarm.objects.get_or_create(
        check_in=row,
        closed_at=None,
        defaults={"kind": Alarm.Kind.OVERDUE, "raised_at": row.due_at},
    )
    if is_new:
        audit.log(None, "safety.overdue", alarm, exact=True)
    return alarm


@transaction.atomic
def take(worker, alarm):
    """Take an alarm on; the first one owns it. Raises Taken, OwnAlarm or OutOfStep.

    Held for half an hour without being closed, it may be taken by somebody else, or
    once more by the same.
    """
    row, now = _locked(Alarm, alarm), clock.now()
    if row.closed_at is not None:
        raise OutOfStep
    _must_not_be_out(worker, row)
    if row.owner_id and row.taken_at - DRIFT <= now < row.taken_at + HELD:
        if row.owner_id == worker.pk:
            return row
        raise Taken(row)
    row.owner, row.taken_at = worker, now
    row.save(update_fields=["owner", "taken_at"])
    audit.log(worker, "safety.taken", row, exact=True)
    return row


@transaction.atomic
def close(worker, alarm, *, how):
    """Close an alarm one has taken; those who were out are home with it.

    The sealed place and spot go. Raises OutOfStep for somebody else's, OwnAlarm for
    one's own.
    """
    # The check-in first, as everywhere: two at once must not wait for each other.
    check_in = _locked(CheckIn, alarm.check_in)
    row = _locked(Alarm, alarm)
    _must_not_be_out(worker, row)
    if row.closed_at is not None or row.owner_id != worker.pk:
        if row.owner_id == worker.pk and row.how == how:
            return row
        raise OutOfStep
    row.closed_at, row.how = clock.now(), how
    row.save(update_fields=["closed_at", "how"])
    if check_in.ended_at is None:
        check_in.ended_at = row.closed_at
        check_in.save(update_fields=["ended_at"])
        _note_return(check_in)
        end_passes_soon(check_in.people.all())
    _forget_place(check_in)
    audit.log(worker, "safety.closed", row, exact=True)
    return row


@transaction.atomic
def open_place(worker, alarm):
    """The sealed words of where they are, for the one who took the alarm; logged.

    None when there are none, or they are gone. Raises OutOfStep for anybody else.
    """
    row = _held_by(worker, alarm)
    sealed = row.check_in.sealed_place
    if sealed is None:
        return None
    place = sealing.unseal(sealed, f"check-in {row.check_in_id}")
    audit.log(worker, "safety.place_opened", row, exact=True)
    return place


@transaction.atomic
def add_spot(worker, alarm, *, latitude, longitude, metres):
    """Keep, sealed, where the phone says it is; only with an alarm, if agreed."""
    row = _locked(Alarm, alarm)
    if row.closed_at is None and row.check_in.may_locate:
        spot = {"lat": latitude, "lon": longitude, "metres": metres}
        row.sealed_spot = sealing.seal(json.dumps(spot), f"alarm {row.pk}")
        row.save(update_fields=["sealed_spot"])
    return row


@transaction.atomic
def open_spot(worker, alarm):
    """Where the phone was, as {lat, lon, metres}, for the one who took it; logged.

    None when it did not tell, or that is gone. Raises OutOfStep for anybody else.
    """
    row = _held_by(worker, alarm)
    if row.sealed_spot is None:
        return None
    text = sealing.unseal(row.sealed_spot, f"alarm {row.pk}")
    audit.log(worker, "safety.spot_opened", row, exact=True)
    return text and json.loads(text)


def _held_by(worker, alarm):
    row = Alarm.objects.select_related("check_in").get(pk=alarm.pk)
    if row.closed_at is not None or row.owner_id != worker.pk:
        raise OutOfStep
    return row


def _must_not_be_out(worker, alarm):
    if alarm.check_in.people.filter(pk=worker.pk).exists():
        raise OwnAlarm


# --- Calls: written down, tried, sent ------------------------------------------


@transaction.atomic
def write_calls(alarm, wanted, channels, now):
    """Write down these calls of an alarm that are not yet; `channels` by worker key."""
    there = set(alarm.calls.values_list("kind", "round", "worker_id", "channel"))
    new = [
        _call(alarm, call, channel, now)
        for call in sorted(wanted)
        for channel in channels[call.worker]
        if (call.kind, call.round, call.worker, channel) not in there
    ]
    AlarmCall.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _call(alarm, call, channel, now):
    row = AlarmCall(
        alarm=alarm,
        worker_id=call.worker,
        kind=call.kind,
        round=call.round,
        channel=channel,
        written_at=now,
    )
    row.digest = links.digest_of(CALL, token_of(row))
    return row


def token_of(call):
    """The secret in a call's link; only the installation can work it out."""
    seed = f"{call.alarm_id}.{call.worker_id}.{call.kind}.{call.round}.{call.channel}"
    return links.secret_for(CALL, seed)


@transaction.atomic
def note_try(calls, now):
    """Note before sending that these calls are tried; those nobody else tries now."""
    mine = []
    for call in calls:
        same = AlarmCall.objects.filter(pk=call.pk, tries=call.tries, sent_at=None)
        if same.update(tries=call.tries + 1, tried_at=now):
            mine.append(call)
    return mine


@transaction.atomic
def note_sent(keys, now):
    """Note that the server took these calls."""
    AlarmCall.objects.filter(pk__in=keys, sent_at=None).update(sent_at=now)


# --- Who is called, and how ----------------------------------------------------


@transaction.atomic
def set_ladder(by, team, workers):
    """Keep who is called after the pair, in this order."""
    Team.objects.select_for_update().get(pk=team.pk)
    before = team.contacts.order_by("order").values_list("worker_id", flat=True)
    if list(before) == [worker.pk for worker in workers]:
        return
    team.contacts.all().delete()
    SafetyContact.objects.bulk_create(
        SafetyContact(team=team, worker=worker, order=order)
        for order, worker in enumerate(workers, start=1)
    )
    audit.log(by, "safety.ladder_set", team)


@transaction.atomic
def set_number(worker, number):
    """Keep the work phone alarms reach this worker on; empty takes it away."""
    if number:
        SafetyNumber.objects.update_or_create(
            worker=worker, defaults={"number": number}
        )
    else:
        SafetyNumber.objects.filter(worker=worker).delete()
    audit.log(worker, "safety.number_set", worker)


# --- Phones --------------------------------------------------------------------


@transaction.atomic
def make_pass(worker, device, secret):
    """Let a phone in use open the safety pages for this worker, 14 hours long."""
    SafetyPass.objects.filter(device=device).delete()
    return SafetyPass.objects.create(
        digest=links.digest_of(PASS, secret),
        worker=worker,
        device=device,
        expires_at=clock.now() + PASS_HOURS,
    )


def end_passes(device):
    """Take a phone's way to the safety pages away."""
    SafetyPass.objects.filter(device=device).delete()


def end_passes_soon(workers):
    """Close these people's way to the safety pages in ten minutes: they are back.

    Who is still out, or has taken an alarm on, keeps it: the way home is never shut.
    """
    end = clock.now() + PASS_LINGERS
    out = CheckIn.objects.out().filter(people=OuterRef("worker"))
    owned = Alarm.objects.open().filter(owner=OuterRef("worker"))
    passes = SafetyPass.objects.filter(worker__in=workers, expires_at__gt=end)
    passes.filter(~Exists(out), ~Exists(owned)).update(expires_at=end)


def _keep_passes(check_in):
    """Who sets out anew within these minutes keeps the way home to the end."""
    now = clock.now()
    passes = SafetyPass.objects.filter(worker__in=check_in.people.all())
    passes.filter(expires_at__gt=now).update(expires_at=now + PASS_HOURS)


def pass_of(secret):
    """The pass this secret opens, its worker along, or None."""
    rows = SafetyPass.objects.select_related("worker__organisation", "worker__team")
    rows = rows.filter(expires_at__gt=clock.now(), worker__is_active=True)
    found = rows.filter(digest=links.digest_of(PASS, secret)).first()
    return None if found is None or found.worker.organisation.has_ended else found


# --- Incidents, for occupational safety ----------------------------------------


@transaction.atomic
def note_incident(worker, *, key, **told):
    """Write down what endangered somebody. `key` is born with the form.

    The team whose coordinator reads it is the place's; of a partner without one, that
    of the last visit.
    """
    row, is_new = IncidentNote.objects.get_or_create(
        pk=key,
        defaults={
            "team": _reading_team(worker, told),
            "organisation": worker.organisation,
            "written_by": worker,
            **told,
        },
    )
    if is_new:
        audit.log(worker, "safety.incident_noted", row)
    return row


def _reading_team(worker, told):
    if told.get("site"):
        return told["site"].team
    if worker.role != Role.PARTNER:
        return worker.team
    visits = worker.visits.filter(day__lte=told["day"]).select_related("team")
    last = visits.order_by("-day", "pk").first()
    return last.team if last else None


@transaction.atomic
def pass_on(worker, note, *, reference):
    """Say that occupational safety has a note; it is deleted after 14 days."""
    row = _locked(IncidentNote, note)
    if row.passed_on_at is None:
        row.passed_on_at, row.reference = clock.cut(clock.now()), reference
        row.save(update_fields=["passed_on_at", "reference"])
        audit.log(worker, "safety.incident_passed_on", row)
    return row


# --- What time deletes ---------------------------------------------------------


def forget_check_ins(before, *, dry_run=False):
    """Delete check-ins that ended before this moment and whose alarms are closed."""
    due = CheckIn.objects.filter(ended_at__lt=before).without_alarm()
    return _delete(due, dry_run)


def forget_incidents(before, *, dry_run=False):
    """Delete notes that occupational safety has had since before this moment."""
    return _delete(IncidentNote.objects.filter(passed_on_at__lt=before), dry_run)


def forget_waiting_incidents(before, *, dry_run=False):
    """Delete notes of dangers before this moment that nobody passed on."""
    waiting = IncidentNote.objects.filter(passed_on_at=None)
    return _delete(waiting.filter(day__lt=clock.local(before).date()), dry_run)


def forget_passes(before, *, dry_run=False):
    """Delete passes of phones that stopped opening before this moment."""
    return _delete(SafetyPass.objects.filter(expires_at__lt=before), dry_run)


def _delete(rows, dry_run):
    if dry_run:
        return rows.count()
    number = rows.count()
    rows.delete()
    return number


def _locked(model, row):
    """The row as it stands now, held for this transaction."""
    return model.objects.select_for_update(of=("self",)).get(pk=row.pk)
