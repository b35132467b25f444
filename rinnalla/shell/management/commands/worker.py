"""Run the worker process until it is told to stop."""

import os
import signal

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from rinnalla.shell.worker import Loop


class Command(BaseCommand):
    help = (
        "Recount figures, draw charts, make prints and imports, and run the nights. "
        "Ends after the job under way on SIGTERM or Ctrl-C."
    )

    def handle(self, *args, **options):
        loop = Loop(f"{os.getpid()}-{get_random_string(8)}")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, loop.stop)
        loop.run()
