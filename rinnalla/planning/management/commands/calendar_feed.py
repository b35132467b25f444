"""Write somebody's calendar, or close its addresses."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from rinnalla.access.models import Worker
from rinnalla.planning.calendars import actions, feeds
from rinnalla.planning.models import CalendarFeed

Kind = CalendarFeed.Kind


class Command(BaseCommand):
    help = (
        "Write the calendar of one person as iCalendar text, as the private address "
        "gives it; or close the person's addresses, when a phone was lost."
    )

    def add_arguments(self, parser):
        parser.add_argument("--worker", required=True, metavar="EMAIL", help="whose")
        parser.add_argument(
            "--team", action="store_true", help="the visits of the whole team"
        )
        parser.add_argument(
            "--close", action="store_true", help="close the addresses instead"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="with --close: only say how many"
        )
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        worker = Worker.objects.filter(email__iexact=options["worker"]).first()
        if worker is None:
            raise CommandError("Nobody signs in with this email.")
        if options["close"]:
            return self._close(worker, options)
        kind = Kind.TEAM if options["team"] else Kind.OWN
        with translation.override(worker.language):
            title = feeds.title_of(worker, kind)
            told = feeds.said_of(feeds.visits_of(worker, kind))
            text = feeds.write(title, told, actions.keep_entries(told)).decode()
        if options["json"]:
            text = json.dumps({"visits": len(told), "calendar": text})
        # Lines of a calendar end in CRLF; nothing is added.
        self.stdout.write(text, ending="\n" if options["json"] else "")

    def _close(self, worker, options):
        kinds = list(worker.calendar_feeds.values_list("kind", flat=True))
        if not options["dry_run"]:
            for kind in kinds:
                actions.close_feed(None, worker, kind)
        told = {"closed": len(kinds), "dry_run": options["dry_run"]}
        line = f"closed {len(kinds)}"
        self.stdout.write(json.dumps(told) if options["json"] else line)
