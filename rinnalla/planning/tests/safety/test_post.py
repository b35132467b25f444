"""One letter or number that goes wrong costs that one alone."""

import http.client
import smtplib

import pytest

from rinnalla.planning.safety import post
from rinnalla.planning.safety.watching import in_turn
from rinnalla.planning.tests.safety.servers import Box, mail_server, text_server

BAD, GOOD = "bad@example.fi", "good@example.fi"


class Choosy(Box):
    """Refuses one reader's letter as told: by an answer, or by hanging up."""

    def __init__(self, hangs_up=False):
        super().__init__()
        self.hangs_up = hangs_up

    async def handle_DATA(self, server, session, envelope):
        if BAD in envelope.rcpt_tos:
            if self.hangs_up:
                server.transport.close()
            return "554 not this one"
        return await super().handle_DATA(server, session, envelope)


def server_on(port):
    told = {"host": "127.0.0.1", "port": port, "user": "", "starttls": False}
    return told | {"sender": "rinnalla@example.fi", "timeout": 8}


def letters(*readers):
    return [
        {"key": key, "to": to, "content": "Subject: x\r\n\r\nx\r\n"}
        for key, to in enumerate(readers)
    ]


@pytest.mark.parametrize("hangs_up", [False, True])
def test_it_works(port, hangs_up):
    told = letters(BAD, GOOD, "päivi@example.fi", "last@example.fi")
    with mail_server(port, Choosy(hangs_up)) as box:
        assert list(post.mail(server_on(port), told)) == [1, 3]
        assert box.to("last@example.fi")


def test_a_letter_that_is_no_letter_costs_itself_alone(port):
    told = letters(GOOD, "last@example.fi")
    told[0]["content"] = "\u20ac"
    with mail_server(port):
        assert list(post.mail(server_on(port), told)) == [1]


def test_no_server_at_all_is_told(port):
    with pytest.raises((OSError, smtplib.SMTPException)):
        list(post.mail(server_on(port), letters(GOOD)))


def test_a_number_whose_connection_breaks_costs_itself_alone(monkeypatch):
    told = letters("+358401", "+358402")
    with text_server() as (url, box):
        server = {"url": url, "authorization": "", "format": "json", "timeout": 8}
        server["body"] = {"to": "{number}", "text": "{text}"}
        body_of = post.body_of

        def broken(server, letter):
            if letter["key"] == 0:
                raise http.client.RemoteDisconnected
            return body_of(server, letter)

        monkeypatch.setattr(post, "body_of", broken)
        assert list(post.texts(server, told)) == [1]
        assert box.wait("+358402")


class Row:
    kind = "call"

    def __init__(self, pk, tries):
        self.pk, self.tries = pk, tries


def test_what_failed_stands_behind_what_is_fresh_and_changes_its_place():
    rows = [Row(1, 1), Row(2, 1), Row(3, 0), Row(4, 0)]
    assert [row.pk for row in in_turn(rows)] == [3, 4, 2, 1]
    again = [Row(1, 2), Row(2, 2)]
    assert [row.pk for row in in_turn(again)] == [1, 2]
