"""A mail server, a team with its ladder, and watches that can be killed."""

import pytest
from django.db import connection

from rinnalla.planning.tests.safety import running
from rinnalla.planning.tests.safety.people import make_ladder
from rinnalla.planning.tests.safety.servers import free_port, mail_server

QUICK = {"rinnalla.planning.safety.watching.FIRST_WAIT": 0.5}
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def team(cast):
    """The cast, its named person Kaisa, the next one Niilo, and Ossi."""
    return make_ladder(cast)


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def mailbox(port):
    with mail_server(port) as box:
        yield box


@pytest.fixture
def watch(transactional_db, port):
    """Start real watches: watch(die_at="step 4", SMS_URL=…); all end with the test."""
    started = []

    def start(*, die_at="", instead=(), **settings):
        told = {
            "EMAIL_BACKEND": SMTP,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": port,
            "EMAIL_USE_TLS": False,
            "PUBLIC_ADDRESS": "https://rinnalla.example.fi",
        }
        process = running.start(
            connection.settings_dict["NAME"],
            told | settings,
            die_at=die_at,
            **QUICK | dict(instead),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
