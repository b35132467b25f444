"""Make a month's sheet as PDF."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rinnalla.statistics import actions
from rinnalla.statistics.management.commands.figures import a_day
from rinnalla.statistics.models import MonthSheet


class Command(BaseCommand):
    help = (
        "Make the PDF of a month (2026-03) for the whole area; the page offers it. "
        "With --output also write it to a file."
    )

    def add_arguments(self, parser):
        parser.add_argument("month", help="for example 2026-03")
        parser.add_argument(
            "--language", default="fi", choices=[code for code, _ in settings.LANGUAGES]
        )
        parser.add_argument("--output", type=Path, help="write the PDF here")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say whether one is there"
        )

    def handle(self, *, month, language, output, **options):
        first = a_day(f"{month}-01")
        if not options["dry_run"]:
            actions.recount_stale()
            actions.print_sheet(first, language)
        sheet = MonthSheet.objects.filter(month=first, language=language).first()
        if output and sheet:
            try:
                output.write_bytes(bytes(sheet.pdf))
            except OSError as fault:
                raise CommandError(
                    f"cannot write {output}: {fault.strerror}"
                ) from fault
        answer = {"month": month, "bytes": len(sheet.pdf) if sheet else 0}
        said = (
            json.dumps(answer) if options["json"] else f"{month}: {answer['bytes']} B"
        )
        self.stdout.write(said)
