"""Add an administrator from the command line: the first has nobody to invite them."""

import json

from django.core.management.base import BaseCommand, CommandError

from rinnalla.access import actions, invitations
from rinnalla.access.forms import AdministratorForm


class Command(BaseCommand):
    help = (
        "Add an administrator and print the link where they choose a password. "
        "The others are invited on the page Upkeep, Workers."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help='name at work, "Hannu Koivula"')
        parser.add_argument("email", help="work email")
        parser.add_argument("organisation", help="the county or city, by name")
        parser.add_argument("--language", default="fi", help="fi, sv or en")
        parser.add_argument(
            "--address",
            default="http://localhost:8000",
            help="where the pages are, https://rinnalla.example.fi",
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        form = AdministratorForm(options)
        if not form.is_valid():
            raise CommandError(form.errors.as_text())
        if options["dry_run"]:
            return self._say({"email": options["email"], "link": ""}, options)
        worker = actions.add_administrator(**form.cleaned_data)
        link = options["address"].rstrip("/") + invitations.path_to(worker)
        return self._say({"email": worker.email, "link": link}, options)

    def _say(self, answer, options):
        text = answer["link"] or "nothing was changed"
        self.stdout.write(json.dumps(answer) if options["json"] else text)
