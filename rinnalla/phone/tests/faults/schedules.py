"""Random days of a phone, and what a pencil would have written down of them.

A schedule is a list of steps; those named in FACTS are recorded, the others hurt. The
same seed and number give the same schedule.
"""

import random
from dataclasses import dataclass, field

FACTS = ("count", "encounter", "mark", "undo")
TAPS = ("met", "met", "met", "met", "ten", "total", "guided", "guided", "mark", "undo")
PLAIN_TAPS = ("met", "met", "ten", "guided")
HURTS = ("cut", "lose", "double", "late", "restart", "abrupt", "seal", "send", "send")
EVICTED = 0.05
FEWEST, MOST = 5, 14


@dataclass
class Schedule:
    """One phone's day: its steps, and whether the browser throws its database away."""

    number: int
    steps: list
    is_evicted: bool = False

    @property
    def facts(self):
        return [step for step in self.steps if step[0] in FACTS]


def make(seed, number):
    """The schedule of this number."""
    chance = random.Random(f"{seed}:{number}")
    is_evicted = chance.random() < EVICTED
    taps, pencil = chance.randint(FEWEST, MOST), Pencil()
    steps, evicted_at = [], chance.randint(1, taps)
    for tap in range(taps):
        if chance.random() < 0.4:
            steps.append([chance.choice(HURTS), chance.randint(1, 3)])
        step = _tap(chance, pencil, PLAIN_TAPS if is_evicted else TAPS)
        pencil.write(step)
        steps.append(step)
        if is_evicted and tap + 1 == evicted_at:
            steps.append(["evict", 0])
    return Schedule(number, steps, is_evicted)


def _tap(chance, pencil, taps):
    tap = chance.choice(taps)
    if tap == "undo" and not pencil.undoable:
        tap = "met"
    if tap == "total":
        total = {"total": chance.randint(0, 60), "was": pencil.met}
        return ["count", {"kind": "met", **total}]
    if tap in ("met", "ten"):
        number = {"met": 1, "ten": 10}[tap]
        return ["count", {"kind": "met", "number": number}]
    return [{"guided": "encounter"}.get(tap, tap), {}]


@dataclass
class Pencil:
    """The figures of one phone on paper, and how many rows they are on the server."""

    met: int = 0
    guided: int = 0
    rows: int = 0
    undoable: list = field(default_factory=list)

    def write(self, step):
        """Write one fact down."""
        kind, body = step
        if kind == "undo":
            return self._strike()
        met, guided = self._effect(kind, body)
        self.rows += kind != "mark"
        self.undoable.append((kind, met, guided))
        self._add(met, guided)
        return None

    def _effect(self, kind, body):
        if kind == "encounter":
            return 1, 1
        if kind == "mark":
            return 0, 0
        return body["number"] if "number" in body else body["total"] - self.met, 0

    def _strike(self):
        kind, met, guided = self.undoable.pop()
        self.rows += kind == "count"
        self._add(-met, -guided)

    def _add(self, met, guided):
        self.met += met
        self.guided += guided


def written(facts):
    """What these facts come to."""
    pencil = Pencil()
    for step in facts:
        pencil.write(step)
    return pencil
