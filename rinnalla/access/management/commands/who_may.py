"""Show who may do what to whose rows."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand

from rinnalla.access import who_may

PAGE = settings.BASE_DIR / "docs" / "permissions.md"


class Command(BaseCommand):
    help = "Show for each permission how far each role reaches."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument(
            "--write", action="store_true", help="write docs/permissions.md"
        )

    def handle(self, *args, **options):
        if options["write"]:
            PAGE.write_text(who_may.as_markdown())
        elif options["json"]:
            self.stdout.write(json.dumps(who_may.rows(), indent=1))
        else:
            self.stdout.write(who_may.as_markdown())
