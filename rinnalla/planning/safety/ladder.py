"""The ladder of an alarm: who must have been called by now, out of rows and the clock.

Nothing here reads or writes a table. The same rows at the same moment give the same
calls, so that a process that was killed goes on where the rows are. Late or early, an
alarm only ever asks for more people; no answer of this module ends one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
# Overdue: the pair at once, then a step higher each five minutes, at last everybody.
STEP = 5 * MINUTE
# Called for help: the pair and the named at once, everybody after two minutes.
HELP_STEP = 2 * MINUTE
# Everybody again, as long as nobody has taken it.
AGAIN = 10 * MINUTE
# So long one person may hold an alarm before everybody is asked again.
HELD = 30 * MINUTE
# A clock set back by more than this is not believed: everybody is called.
DRIFT = MINUTE

# Rounds are kept as small numbers. Those of a call for help stand apart, so that one
# that begins as lateness calls again whoever was called already.
MOST_ROUNDS, HELP_ROUND = 9_999, 10_000

CALL, NUDGE, TAKEN, SAID_SAFE, CLOSED = "call", "nudge", "taken", "said_safe", "closed"


@dataclass(frozen=True)
class Facts:
    """What the rows say of one alarm; people are their keys.

    `everybody` is whoever may be called at all, `named` the ladder's people in order,
    `called` those a call has reached (it was sent). All moments are aware.
    """

    is_overdue: bool
    raised_at: datetime
    due_at: datetime
    out: frozenset
    everybody: frozenset
    named: tuple = ()
    pair: object = None
    called: frozenset = frozenset()
    is_home: bool = False
    owner: object = None
    taken_at: datetime | None = None
    said_safe_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, order=True)
class Call:
    """One message that must go to one person: what it is for, and which round."""

    kind: str
    round: int
    worker: object


def calls(facts, now):
    """Every message the rows ask for at this moment, sent already or not."""
    if facts.closed_at is not None:
        return _tell(CLOSED, facts.called - {facts.owner})
    wanted = _nudges(facts)
    if is_held(facts, now):
        others = facts.called - facts.out - {facts.owner}
        wanted |= _tell(TAKEN, others, _minute(facts, facts.taken_at))
        return wanted | _say_safe(facts, {facts.owner})
    if is_stood_down(facts, now):
        return wanted | _say_safe(facts, facts.called - facts.out)
    return wanted | _climb(facts, now)


def is_held(facts, now):
    """Whether somebody holds the alarm just now, so that the ladder rests."""
    if facts.taken_at is None:
        return False
    return facts.taken_at - DRIFT <= now < facts.taken_at + HELD


def is_stood_down(facts, now):
    """Whether those who were late say they are well: it rests, but stays open.

    A call for help never rests by that: who forces a worker may press the same.
    """
    if not facts.is_overdue or facts.said_safe_at is None:
        return False
    return facts.is_home or now < facts.due_at


def steps(facts):
    """The people of each step, nobody twice, nobody who is out, no step empty.

    Where nobody but those who are out is left, there is no step: the page that
    checks in says so before.
    """
    orders = [{facts.pair}, *({one} for one in facts.named), facts.everybody]
    found, seen = [], set(facts.out)
    for people in orders:
        new = frozenset((set(people) & facts.everybody) - seen)
        seen |= new
        if new:
            found.append(new)
    return found


def starts(facts, number):
    """When each of so many steps begins."""
    if facts.is_overdue:
        return [facts.raised_at + i * STEP for i in range(number)]
    last = [facts.raised_at + HELP_STEP] if number > 1 else []
    return [facts.raised_at] * (number - len(last)) + last


def _climb(facts, now):
    """The calls of every step that has begun, and of the latest round after them."""
    order = steps(facts)
    begun = starts(facts, len(order))
    is_from_future = facts.raised_at > now + DRIFT
    wanted = set()
    for number, (people, at) in enumerate(zip(order, begun, strict=True)):
        if number == 0 or at <= now or is_from_future:
            wanted |= _tell(CALL, people, _numbered(facts, 0))
    latest = _round(begun[-1] if begun else facts.raised_at, now)
    if latest:
        everybody = facts.everybody - facts.out
        wanted |= _tell(CALL, everybody, _numbered(facts, latest))
    return wanted


def _round(since, now):
    """Which time everybody is called again; 0 before the first.

    Counted from the last step alone: after somebody held the alarm it goes on higher
    than before, so that no round is taken for one that was sent.
    """
    return max(0, int((now - since) / AGAIN))


def _nudges(facts):
    """Those who are late are asked themselves too; never they alone."""
    if not facts.is_overdue or facts.is_home or facts.said_safe_at:
        return set()
    return _tell(NUDGE, facts.out & facts.everybody)


def _say_safe(facts, people):
    """Tell these people each time that those who are out say they are well."""
    if facts.said_safe_at is None:
        return set()
    return _tell(SAID_SAFE, people, _minute(facts, facts.said_safe_at))


def _minute(facts, moment):
    """How many minutes the alarm was old, to tell two takings apart."""
    return _numbered(facts, int((moment - facts.raised_at) / MINUTE))


def _numbered(facts, number):
    """A round as it is kept: within what the table holds, apart for calls for help."""
    first = 0 if facts.is_overdue else HELP_ROUND
    return first + min(max(0, number), MOST_ROUNDS)


def _tell(kind, people, round=0):
    return {Call(kind, round, worker) for worker in people}
