"""Sending that can be ended: each batch of calls leaves in a small process of its own.

A server that hangs holds that process and nothing else. It is ended after SECONDS, what
it had not sent is tried again, and the next alarm has processes left for itself.
"""

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection

from rinnalla.planning.models import AlarmCall
from rinnalla.planning.safety.letters import mail_of, text_of

log = logging.getLogger(__name__)
POST = Path(__file__).with_name("post.py")
SECONDS = 20  # a batch may take
ANSWER = 8  # seconds a server may take for one answer
MOST = 6  # processes of a channel at a time
# Of these so many are kept for what has not been tried yet.
KEPT_FREE = 3
BATCH = 20
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAIL, TEXT = AlarmCall.Channel.MAIL, AlarmCall.Channel.TEXT


def channels_of(worker, numbers):
    """How this worker is reached: by mail, and by text where both ends are set."""
    has_text = bool(settings.SMS_URL) and worker in numbers
    return [MAIL, TEXT] if has_text else [MAIL]


@dataclass
class Batch:
    """Some calls on their way through one process."""

    channel: str
    keys: set
    process: subprocess.Popen
    until: float
    heard: bytes = b""


@dataclass
class Sender:
    """The processes that are sending now."""

    batches: list = field(default_factory=list)

    @property
    def on_their_way(self):
        """The keys of calls a process has and has not told of."""
        return {key for batch in self.batches for key in batch.keys}

    def room(self, channel, *, is_first):
        """Whether another process may start on this channel."""
        running = sum(batch.channel == channel for batch in self.batches)
        return running < (MOST if is_first else MOST - KEPT_FREE)

    def send(self, channel, calls, numbers, elapsed):
        """Let calls leave; gives the keys of those that are gone at once.

        `elapsed` is a clock that only goes forward, in seconds.
        """
        if channel == MAIL and settings.EMAIL_BACKEND != SMTP:
            return _at_once(calls)
        told = {
            "channel": channel,
            "seconds": SECONDS,
            "server": _mail_server() if channel == MAIL else _text_server(),
            "letters": [_letter(channel, call, numbers) for call in calls],
        }
        process = start(told)
        keys = {call.pk for call in calls}
        self.batches.append(Batch(channel, keys, process, elapsed + SECONDS + 1))
        return set()

    def taken(self, elapsed):
        """The keys that servers have taken since last asked; ends what is too slow."""
        keys = set()
        for batch in list(self.batches):
            is_over = batch.process.poll() is not None
            keys |= _heard(batch)
            if not is_over and elapsed >= batch.until:
                batch.process.kill()
                batch.process.wait()
                is_over = True
            if is_over:
                batch.process.stdout.close()
                self.batches.remove(batch)
                if batch.keys:
                    log.error("not sent by %s: %d", batch.channel, len(batch.keys))
        return keys


def start(told):
    """A process that sends what it is told."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(POST)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    os.set_blocking(process.stdout.fileno(), False)
    # One that ended at once is heard of as any other: nothing was sent.
    with suppress(BrokenPipeError), process.stdin as to_it:
        to_it.write(json.dumps(told).encode())
    return process


def _heard(batch):
    """The keys a process has told since last asked."""
    batch.heard += batch.process.stdout.read() or b""
    *lines, batch.heard = batch.heard.split(b"\n")
    for line in lines:
        if line.startswith(b"!"):
            log.error("not sent by %s: %s", batch.channel, line[2:].decode())
    keys = {int(line) for line in lines if line.isdigit()} & batch.keys
    batch.keys -= keys
    return keys


def _at_once(calls):
    """Send by another way of Django's, one that cannot hang: printed, or kept."""
    gone = set()
    connection = get_connection()
    for call in calls:
        try:
            if connection.send_messages([mail_of(call)]):
                gone.add(call.pk)
        # Whatever goes wrong with one letter, the next one must leave.
        except Exception as fault:
            log.error("not sent by mail: %s", type(fault).__name__)
    return gone


def _letter(channel, call, numbers):
    if channel == TEXT:
        to, content = numbers[call.worker_id], text_of(call)
    else:
        # Bytes, in signs that JSON can carry.
        letter = mail_of(call).message().as_bytes(linesep="\r\n")
        to, content = call.worker.email, letter.decode("latin-1")
    return {"key": call.pk, "to": to, "content": content}


def _mail_server():
    return {
        "host": settings.EMAIL_HOST,
        "port": settings.EMAIL_PORT,
        "user": settings.EMAIL_HOST_USER,
        "password": settings.EMAIL_HOST_PASSWORD,
        "starttls": settings.EMAIL_USE_TLS,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "timeout": ANSWER,
    }


def _text_server():
    return {
        "url": settings.SMS_URL,
        "authorization": settings.SMS_AUTHORIZATION,
        "format": settings.SMS_FORMAT,
        "body": settings.SMS_BODY,
        "timeout": ANSWER,
    }
