"""The watch in a process of its own, on the database of the test; killed where told.

    python -m rinnalla.planning.tests.safety.running '{"die_at": "step 4", …}'

It dies by SIGKILL the moment it logs the step, as a machine that loses its power.
"""

import importlib
import json
import logging
import os
import signal
import subprocess
import sys

from rinnalla.tests import house

HERE = "rinnalla.planning.tests.safety.running"


class Dying(logging.Handler):
    """Ends its own process at once when a step is reached."""

    def __init__(self, step):
        super().__init__(logging.DEBUG)
        self.step = step

    def emit(self, record):
        if record.getMessage().startswith(self.step):
            os.kill(os.getpid(), signal.SIGKILL)


def main(told):
    """Run the real loop on the database that is told."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rinnalla.test_settings"
    settings = importlib.import_module("rinnalla.test_settings")
    settings.DATABASES["default"]["NAME"] = told["database"]
    for name, value in told["settings"].items():
        setattr(settings, name, value)
    import django

    django.setup()
    for place, value in told["instead"].items():
        module, _dot, name = place.rpartition(".")
        setattr(importlib.import_module(module), name, value)
    if told["die_at"]:
        logger = logging.getLogger("rinnalla")
        logger.setLevel(logging.DEBUG)
        logger.addHandler(Dying(told["die_at"]))
    from django.core.management import call_command

    call_command("watch")


def start(database, settings, *, die_at="", **instead):
    """A running watch; `instead` are names of the code by their full path."""
    told = {
        "database": str(database),
        "settings": settings,
        "die_at": die_at,
        "instead": instead,
    }
    command = [sys.executable, "-m", HERE, json.dumps(told)]
    return subprocess.Popen(command, cwd=house.ROOT)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
