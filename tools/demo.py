#!/usr/bin/env python3
"""Start the demo county on this machine: pages, worker and watch.

    make demo                     http://127.0.0.1:8000, data in ./var
    make demo PORT=8080 DATA_DIR=/somewhere PROFILE=anonymous

The first run makes the database and loads the invented county; the next ones only
start. Ctrl-C stops everything. The figures and the people are invented.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
SECONDS_TO_START, SECONDS_TO_STOP = 180, 10


def main():
    """Prepare, start, wait for Ctrl-C, stop."""
    port = read_port()
    settings = environment()
    settings.setdefault("PUBLIC_ADDRESS", f"http://{HOST}:{port}")
    os.chdir(ROOT)
    prepare(settings)
    children = start(port, settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_until_healthy(port, children)
        print(f"\n  {welcome(port, settings)}\n", flush=True)
        return watch_over(children)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(children)


def read_port():
    """The port to listen on; one clear line where it is not free."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, int(text)))
        except OSError:
            sys.exit(f"Port {text} is in use. Choose another: make demo PORT=8080")
    return int(text)


def environment():
    """The settings of the demo; what the environment says already stays."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    given = {name: value for name, value in os.environ.items() if value}
    chosen = {
        "DEMO": "yes",
        "PROFILE": "with-inbox",
        "HASHED_STATIC": "yes",
        "DJANGO_SETTINGS_MODULE": "rinnalla.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return chosen | given | {"DATA_DIR": str(data)}


def prepare(settings):
    """Bring texts, tables, facts, the county and the static files up to date."""
    steps = {
        "texts": [sys.executable, "tools/messages.py", "--all", "--compile"],
        "tables": manage("migrate", "--verbosity", "0"),
        "municipalities and code lists": manage("load_facts"),
        "the demo county (a minute the first time)": manage("load_demo"),
        "static files": manage("collectstatic", "--no-input", "--verbosity", "0"),
    }
    for name, command in steps.items():
        print(f"· {name}", flush=True)
        done = subprocess.run(command, env=settings, stdout=subprocess.DEVNULL)
        if done.returncode:
            sys.exit(f"The demo could not be prepared: {' '.join(command[1:])}")


def manage(*arguments):
    """A command of manage.py."""
    return [sys.executable, "manage.py", *arguments]


def start(port, settings):
    """Start each process of the service as a child of this one."""
    web = [str(BIN / "granian"), "--interface", "wsgi", "--host", HOST]
    web += ["--port", str(port), "--workers", "2", "--blocking-threads", "2"]
    web += ["--backpressure", "64", "--log-level", "warning", "--no-access-log"]
    web.append("rinnalla.wsgi:application")
    commands = {"web": web}
    for name in ("worker", "watch"):
        if any(ROOT.glob(f"rinnalla/*/management/commands/{name}.py")):
            commands[name] = manage(name)
    # A session of their own, so that Ctrl-C reaches this process alone and the
    # children are stopped in order.
    return {
        name: subprocess.Popen(command, env=settings, start_new_session=True)
        for name, command in commands.items()
    }


def wait_until_healthy(port, children):
    """Wait until the pages answer; stop where a process ends before that."""
    for _ in range(SECONDS_TO_START * 10):
        refuse_ended(children)
        with contextlib.suppress(OSError):
            address = f"http://{HOST}:{port}/health"
            with urllib.request.urlopen(address, timeout=2) as answer:
                json.load(answer)
                return
        time.sleep(0.1)
    sys.exit(
        "The pages did not start within three minutes: the machine may be busy."
        " Nothing made so far is lost, run the command again."
    )


def refuse_ended(children):
    """Leave when a child has ended by itself."""
    for name, child in children.items():
        if child.poll() is not None:
            sys.exit(f"{name} ended by itself (code {child.returncode}).")


def watch_over(children):
    """Wait until a child ends by itself or somebody presses Ctrl-C."""
    while True:
        refuse_ended(children)
        time.sleep(0.5)


def welcome(port, settings):
    """What the person who started the demo needs to know."""
    kept = "PostgreSQL" if "DATABASE_URL" in settings else settings["DATA_DIR"]
    return (
        f"Rinnalla answers at http://{HOST}:{port}\n"
        f"  Data: {kept} · profile: {settings['PROFILE']}\n"
        f"  People to sign in as: {demo_people()}.\n"
        "  Choose one on the sign-in page. People and figures are invented.\n"
        "  Ctrl-C stops."
    )


def demo_people():
    """The first of the demo people in each role."""
    sys.path.insert(0, str(ROOT))
    from rinnalla.shell.demo.county import PEOPLE

    first = {}
    for person in PEOPLE:
        first.setdefault(str(person.role.value), person.name)
    return ", ".join(f"{name} ({role})" for role, name in first.items())


def stop(children):
    """Ask every child to end, then make it end."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
