"""Ask for figures by days, places and closed splits; the same as on the pages."""

import csv
import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from rinnalla.lib.tables.write import safe_text
from rinnalla.statistics import actions
from rinnalla.statistics.questions import GROUPINGS, CannotAnswer, ask
from rinnalla.statistics.report import DIMENSIONS
from rinnalla.statistics.rhythm import questions as rhythm


def a_day(text):
    """A day written 2026-03-01."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CommandError(f"{text} is not a day like 2026-03-01") from fault


def safe(value):
    """A cell that no spreadsheet takes for a formula."""
    return safe_text(value) if isinstance(value, str) else value


class Command(BaseCommand):
    help = (
        "Print figures from one day to another, both included. Splits of people "
        "(topic, age_band …) are given for whole closed months, quarters or years "
        "only, small numbers protected: null with the mark c. With --of rhythm: the "
        "promised days, familiar faces, ways home and requests of whole months."
    )

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", required=True, metavar="DATE")
        parser.add_argument("--to", dest="last", required=True, metavar="DATE")
        parser.add_argument(
            "--by", default="", help=f"comma-separated: {', '.join(GROUPINGS)}"
        )
        parser.add_argument("--of", default="visits", choices=["visits", "rhythm"])
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="answer as JSON")
        form.add_argument("--csv", action="store_true", help="answer as CSV")

    def handle(self, *, first, last, by, of, csv, **options):
        first, last = a_day(first), a_day(last)
        split = [name.strip() for name in by.split(",") if name.strip()]
        actions.recount_stale()
        if set(split) & set(DIMENSIONS):
            actions.publish_closed()
            actions.note_read(*range(first.year, last.year + 1))
        try:
            rows = (rhythm.ask if of == "rhythm" else ask)(first, last, split)
        except CannotAnswer as why:
            raise CommandError(str(why)) from why
        if csv:
            self._write_csv(rows)
        elif options["json"]:
            span = {"from": first.isoformat(), "to": last.isoformat(), "by": split}
            answer = span | {"rows": rows}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for row in rows:
                self.stdout.write("  ".join(f"{k} {v}" for k, v in row.items()))

    def _write_csv(self, rows):
        writer = csv.writer(self.stdout, delimiter=";", lineterminator="\n")
        if rows:
            writer.writerow(rows[0])
        for row in rows:
            writer.writerow(["" if v is None else safe(v) for v in row.values()])
