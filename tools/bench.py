#!/usr/bin/env python3
"""Measure: run every tools/bench_*.py, or those named, one after another.

    make bench
    python tools/bench.py figures

Each prints its figures as rows for docs/measured.md. Measure on a quiet machine.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main():
    """Run the measurements; the exit code is 1 when one of them could not."""
    found = sorted(FOLDER.glob("bench_*.py"))
    chosen = [path for path in found if is_asked_for(path)]
    if not chosen:
        sys.exit(f"Measurements there are: {[path.stem[6:] for path in found]}")
    return max([measure(path) for path in chosen])


def is_asked_for(path):
    """Whether somebody named this measurement, or none."""
    return len(sys.argv) == 1 or path.stem.removeprefix("bench_") in sys.argv[1:]


def measure(path):
    """Run one measurement in the foreground."""
    print(f"\n══ {path.stem.removeprefix('bench_')}", flush=True)
    done = subprocess.run([sys.executable, str(path)], cwd=FOLDER.parent)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
