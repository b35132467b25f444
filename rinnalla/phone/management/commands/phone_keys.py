"""Show the keys that phones seal to, or make a new one."""

import json

from django.core.management.base import BaseCommand

from rinnalla.phone import sealing


class Command(BaseCommand):
    help = (
        "List the keys that phones seal their records to, or rotate: make a new one "
        "that is given out from now on. Older ones stay in KEY_DIR and still open."
    )

    def add_arguments(self, parser):
        parser.add_argument("do", choices=["list", "rotate"])
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        if options["do"] == "rotate" and not options["dry_run"]:
            sealing.make_key()
        keys = sealing.all_keys()
        rows = [{"id": key.id, "made": key.made[:15]} for key in keys]
        for row in rows:
            row["is_current"] = row == rows[-1]
        if options["json"]:
            self.stdout.write(json.dumps({"keys": rows, "changed": _changed(options)}))
        else:
            self._say(rows, options)

    def _say(self, rows, options):
        for row in rows:
            given = "  given out now" if row["is_current"] else ""
            self.stdout.write(f"{row['id']}  made {row['made']}{given}")
        if not rows:
            self.stdout.write("no key yet: the first phone's question makes one")
        if options["do"] == "rotate" and options["dry_run"]:
            self.stdout.write("nothing was changed: one more would be made")


def _changed(options):
    return options["do"] == "rotate" and not options["dry_run"]
