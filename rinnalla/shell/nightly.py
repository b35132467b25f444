"""What is done every night, in this order: prove the figures, delete what is due.

Each room says in its `retention.py` what time deletes there. A step that cannot be
done never stops the ones after it; it is noted and tried again the next night.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from rinnalla.access.retention import RULES as ACCESS
from rinnalla.encounters.retention import RULES as ENCOUNTERS
from rinnalla.lib import clock
from rinnalla.phone.retention import RULES as PHONE
from rinnalla.planning.retention import RULES as PLANNING
from rinnalla.shell import actions
from rinnalla.shell.retention import RULES as SHELL
from rinnalla.statistics.actions import prove_counts
from rinnalla.statistics.retention import RULES as STATISTICS

log = logging.getLogger(__name__)
# Own words go before the records they hang on.
RULES = (*ENCOUNTERS, *STATISTICS, *PLANNING, *PHONE, *ACCESS, *SHELL)
PROOF = "statistics.proof"


@dataclass(frozen=True)
class Step:
    """What one step came to: rows deleted (or alarms found), or the kind of fault."""

    name: str
    rows: int = 0
    fault: str = ""

    @property
    def is_well(self):
        return not self.fault and not (self.name == PROOF and self.rows)


@dataclass(frozen=True)
class Line:
    """How a step is shown to the administrator."""

    what: str
    after: str = ""


LINES = {PROOF: Line(_("Figures that differ from their records"))} | {
    rule.name: Line(rule.what, rule.after) for rule in RULES
}


def run_night(*, dry_run=False):
    """Do the whole list and keep the proof; a dry run only counts what is due."""
    today = clock.today()
    steps = [] if dry_run else [_step(PROOF, lambda: len(prove_counts()))]
    for rule in RULES:
        steps.append(_step(rule.name, _due(rule, today, dry_run)))
    if not dry_run:
        actions.note_night(steps)
    return steps


def _due(rule, today, dry_run) -> Callable[[], int]:
    return lambda: rule.run(today, dry_run=dry_run)


def _step(name, do):
    try:
        return Step(name, do())
    # Whatever goes wrong in one room, the others' rules must be kept.
    except Exception as fault:
        log.exception("night step %s", name)
        return Step(name, fault=type(fault).__name__)
