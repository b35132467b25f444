"""The page where people write a thought on their own phones."""

import uuid

import pytest
import time_machine
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Voice
from rinnalla.encounters.tests.voices.test_board import QUESTION, make_board, url
from rinnalla.encounters.voices import actions
from rinnalla.lib import clock


@pytest.fixture
def board(cast):
    board = make_board(cast)
    actions.let_write(cast.kaisa, board, True)
    return board


def address(board, language="fi"):
    where = [language, actions.secret_of(board.pk)]
    return reverse("encounters:say", args=where)


def write(client, board, thought, **over):
    """Read the page, write for a while, send."""
    page = client.get(address(board))
    sent = {"stamp": page.context["form"]["stamp"].value(), "thought": thought}
    with time_machine.travel(clock.now().timestamp() + 30):
        return client.post(address(board), sent | over)


def test_it_works(cast, client, sign_in, board):
    page = client.get(address(board))
    assert QUESTION in page.content.decode()
    answer = write(client, board, "Pelkään,\nettä jään yksin")
    assert "Kiitos" in answer.content.decode()
    assert not answer.cookies
    voice = Voice.objects.get()
    assert (voice.text, voice.how) == ("Pelkään, että jään yksin", "phone")
    assert voice.is_waiting
    sign_in(cast.aino).post(url("board_take", board.pk), {"voices": [voice.pk]})
    voice.refresh_from_db()
    assert not voice.is_waiting


def test_what_waits_is_on_no_poster_and_in_no_table(cast, client, sign_in, board):
    write(client, board, "Odottaa")
    desk = sign_in(cast.aino)
    table = b"".join(desk.get(url("board_file", board.pk))).decode()
    assert "Odottaa" not in table
    assert "Odottaa" in desk.get(url("board", board.pk)).content.decode()


def test_one_of_us_may_strike_it(cast, client, sign_in, board):
    write(client, board, "Pois")
    sent = {"voices": [Voice.objects.get().pk], "do": "strike"}
    sign_in(cast.aino).post(url("board_take", board.pk), sent)
    assert not Voice.objects.exists()


def test_the_same_form_twice_is_one_thought(client, board):
    page = client.get(address(board))
    sent = {"stamp": page.context["form"]["stamp"].value(), "thought": "Kerran"}
    for _ in range(2):
        client.post(address(board), sent)
    assert Voice.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["", "Soita 040 123 4567", "a.b@example.fi", "x" * 281]
)
def test_it_asks_again_and_loses_nothing(client, board, text):
    answer = write(client, board, text)
    assert answer.context["form"].errors["thought"]
    assert text[:20] in answer.content.decode()
    assert not Voice.objects.exists()


def test_a_name_is_asked_about_once(client, board):
    thought = "Matti Virtanen oli kiva"
    assert "thought" in write(client, board, thought).context["form"].errors
    write(client, board, thought, text_confirmed="on")
    assert Voice.objects.get().text == thought


def test_a_closed_link_says_so_kindly(cast, client, board):
    actions.let_write(cast.kaisa, board, False)
    page = client.get(address(board))
    assert page.status_code == 404
    assert "suljettu" in page.content.decode()
    assert client.post(address(board), {"thought": "Myöhässä"}).status_code == 404
    assert not Voice.objects.exists()


def test_a_board_takes_so_many(client, board, monkeypatch):
    monkeypatch.setattr(actions, "MOST_SENT", 1)
    said = [write(client, board, text).content.decode() for text in ("Eka", "Toka")]
    assert Voice.objects.count() == 1
    assert "Kiitos. " in said[0]
    assert "Seinä on nyt täynnä" not in said[0]
    assert "Seinä on nyt täynnä" in said[1]


def test_a_full_board_still_knows_what_it_has(client, board, monkeypatch):
    monkeypatch.setattr(actions, "MOST_SENT", 1)
    page = client.get(address(board))
    sent = {"stamp": page.context["form"]["stamp"].value(), "thought": "Kerran"}
    with time_machine.travel(clock.now().timestamp() + 30):
        for _ in range(2):
            assert "is_sent" in client.post(address(board), sent).context


def test_odd_ones_cannot_fill_the_board(cast, client, sign_in, board, monkeypatch):
    monkeypatch.setattr(actions, "MOST_ODD", 2)
    monkeypatch.setattr(actions, "MOST_SENT", 2)
    for number in range(5):
        client.post(address(board), {"thought": f"Roska {number}"})
    assert Voice.objects.count() == 2
    assert "Kiitos. " in write(client, board, "Oma ajatus").content.decode()
    odd = Voice.objects.filter(how="odd").first()
    sign_in(cast.aino).post(url("board_take", board.pk), {"voices": [odd.pk]})
    odd.refresh_from_db()
    assert (odd.how, odd.is_waiting) == ("phone", False)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_in_each_language_and_light(client, board, language):
    page = client.get(address(board, language))
    assert page["Content-Language"] == language
    assert page["X-Robots-Tag"] == "noindex"
    assert len(page.content) < 10_000
    assert b"<script" not in page.content


def test_nothing_tells_who_or_when(client, board):
    write(client, board, "Hiljaa")
    kept = {field.name for field in Voice._meta.concrete_fields}
    assert kept == {"id", "board", "theme", "text", "how", "is_waiting"}
    event = AuditEvent.objects.get(action="board.thought_sent")
    assert event.worker_id is None
    assert event.object_id == str(board.pk)
    assert event.at == clock.cut(event.at)
    assert Voice.objects.get().pk.version == 4


def test_the_code_is_shown_while_it_is_open(cast, sign_in, board):
    client = sign_in(cast.aino)
    page = client.get(url("board", board.pk)).content.decode()
    assert address(board) in page
    client.post(url("board_link", board.pk), {"open": "no"})
    assert address(board) not in client.get(url("board", board.pk)).content.decode()


def test_a_secret_of_nothing(client, db):
    for secret in ("x", "%00", str(uuid.uuid4())):
        assert client.get(f"/encounters/say/fi/{secret}").status_code == 404
    assert client.get("/encounters/say/de/x").status_code == 404
