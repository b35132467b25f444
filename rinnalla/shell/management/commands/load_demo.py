"""Load the invented county of the demo."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rinnalla.shell import actions


class Command(BaseCommand):
    help = (
        "Load the invented county Järvi-Savo: people, places and eighteen months of "
        "visits. Running again adds only what the calendar has brought since."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(
                "The demo has people with a known password: load it only with DEMO=1."
            )
        added = actions.load_demo()
        line = f"{added} visits added"
        self.stdout.write(json.dumps({"visits": added}) if options["json"] else line)
