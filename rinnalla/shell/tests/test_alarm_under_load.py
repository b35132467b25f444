"""An alarm reaches a second person within ten seconds of due, whatever else runs.

Every browser is closed and no page is served. Meanwhile rows are imported, figures are
recounted and the mail server hangs with the letters of an earlier alarm. Each database
is tried with an installation of its own: a file, or a database beside the suite's.
"""

import json
import os
import subprocess
import sys

import pytest

from rinnalla.phone.tests.faults.server import database_in

BAR = 10  # seconds from the agreed time to the second person's mailbox


def surroundings():
    """The environment without what this run says of its own database and settings."""
    ours = {"DJANGO_SETTINGS_MODULE", "RINNALLA_TEST_DIR", "DATA_DIR", "KEY_DIR"}
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of an installation of its own, on this run's kind of database."""
    database = database_in(tmp_path)
    own = {"DATABASE_URL": database.address, "TMPDIR": str(tmp_path), "DEMO": ""}
    yield surroundings() | own
    database.drop()


def measured(settings, environment, **options):
    """What the measurement says."""
    command = [sys.executable, "tools/bench_alarm.py"]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_it_works(settings, elsewhere):
    """It arrives while the letters of the one before still hang; how soon, below."""
    told = measured(settings, elsewhere, rows=1000, alarms=1)
    assert told["connections_that_hang"] >= 1
    assert told["alarms"] == 1


@pytest.mark.proof
def test_a_hundred_thousand_rows_delay_no_alarm(settings, elsewhere):
    told = measured(settings, elsewhere, rows=100_000, alarms=12)
    assert told["alarms_while_importing"] >= 3
    assert told["recounts"] >= 1
    assert told["slowest_s"] < BAR
