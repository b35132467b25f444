"""An import beside the phones: `make proof`, with a second process that taps.

Each database is tried with an installation of its own: a file, or a database beside
the suite's.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rinnalla.phone.tests.faults.server import database_in

ROOT = Path(__file__).parents[3]
SLOWEST_P95 = 250


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of an installation of its own, on this run's kind of database."""
    database = database_in(tmp_path)
    environment = os.environ | {"DATABASE_URL": database.address}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    yield environment
    database.drop()


@pytest.mark.proof
def test_taps_stay_quick_while_rows_come_in(elsewhere):
    command = [sys.executable, str(ROOT / "tools" / "bench_import.py")]
    done = subprocess.run(
        [*command, "--rows", "20000"],
        stdout=subprocess.PIPE,
        env=elsewhere,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["visits"] == 20_001
    assert told["megabytes"] <= 300
    assert told["taps_during"]["number"] > 20
    assert told["taps_during"]["p95_ms"] <= SLOWEST_P95, told
