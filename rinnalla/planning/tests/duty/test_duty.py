"""The partners' line: turns in the rota, calls counted."""

import uuid
from datetime import date

import pytest
import time_machine

from rinnalla.planning.duty import actions
from rinnalla.planning.models import DutyCall, DutyTurn

PAGE = "/planning/duty/"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False) as moved:
        yield moved


def turn(who, **over):
    return {
        "day": "2026-11-24",
        "starts": "9.00",
        "ends": "11.00",
        "who": who,
        "weeks": "3",
        **over,
    }


def test_it_works(cast, sign_in):
    client = sign_in(cast.aino)
    client.post(PAGE + "turns", turn(f"w{cast.kaisa.pk}"))
    client.post(PAGE, {"key": uuid.uuid4(), "sector": "police", "matter": "advice"})
    page = client.get(PAGE).content.decode()
    assert "Kaisa Koski" in page
    assert "ti 24.11." in page
    assert DutyTurn.objects.count() == 3
    assert DutyCall.objects.get().day == date(2026, 11, 23)


def test_a_partner_has_a_turn(cast, sign_in):
    client = sign_in(cast.kaisa)
    client.post(PAGE + "turns", turn(f"p{cast.parish.pk}", weeks="1"))
    row = DutyTurn.objects.get()
    assert (row.partner, row.worker) == (cast.parish, None)


def test_a_call_sent_twice_is_counted_once(cast, sign_in):
    client = sign_in(cast.aino)
    sent = {"key": uuid.uuid4()}
    for _ in range(2):
        client.post(PAGE, sent)
    assert DutyCall.objects.count() == 1


def test_a_counted_call_is_taken_back(cast, sign_in):
    client = sign_in(cast.aino)
    answer = client.post(PAGE, {"key": uuid.uuid4()}, follow=True)
    assert "Puhelu on kirjattu." in answer.content.decode()
    client.post(PAGE + "back", {"key": DutyCall.objects.get().pk})
    assert not DutyCall.objects.exists()


def test_another_teams_call_stays(cast, sign_in):
    call = actions.count_call(cast.outi, key=uuid.uuid4(), sector="", matter="")
    sign_in(cast.aino).post(PAGE + "back", {"key": call.pk})
    assert DutyCall.objects.exists()


def test_a_call_knows_no_worker():
    named = {field.name for field in DutyCall._meta.get_fields()}
    assert named == {"id", "team", "day", "sector", "matter"}


def test_a_turn_is_taken_away(cast, sign_in):
    client = sign_in(cast.aino)
    client.post(PAGE + "turns", turn(f"w{cast.aino.pk}", weeks="1"))
    row = DutyTurn.objects.get()
    client.post(f"{PAGE}turns/{row.pk}")
    assert not DutyTurn.objects.exists()


def test_another_teams_turn_is_not_there(cast, sign_in):
    sign_in(cast.outi).post(PAGE + "turns", turn(f"w{cast.outi.pk}", weeks="1"))
    row = DutyTurn.objects.get()
    assert sign_in(cast.aino).post(f"{PAGE}turns/{row.pk}").status_code == 404


@pytest.mark.parametrize(
    "over",
    [{"who": "w999999"}, {"who": ""}, {"ends": "8.00"}, {"day": "x"}, {"weeks": "0"}],
)
def test_odd_turns_are_not_set(cast, sign_in, over):
    client = sign_in(cast.aino)
    sent = turn(f"w{cast.aino.pk}") | over
    assert client.post(PAGE + "turns", sent).status_code == 200
    assert not DutyTurn.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "\x00", "-" * 36])
def test_odd_keys(cast, sign_in, key):
    client = sign_in(cast.aino)
    assert client.post(PAGE + "back", {"key": key}).status_code == 302
    assert client.post(PAGE, {"key": key}).status_code == 200


@pytest.mark.parametrize("who", ["leena", "reijo", "hannu"])
def test_who_may_not(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(PAGE).status_code == 403


def test_who_had_the_line_is_forgotten(cast):
    day = date(2026, 11, 24)
    hours = {"starts": "09:00", "ends": "11:00"}
    actions.set_turns(
        cast.aino, day=day, worker=cast.aino, partner=None, weeks=1, **hours
    )
    assert actions.forget_workers(date(2026, 12, 1), dry_run=True) == 1
    assert actions.forget_workers(date(2026, 12, 1)) == 1
    assert DutyTurn.objects.get().worker is None
