"""A voice board: thoughts from paper, grouped by hand, taken along."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from rinnalla.encounters.models import Voice, VoiceBoard
from rinnalla.encounters.retention import RULES
from rinnalla.encounters.voices import actions, boards
from rinnalla.lib import clock
from rinnalla.planning.models import Event, MadeFile
from rinnalla.planning.tests.working import run_jobs

LIST, NEW = "/encounters/boards/", "/encounters/boards/new"
QUESTION = "Miltä vapautuminen näyttää?"


def url(name, *args):
    return reverse(f"encounters:{name}", args=args)


def make_board(cast, *texts, **over):
    fields = {"team": cast.team, "question": QUESTION, "day": clock.today()}
    board = actions.open_board(cast.kaisa, key=uuid.uuid4(), **fields | over)
    if texts:
        actions.add_voices(cast.kaisa, board, texts, key=uuid.uuid4())
    return board


@pytest.fixture
def board(cast):
    return make_board(cast, "Asunto ensin", "Pelottaa", "Oma koti ja avaimet")


def written(board, **of):
    return set(board.voices.filter(**of).values_list("text", flat=True))


def keys(board, *texts):
    return list(board.voices.filter(text__in=texts).values_list("pk", flat=True))


def test_it_works(cast, sign_in):
    client = sign_in(cast.aino)
    asked = {"key": uuid.uuid4(), "question": QUESTION, "day": clock.today()}
    where = client.post(NEW, asked).url
    paper = {"key": uuid.uuid4(), "thoughts": "Asunto ensin\n\n  Pelottaa  \r\nKoti"}
    page = client.post(where, paper, follow=True).content.decode()
    assert "Asunto ensin" in page
    board = VoiceBoard.objects.get()
    assert written(board) == {"Asunto ensin", "Pelottaa", "Koti"}
    homes = keys(board, "Asunto ensin", "Koti")
    client.post(url("board_group", board.pk), {"voices": homes, "name": "Asunto"})
    groups = boards.groups_of(board)
    assert [(group.name, group.number) for group in groups] == [
        ("Asunto", 2),
        ("Ei vielä ryhmitelty", 1),
    ]


def test_sent_twice_it_is_once(cast, sign_in):
    client = sign_in(cast.aino)
    asked = {"key": uuid.uuid4(), "question": QUESTION, "day": clock.today()}
    paper = {"key": uuid.uuid4(), "thoughts": "Yksi\nKaksi"}
    for _ in range(2):
        where = client.post(NEW, asked).url
        client.post(where, paper)
    assert VoiceBoard.objects.count() == 1
    assert Voice.objects.count() == 2


def test_a_board_of_an_event(cast, sign_in):
    event = Event.objects.create(team=cast.team, name="Yö", day=clock.today())
    client = sign_in(cast.aino)
    asked = {"key": uuid.uuid4(), "question": QUESTION, "day": clock.today()}
    client.post(f"{NEW}?event={event.pk}", asked)
    assert VoiceBoard.objects.get().event == event
    assert QUESTION in client.get(f"/planning/events/{event.pk}/").content.decode()


def test_what_may_name_somebody_is_asked_about(cast, sign_in, board):
    client = sign_in(cast.aino)
    for text, is_asked in (
        ("Matti Virtanen auttoi", True),
        ("Soita 0401234567", False),
    ):
        sent = {"key": uuid.uuid4(), "thoughts": f"Hyvä\n{text}"}
        page = client.post(url("board", board.pk), sent)
        assert page.status_code == 200
        assert text in page.content.decode()
        sure = sent | {"text_confirmed": "on"}
        client.post(url("board", board.pk), sure)
        assert (text in written(board)) is is_asked


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 281, "\n".join("abcd" * 20)])
def test_too_much_or_nothing_gets_a_sentence(cast, sign_in, board, text):
    sent = {"key": uuid.uuid4(), "thoughts": text}
    page = sign_in(cast.aino).post(url("board", board.pk), sent)
    assert page.context["form"].errors["thoughts"]
    assert board.voices.count() == 3


def test_thoughts_move_and_an_empty_theme_goes(cast, sign_in, board):
    client, where = sign_in(cast.aino), url("board_group", board.pk)
    fear = keys(board, "Pelottaa")
    client.post(where, {"voices": fear, "name": "Pelko"})
    theme = board.themes.get()
    client.post(where, {"voices": keys(board, "Asunto ensin"), "theme": theme.pk})
    assert written(board, theme=theme) == {"Pelottaa", "Asunto ensin"}
    client.post(where, {"voices": keys(board, "Pelottaa", "Asunto ensin")})
    assert not board.themes.exists()
    assert board.voices.count() == 3


def test_the_same_name_is_the_same_theme(cast, sign_in, board):
    client, where = sign_in(cast.aino), url("board_group", board.pk)
    for text in ("Pelottaa", "Asunto ensin"):
        client.post(where, {"voices": keys(board, text), "name": "Sama"})
    assert board.themes.count() == 1


def test_taken_off_for_good(cast, sign_in, board):
    sent = {"voices": keys(board, "Pelottaa"), "do": "strike"}
    sign_in(cast.aino).post(url("board_group", board.pk), sent)
    assert written(board) == {"Asunto ensin", "Oma koti ja avaimet"}


@pytest.mark.parametrize("voices", [[], ["x"], ["\x00"], [str(uuid.uuid4())]])
def test_nothing_ticked_or_something_strange(cast, sign_in, board, voices):
    page = sign_in(cast.aino).post(
        url("board_group", board.pk), {"voices": voices, "name": "Teema"}
    )
    assert page.status_code == 200
    assert page.context["grouping"].errors["voices"]
    assert not board.themes.exists()


def test_another_boards_thoughts_and_themes_stay(cast, sign_in, board):
    other = make_board(cast, "Toisen", question="Muu")
    client = sign_in(cast.aino)
    sent = {"voices": keys(other, "Toisen"), "do": "strike"}
    client.post(url("board_group", board.pk), sent)
    assert written(other) == {"Toisen"}


def test_the_table(cast, sign_in, board):
    client = sign_in(cast.aino)
    client.post(
        url("board_group", board.pk),
        {"voices": keys(board, "Asunto ensin"), "name": "=Asunto"},
    )
    answer = client.get(url("board_file", board.pk))
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert lines[0] == "Teema;Ajatus"
    assert lines[1] == "'=Asunto;Asunto ensin"
    assert len(lines) == 4


def test_the_poster(cast, sign_in, board):
    client = sign_in(cast.aino)
    where = url("board_print", board.pk)
    assert client.get(where).status_code == 200
    run_jobs()
    assert client.get(where).content.startswith(b"%PDF")
    told = boards._told(board, "fi")
    assert {t for group in told["groups"] for t in group["thoughts"]} == written(board)


def test_no_thought_waits_among_the_tasks(cast, sign_in, board):
    sign_in(cast.aino).get(url("board_print", board.pk))
    run_jobs()
    asked = str(DBTaskResult.objects.get().args_kwargs)
    assert not [said for said in (QUESTION, *written(board)) if said in asked]


def test_a_struck_thought_is_on_no_made_poster(cast, sign_in, board):
    client = sign_in(cast.aino)
    client.get(url("board_print", board.pk))
    run_jobs()
    sent = {"voices": keys(board, "Pelottaa"), "do": "strike"}
    client.post(url("board_group", board.pk), sent)
    assert not MadeFile.objects.exists()


def test_after_thirteen_months_the_words_go_and_the_number_stays(cast, sign_in):
    old = make_board(cast, "Vanha", day=clock.today() - timedelta(days=500))
    new = make_board(cast, "Uusi")
    (rule,) = [rule for rule in RULES if rule.name == "encounters.voices"]
    assert rule.run(clock.today(), dry_run=True) == 1
    assert rule.run(clock.today()) == 1
    assert written(old) == {""}
    assert written(new) == {"Uusi"}
    page = sign_in(cast.aino).get(url("board", old.pk)).content.decode()
    assert "poistettu säännön mukaan" in page


def test_after_thirteen_months_the_headings_go_too(cast, sign_in):
    old = make_board(cast, "Eka", "Toka", day=clock.today() - timedelta(days=500))
    for text, name in (("Eka", "Asunto"), ("Toka", "Työ")):
        voices = old.voices.filter(text=text)
        actions.group_voices(cast.aino, old, voices, name=name)
    new = make_board(cast, "Uusi")
    (rule,) = [rule for rule in RULES if rule.name == "encounters.voice_headings"]
    assert rule.run(clock.today(), dry_run=True) == 1
    assert rule.run(clock.today()) == 1
    assert rule.run(clock.today()) == 0
    page = sign_in(cast.aino).get(url("board", old.pk)).content.decode()
    assert not [said for said in (QUESTION, "Asunto", "Työ") if said in page]
    assert [group.number for group in boards.groups_of(old)] == [1, 1]
    new.refresh_from_db()
    assert new.question == QUESTION


@pytest.mark.parametrize(("days", "is_taken"), [(366, True), (367, False)])
def test_a_day_at_most_a_year_ahead(cast, sign_in, days, is_taken):
    day = clock.today() + timedelta(days=days)
    asked = {"key": uuid.uuid4(), "question": QUESTION, "day": day}
    sign_in(cast.aino).post(NEW, asked)
    assert VoiceBoard.objects.exists() is is_taken


@pytest.mark.parametrize(
    ("name", "status"), [("outi", 404), ("leena", 403), ("reijo", 403), ("hannu", 403)]
)
def test_others_do_not_read_it(cast, sign_in, board, name, status):
    client = sign_in(getattr(cast, name))
    for page in ("board", "board_file", "board_print"):
        assert client.get(url(page, board.pk)).status_code == status
    sent = {"voices": keys(board, "Pelottaa"), "do": "strike"}
    assert client.post(url("board_group", board.pk), sent).status_code == status
    assert board.voices.count() == 3


def test_the_list(cast, sign_in, board):
    assert QUESTION in sign_in(cast.aino).get(LIST).content.decode()
    assert QUESTION not in sign_in(cast.outi).get(LIST).content.decode()
