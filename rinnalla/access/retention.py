"""What a retention rule is: each room lists its own in RULES, the shell runs them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Rule:
    """One thing that time deletes: what it is, after how long, and how.

    `delete(today)` deletes what is due and says how many rows went; with
    `dry_run=True` it changes nothing and says how many would go. Running it again
    finds nothing.
    """

    name: str  # "encounters.texts", for logs and the proof
    what: str  # in words a data-protection officer reads
    after: str  # "13 months", likewise
    delete: Callable[..., int]

    def run(self, today: date, *, dry_run: bool = False) -> int:
        """Delete what is due on this day; the number of rows."""
        return self.delete(today, dry_run=dry_run)
