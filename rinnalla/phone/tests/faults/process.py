"""The fault tests' hold on the server process: start it, give it orders, end it."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[4]


class Fault(AssertionError):
    """The server process could not do what it was asked."""


class Server:
    """A running server; `server.arm(at="commit")` and so on are orders to it."""

    def __init__(self, folder):
        command = [sys.executable, "-m", "rinnalla.phone.tests.faults.server", folder]
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # The one who kills and the one who asks may speak at one moment.
        self.turn = Lock()
        self.url = f"http://127.0.0.1:{self._hear()['port']}"

    def __getattr__(self, do):
        return lambda **arguments: self._order({"do": do, **arguments})

    def _order(self, order):
        with self.turn:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            heard = self._hear()
        if "fault" in heard:
            raise Fault(f"{order['do']}: {heard['fault']}")
        return heard["said"]

    def _hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise Fault(f"the server process ended ({self.process.wait()})")
        return json.loads(line)

    def end(self):
        """Let it kill its child and put its database away."""
        self.process.stdin.close()
        self.process.wait(timeout=30)
