"""Count figures again from their facts."""

import json

from django.core.management.base import BaseCommand

from rinnalla.planning.models import StaleMonth
from rinnalla.statistics import actions


class Command(BaseCommand):
    help = "Recount the months that are marked as stale, or every month with --all."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="mark every month first")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what is marked"
        )

    def handle(self, *, all: bool, dry_run: bool, **options):
        marked = actions.mark_all() if all and not dry_run else 0
        waiting = StaleMonth.objects.values("site", "month").distinct().count()
        done = {} if dry_run else actions.refresh()
        answer = {"marked": marked, "waiting": waiting, **done}
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            for name, number in answer.items():
                self.stdout.write(f"{name}: {number}")
