"""Real servers that alarms leave through: mail, texts over HTTP, and one that hangs."""

import json
import socket
import threading
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

LONG = 30  # seconds a test waits for what must come


class Box:
    """Keeps what arrives, and lets a test wait for it."""

    def __init__(self):
        self.change, self.letters = threading.Condition(), []

    def put(self, letter):
        with self.change:
            self.letters.append(letter)
            self.change.notify_all()

    def wait(self, to, seconds=LONG):
        """The first letter to this one. Fails when none comes in time."""
        with self.change:
            came = self.change.wait_for(lambda: self.to(to), timeout=seconds)
            assert came, f"nothing came to {to}, but {[t for t, _ in self.letters]}"
            return self.to(to)[0]

    def to(self, who):
        """What has come to this one."""
        return [letter for receiver, letter in self.letters if receiver == who]

    async def handle_DATA(self, server, session, envelope):
        letter = message_from_bytes(envelope.content, policy=policy.default)
        for receiver in envelope.rcpt_tos:
            self.put((receiver, letter))
        return "250 Message accepted for delivery"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def mail_server(port, box=None):
    """A mail server on this port."""
    box = box or Box()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


@contextmanager
def text_server(status=200):
    """A sender of texts over HTTP: its address, and what it was asked to send."""
    box = Box()

    class Texts(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = json.loads(body)
            told["authorization"] = self.headers.get("Authorization")
            self.send_response(status)
            self.end_headers()
            box.put((told["to"], told))

        def log_message(self, *_told):
            """Say nothing: the test looks at what came."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Texts)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", box
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hung_server(port):
    """A server that takes every connection and never says a word."""
    held, door = [], socket.create_server(("127.0.0.1", port), backlog=64)

    def hold():
        with suppress(OSError):
            while True:
                held.append(door.accept()[0])

    threading.Thread(target=hold, daemon=True).start()
    try:
        yield held
    finally:
        # Wakes the thread that accepts, also where closing alone would not.
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        for connection in held:
            connection.close()
