"""The nightly proof: are the figures what the facts say?"""

import json

from django.core.management.base import BaseCommand, CommandError

from rinnalla.statistics import actions
from rinnalla.statistics.models import MonthTotal, SealedMonth


class Command(BaseCommand):
    help = (
        "Count every open month again and compare, check the seal of every sealed one. "
        "Changes nothing but marked months. Ends with an error when anything differs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *, json: bool, **options):
        alarms = actions.prove_counts()
        answer = {
            "months": MonthTotal.objects.values("site", "month").distinct().count(),
            "sealed": SealedMonth.objects.count(),
            "alarms": alarms,
        }
        self.stdout.write(_as_json(answer) if json else _as_text(answer))
        if alarms:
            raise CommandError(f"{len(alarms)} months differ from their facts")


def _as_json(answer):
    return json.dumps(answer, ensure_ascii=False)


def _as_text(answer):
    lines = [
        f"{alarm['month']} site {alarm['site']}: {alarm['what']}"
        for alarm in answer["alarms"]
    ]
    lines.append(f"{answer['months']} months proved, {answer['sealed']} of them sealed")
    return "\n".join(lines)
