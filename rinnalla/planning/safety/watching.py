"""One turn of the watch: what has come due is raised, called and told, step by step.

Each step ends in the tables before the next begins, so that a process that is killed
anywhere goes on from there: 1 the beat (in `shell.watch`) · 2 raise · 3 write the calls
down · 4 note the try · 5 send · 6 hear that a server took it · 7 note that. Between 5
and 7 a call may leave twice; none is left out. docs/safety.md tells more.
"""

import logging
from datetime import timedelta

from django.db.models import Q

from rinnalla.access.models import Worker
from rinnalla.planning.models import Alarm, AlarmCall, CheckIn, SafetyNumber
from rinnalla.planning.safety import actions, ladder, sending
from rinnalla.planning.safety.reading import facts_of

log = logging.getLogger(__name__)
# Those it reached are told of the closing until so long after it.
TELL_CLOSED = timedelta(days=1)
FIRST_WAIT, LONGEST_WAIT = 5, 60  # seconds between tries


class Watch:
    """What one process remembers between turns: what is on its way, what is told."""

    def __init__(self):
        self.sender = sending.Sender()
        self.done = set()
        self.is_well = True

    def turn(self, now, elapsed):
        """One round; whether something is on its way, so that it hurries back.

        `now` is an aware moment; `elapsed` a clock in seconds that only goes forward.
        """
        self.is_well = True
        self.note(now, elapsed)
        for check_in in CheckIn.objects.out().filter(due_at__lte=now).without_alarm():
            self.apart(self.raise_alarm, check_in, now)
        for alarm in self.alarms(now):
            self.apart(self.call, alarm, now, elapsed)
        self.note(now, elapsed)
        return bool(self.sender.batches)

    def apart(self, act, *told):
        """Do it; what goes wrong with one alarm must not hold up another.

        It makes the turn not well, and that is not kept quiet: there is no beat.
        """
        try:
            act(*told)
        except Exception:
            log.exception("watch")
            self.is_well = False

    def raise_alarm(self, check_in, now):
        """Step 2: the alarm of a check-in that is late."""
        actions.raise_overdue(check_in, now)
        log.debug("step 2 raised")

    def alarms(self, now):
        """Alarms that ask for calls, the newest first: none waits behind an older."""
        lively = Q(closed_at=None) | Q(closed_at__gt=now - TELL_CLOSED)
        rows = Alarm.objects.filter(lively).exclude(pk__in=self.done)
        return rows.select_related("check_in__site", "owner").order_by("-raised_at")

    def call(self, alarm, now, elapsed):
        """Steps 3 to 5 for one alarm."""
        wanted = ladder.calls(facts_of(alarm), now)
        numbers = numbers_of(call.worker for call in wanted)
        channels = {
            call.worker: sending.channels_of(call.worker, numbers) for call in wanted
        }
        actions.write_calls(alarm, wanted, channels, now)
        log.debug("step 3 written")
        rows = unsent(alarm)
        waiting = [
            row
            for row in rows
            if ladder.Call(row.kind, row.round, row.worker_id) in wanted
        ]
        away = self.sender.on_their_way
        # Whom a call on its way reaches yet is told of the closing as well.
        if alarm.closed_at and not waiting and not any(row.pk in away for row in rows):
            self.done.add(alarm.pk)
        ripe = [row for row in waiting if row.pk not in away and is_ripe(row, now)]
        for channel in AlarmCall.Channel.values:
            mine = [row for row in ripe if row.channel == channel]
            self.apart(self.send, channel, mine, numbers, now, elapsed)

    def send(self, channel, rows, numbers, now, elapsed):
        """Steps 4 and 5: note the try, then let a batch leave; first tries first."""
        rows = [
            row
            for row in in_turn(rows)
            if channel == "mail" or row.worker_id in numbers
        ]
        while rows:
            batch, rows = rows[: sending.BATCH], rows[sending.BATCH :]
            if not self.sender.room(channel, is_first=not batch[0].tries):
                return
            mine = actions.note_try(batch, now)
            log.debug("step 4 noted the try")
            gone = self.sender.send(channel, mine, numbers, elapsed) if mine else set()
            log.debug("step 5 sent")
            if gone:
                actions.note_sent(gone, now)

    def note(self, now, elapsed):
        """Steps 6 and 7: hear what servers took, and note it."""
        keys = self.sender.taken(elapsed)
        if keys:
            log.debug("step 6 heard")
            actions.note_sent(keys, now)
            log.debug("step 7 noted")


def unsent(alarm):
    """The calls of an alarm that no server has taken, with whom they are for."""
    rows = alarm.calls.filter(sent_at=None).select_related(
        "worker", "alarm__check_in__site", "alarm__owner"
    )
    return list(rows)


def in_turn(rows):
    """First tries first; the others the other way round each time.

    So a letter that holds a server up does not stand before the same people again.
    """

    def place(row):
        return row.tries, row.kind != ladder.CALL, -row.pk if row.tries % 2 else row.pk

    return sorted(rows, key=place)


def is_ripe(row, now):
    """Whether a call may be tried: never yet, or not just now; 5 s, 10, 20, … 60.

    A try noted in the future is a clock that was set back: it does not hold a call.
    """
    if row.tried_at is None or row.tried_at > now + ladder.DRIFT:
        return True
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.tries - 1, 10))
    return now >= row.tried_at + timedelta(seconds=wait)


def numbers_of(keys):
    """The work phones of these workers by key; none where no sender of texts is set."""
    rows = SafetyNumber.objects.filter(worker__in=Worker.objects.filter(pk__in=keys))
    return dict(rows.values_list("worker_id", "number"))
