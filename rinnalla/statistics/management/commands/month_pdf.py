"""Make a month's sheet as PDF."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from rinnalla.statistics import actions
from rinnalla.statistics.counting import months_before
from rinnalla.statistics.management.commands.figures import a_day
from rinnalla.statistics.prints import data_of, make_pdf
from rinnalla.statistics.report import month_report
from rinnalla.statistics.scope import Scope


class Command(BaseCommand):
    help = (
        "Write the PDF of a month (2026-03) for the whole area to a file. Who writes "
        "it reads it: the splits of its year are then published for good."
    )

    def add_arguments(self, parser):
        parser.add_argument("month", help="for example 2026-03")
        parser.add_argument(
            "--language", default="fi", choices=[code for code, _ in settings.LANGUAGES]
        )
        parser.add_argument("--output", type=Path, help="where to; 2026-03.pdf here")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument(
            "--dry-run", action="store_true", help="say how large it is, write nothing"
        )

    def handle(self, *, month, language, output, **options):
        first = a_day(f"{month}-01")
        output = output or Path(f"{month}.pdf")
        if not options["dry_run"]:
            actions.recount_stale()
            actions.note_read(first.year, months_before(first, 2).year)
        with override(language):
            pdf = make_pdf(data=data_of(month_report(Scope(), first)))
        if not options["dry_run"]:
            write(output, pdf)
        answer = {"month": month, "bytes": len(pdf), "file": str(output)}
        said = json.dumps(answer) if options["json"] else f"{output}: {len(pdf)} B"
        self.stdout.write(said)


def write(path, content):
    """Put the bytes in the file; a CommandError says why they could not be."""
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise CommandError(f"cannot write {path}: {fault.strerror}") from fault
