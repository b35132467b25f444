"""Load the invented county of the demo."""

import json
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from rinnalla.shell import actions
from rinnalla.shell.demo.rows import MONTHS
from rinnalla.statistics.actions import refresh


class Command(BaseCommand):
    help = (
        "Load the invented county Järvi-Savo: people, places and eighteen months of "
        "visits, with their figures. Running again adds only what the calendar brought."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--months", type=int, default=MONTHS, help="how far back (18)"
        )
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(
                "The demo has people with a known password: load it only with DEMO=1."
            )
        # The county stands on municipalities and code lists, also in an empty database.
        call_command("load_facts", stdout=StringIO())
        done = {"visits": actions.load_demo(options["months"]), **refresh()}
        line = ", ".join(f"{name} {number}" for name, number in done.items())
        self.stdout.write(json.dumps(done) if options["json"] else line)
