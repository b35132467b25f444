"""Load what every installation needs: municipalities, counties and code lists."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from rinnalla import encounters, planning
from rinnalla.access import actions


class Command(BaseCommand):
    help = (
        "Load municipalities, counties and the shipped code lists. Running again "
        "adds what is missing and leaves alone labels the county has changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        loaded = {"municipalities": actions.load_areas(), "new_codes": 0}
        for room in (planning, encounters):
            path = Path(room.__file__).parent / "codes.csv"
            loaded["new_codes"] += actions.load_codes(path)
        line = "{municipalities} municipalities, {new_codes} new codes".format(**loaded)
        self.stdout.write(json.dumps(loaded) if options["json"] else line)
