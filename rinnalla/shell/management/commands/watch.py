"""Run the watch process until it is told to stop."""

import signal

from django.core.management.base import BaseCommand

from rinnalla.shell.watch import Loop


class Command(BaseCommand):
    help = (
        "Raise the alarm for whoever is not home by the agreed time, and call people "
        "until somebody takes it. Nothing else. Ends on SIGTERM or Ctrl-C."
    )

    def handle(self, *args, **options):
        loop = Loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, loop.stop)
        loop.run()
