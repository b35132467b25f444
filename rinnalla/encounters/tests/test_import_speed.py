"""An import beside the phones: `make proof`, with a second process that taps."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SLOWEST_P95 = 250


@pytest.mark.proof
def test_taps_stay_quick_while_rows_come_in():
    command = [sys.executable, str(ROOT / "tools" / "bench_import.py")]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [*command, "--rows", "20000"],
        stdout=subprocess.PIPE,
        env=environment,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["visits"] == 20_001
    assert told["megabytes"] <= 300
    assert told["taps_during"]["number"] > 20
    assert told["taps_during"]["p95_ms"] <= SLOWEST_P95, told
