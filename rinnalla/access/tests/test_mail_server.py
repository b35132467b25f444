"""Mail leaves through a real mail server."""

import socket

import pytest
from aiosmtpd.controller import Controller
from django.urls import reverse

from rinnalla.access.tests.test_workers import NEW, asked


class Mailbox:
    """Keeps what arrives: sender, receivers, the whole message."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, text))
        return "250 Message accepted for delivery"


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = False
    yield box
    server.stop()


def test_it_works(cast, sign_in, mailbox):
    sign_in(cast.hannu).post(NEW, asked(cast, language="fi"))
    ((sender, receivers, text),) = mailbox.letters
    assert sender == "rinnalla@example.fi"
    assert receivers == ["tuuli@example.fi"]
    assert "/access/join/" in text
    assert "Subject: Rinnalla" in text


def test_a_new_password_too(cast, client, mailbox):
    client.post(reverse("account_reset_password"), {"email": "aino@example.fi"})
    ((_, receivers, text),) = mailbox.letters
    assert receivers == ["aino@example.fi"]
    assert "/account/password/reset/" in text


def test_a_server_that_refuses_breaks_nothing(cast, sign_in, mailbox):
    async def refuse(*_):
        return "554 No"

    mailbox.handle_DATA = refuse
    page = sign_in(cast.hannu).post(NEW, asked(cast))
    assert "ei lähtenyt" in page.content.decode()
