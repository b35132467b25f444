"""The nights as an administrator reads them."""

from dataclasses import dataclass

from rinnalla.lib import clock
from rinnalla.shell.models import NightRun
from rinnalla.shell.nightly import LINES, PROOF, Line


@dataclass(frozen=True)
class Row:
    """One step of a night in words: what, how long it is kept, how many rows went."""

    line: Line
    run: NightRun

    @property
    def is_proof(self):
        return self.run.step == PROOF

    @property
    def is_well(self):
        return not self.run.fault and not (self.is_proof and self.run.rows)


@dataclass(frozen=True)
class Night:
    """All steps of one day, the newest run of each first."""

    day: object
    rows: list

    @property
    def is_well(self):
        return all(row.is_well for row in self.rows)

    @property
    def deleted(self):
        """Rows that went, over the steps that delete."""
        return sum(row.run.rows for row in self.rows if not row.is_proof)


def nights_of(days):
    """The nights of these days (aware midnights), newest first; one query."""
    days = [clock.local(day).date() for day in days]
    if not days:
        return []
    runs = NightRun.objects.filter(
        at__gte=clock.at(min(days)), at__lte=clock.at(max(days), 23, 59)
    ).order_by("-at", "id")
    rows = {day: [] for day in days}
    for run in runs:
        row = Row(LINES.get(run.step, Line(run.step)), run)
        rows.setdefault(clock.local(run.at).date(), []).append(row)
    return [Night(day, rows[day]) for day in days]
