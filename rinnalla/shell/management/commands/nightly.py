"""Run the nightly list by hand."""

import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand

from rinnalla.shell.nightly import run_night


class Command(BaseCommand):
    help = (
        "Prove the figures and delete what time deletes, as every night. The exit "
        "code is 1 when a step could not be done or a figure differs."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="only count what would go"
        )
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        steps = run_night(dry_run=options["dry_run"])
        if options["json"]:
            answer = {"dry_run": options["dry_run"], "steps": list(map(asdict, steps))}
            self.stdout.write(json.dumps(answer))
        else:
            for step in steps:
                self.stdout.write(f"{step.name}: {step.fault or step.rows}")
        if not all(step.is_well for step in steps):
            sys.exit(1)
