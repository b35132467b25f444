#!/usr/bin/env python3
"""Make .venv and install the locked packages, with Python's standard library alone.

    python tools/bootstrap.py run   what the product runs with
    python tools/bootstrap.py dev   that, and the tools for testing

Works also where Python has no ensurepip: pip comes as a file of this repository.
pip fetches uv, uv installs the rest with hashes; if uv cannot, pip does it. What
is in place is noted in .venv/installed, so a second run takes no time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
REQUIREMENTS = ROOT / "requirements"
OLDEST, TOO_NEW = (3, 11), (3, 14)
WINDOWS = os.name == "nt"
VENV_PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
UV_HOME = VENV / "uv"
UV = UV_HOME / ("bin/uv.exe" if WINDOWS else "bin/uv")


def main():
    """Install one of the two sets, unless it is in place already."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "run"
    if wanted not in {"run", "dev"}:
        sys.exit(__doc__)
    refuse_unfit_python()
    if in_place(wanted):
        return
    # A development set contains the other; installing "run" must not take it away.
    if STAMP.exists() and STAMP.read_text().startswith("dev"):
        wanted = "dev"
    make_venv()
    install(wanted)
    STAMP.write_text(f"{wanted} {fingerprint(wanted)}\n")


def refuse_unfit_python():
    """Stop with one clear line where this Python cannot run the product."""
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        have = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Rinnalla needs Python 3.11, 3.12 or 3.13; this is {have}."
            " Name another one: make demo PYTHON=python3.12"
        )


def in_place(wanted):
    """Whether this set, at these versions, stands in .venv already."""
    if not STAMP.exists() or not VENV_PYTHON.exists():
        return False
    kept = STAMP.read_text().strip()
    if wanted == "run" and kept == f"dev {fingerprint('dev')}":
        return True
    return kept == f"{wanted} {fingerprint(wanted)}"


def fingerprint(wanted):
    """What a set depends on: its lock and the Python it is for."""
    text = (REQUIREMENTS / f"{wanted}.txt").read_bytes()
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return f"{version} {hashlib.sha256(text).hexdigest()}"


def make_venv():
    """Make .venv without pip, or keep the one that works."""
    if VENV_PYTHON.exists() and works(VENV_PYTHON):
        return
    say("Making .venv")
    try:
        import venv
    except ImportError:
        sys.exit("This Python lacks its venv module; Debian: apt install python3-venv")
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=False, symlinks=not WINDOWS)


def works(python):
    """Whether an interpreter starts and is of the same version as this one."""
    code = "import sys; print(sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return done.stdout.strip() == str(sys.version_info[:2])


def install(wanted):
    """Install a set with hashes: uv first, and pip alone where uv cannot."""
    say(f"Installing the {wanted} set (a minute the first time)")
    locked = REQUIREMENTS / f"{wanted}.txt"
    try:
        if not UV.exists():
            pip(REQUIREMENTS / "uv.txt", "--target", UV_HOME)
        # A county's network often has a certificate of its own in the system's store.
        options = ("--system-certs", "--require-hashes", "--python", VENV_PYTHON)
        quiet("uv", UV, "pip", "sync", *options, locked)
    except subprocess.CalledProcessError as fault:
        say(f"{fault.cmd[0]} could not install; pip goes on alone")
        try:
            pip(locked)
        except subprocess.CalledProcessError as second:
            sys.exit(f"The packages could not be installed.\n{second.output}")


def pip(locked, *options):
    """Install a locked list with the pip kept in this repository."""
    wheel = next((ROOT / "tools" / "vendor").glob("pip-*.whl"))
    command = (VENV_PYTHON, wheel / "pip", "install", "--disable-pip-version-check")
    quiet("pip", *command, "--require-hashes", "-r", locked, *options)


def quiet(name, *command):
    """Run a command, keeping what it says for the case that it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, [name], done.stdout)


def say(text):
    """Tell what is going on, in one line."""
    print(f"· {text}", flush=True)


if __name__ == "__main__":
    main()
