#!/usr/bin/env python3
"""Lock what pyproject.toml asks for: exact versions and hashes, no addresses.

    python tools/lock.py          keep the versions of the last lock where they fit
    python tools/lock.py --upgrade  take the newest that fit

uv works out the set in uv.lock, which stays out of the repository because it
records where each file was downloaded. What is committed is requirements/run.txt
(what the product runs with), requirements/dev.txt (that and the tools for
testing) and requirements/uv.txt (the installer itself).
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
HEADER = "# Made by `make lock` from pyproject.toml. Do not edit by hand.\n"
EXPORT = ("export", "--quiet", "--frozen", "--no-emit-project", "--no-header")


def main():
    """Lock, then write the three files."""
    uv("lock", "--quiet", *sys.argv[1:])
    write("run.txt", uv(*EXPORT, "--no-dev"))
    write("dev.txt", uv(*EXPORT))
    write("uv.txt", lock_installer())


def uv(*arguments, given=None):
    """Run uv and return what it prints."""
    command = [sys.executable, "-m", "uv", *arguments]
    if not (Path(sys.prefix) / "bin" / "uv").exists():
        command = [str(Path(sys.prefix) / "uv" / "bin" / "uv"), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, input=given, text=True, capture_output=True
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def lock_installer():
    """The hashes of uv itself, at the version that did the locking."""
    version = uv("--version").split()[1]
    quiet = ("--quiet", "--universal", "--no-header", "--no-annotate")
    given = f"uv=={version}\n"
    return uv("pip", "compile", *quiet, "--generate-hashes", "-", given=given)


def write(name, text):
    """Write one file, refusing a text that tells where something was downloaded."""
    if re.search(r"https?:|file:|^--", text, re.MULTILINE):
        sys.exit(f"{name} would hold an address; it was left as it was")
    (FOLDER / name).write_text(HEADER + text)
    count = len(re.findall(r"^\S+==", text, re.MULTILINE))
    print(f"requirements/{name}: {count} packages")


if __name__ == "__main__":
    main()
