#!/usr/bin/env python3
"""Bring in, or check, the files that come from elsewhere and are kept here.

    python tools/vendor.py           fetch the pinned npm packages, write the files
    python tools/vendor.py --check   compare the kept files with vendor.json

vendor.json names each package, its version and licence, each kept file with its
SHA-256, and which drawing of the icon set stands for which role. To add an icon,
add a line to "icons" there and run this. Fetching needs npm; checking needs nothing.

A package of many modules that name each other as a browser cannot find them is put
into one file, readable and not minified, by the pinned bundler: its entry lists what
we take ("bundle") and what it imports ("needs").
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "vendor.json"
KEPT = (
    ROOT / "rinnalla/shell/static/vendor",
    ROOT / "rinnalla/phone/static/phone/vendor",
    ROOT / "tools/vendor",
)
ICON_HEADER = (
    '<svg xmlns="http://www.w3.org/2000/svg">\n'
    "<!-- Icons from lucide-static {version}, ISC License, Copyright (c) Lucide Icons"
    " and Contributors; parts from Feather, MIT, Copyright (c) Cole Bemis."
    " Names are ours. -->\n"
)


def main():
    """Fetch or check, as asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    manifest = json.loads(MANIFEST.read_text())
    if parser.parse_args().check:
        complaints = list(check(manifest))
        print("\n".join(complaints) or "vendored files: as in vendor.json")
        return 1 if complaints else 0
    for package in manifest["packages"]:
        fetch(package, manifest)
    for wheel in manifest["wheels"]:
        sign(wheel)
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
    return 0


def check(manifest):
    """Say which kept file is changed, missing or not in the manifest."""
    listed = {}
    for package in manifest["packages"] + manifest["wheels"]:
        listed |= package["files"]
    for name, file in listed.items():
        path = ROOT / name
        if not path.exists():
            yield f"{name}: missing; run: make vendor"
        elif digest(path) != file["sha256"]:
            yield f"{name}: differs from vendor.json; run: make vendor"
    for path in (path for folder in KEPT for path in folder.rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and name not in listed:
            yield f"{name}: not in vendor.json"


def fetch(package, manifest):
    """Take one npm package and write the files kept from it."""
    pinned = f"{package['name']}@{package['version']}"
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, pinned]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as files:
            for name, file in package["files"].items():
                write(ROOT / name, content(files, file, package, manifest))
    sign(package)
    print(f"{pinned}: {len(package['files'])} files")


def content(files, file, package, manifest):
    """The bytes of one kept file: one of the package, a bundle, our sheet of icons."""
    if file.get("bundle"):
        return bundle(file, package, manifest["bundler"])
    if not file.get("icons"):
        # A script of others is not asked for its types.
        head = b"// @ts-nocheck\n" if file["from"].endswith(".js") else b""
        return (head if file.get("unchecked") else b"") + member(files, file["from"])
    symbols = (
        f'<symbol id="i-{role}" viewBox="0 0 24 24">{drawing(files, name)}</symbol>'
        for role, name in manifest["icons"].items()
    )
    header = ICON_HEADER.format(version=package["version"])
    return (header + "\n".join(symbols) + "\n</svg>\n").encode()


def bundle(file, package, bundler):
    """What we take of a package as one plain module, with what that imports."""
    pinned = {package["name"]: package["version"], **file["needs"]}
    wanted = [f"{name}@{version}" for name, version in pinned.items()]
    head = f"// @ts-nocheck\n// {', '.join(wanted)} ({package['licence']}); {bundler}\n"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "package.json").write_text('{"private": true}')
        options = ("--no-package-lock", "--no-audit", "--silent")
        run(["npm", "install", *options, bundler, *wanted], folder)
        names = ", ".join(file["bundle"])
        Path(folder, "entry.js").write_text(
            f'export {{ {names} }} from "{package["name"]}";'
        )
        done = ("--bundle", "--format=esm", "--target=es2022", "--outfile=out.js")
        run(["node_modules/.bin/esbuild", "entry.js", *done], folder)
        return head.encode() + Path(folder, "out.js").read_bytes()


def run(command, folder):
    """Run a program quietly in a folder."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, check=True, cwd=folder, **quiet)


def drawing(files, name):
    """What is inside one icon's svg element, on one line."""
    svg = member(files, f"icons/{name}.svg").decode()
    return " ".join(re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)[1].split())


def member(files, name):
    """Read one file of an npm archive."""
    return files.extractfile(f"package/{name}").read()


def write(path, data):
    """Write a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def sign(package):
    """Note the SHA-256 of each file of a package."""
    for name, file in package["files"].items():
        file["sha256"] = digest(ROOT / name)


def digest(path):
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
