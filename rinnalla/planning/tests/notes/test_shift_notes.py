"""The notes of a day's shift."""

import uuid
from datetime import timedelta

import pytest

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning.models import TeamNote

PATH = "/planning/notes/"


def write(client, text="Auto on huollossa.", path=PATH, **more):
    told = {"key": str(uuid.uuid4()), "text": text} | more
    return client.post(path, told)


def test_it_works(cast, sign_in):
    client = sign_in(cast.aino)
    answer = write(client)
    note = TeamNote.objects.get()
    assert (note.site, note.day, note.team) == (None, clock.today(), cast.team)
    assert "Auto on huollossa." in client.get(answer.url).content.decode()
    assert "Auto on huollossa." in client.get("/planning/visits/").content.decode()


def test_another_days_shift(cast, sign_in):
    client = sign_in(cast.kaisa)
    tomorrow = clock.today() + timedelta(days=1)
    write(client, path=f"{PATH}?day={tomorrow.isoformat()}")
    assert TeamNote.objects.get().day == tomorrow
    assert "Auto on" not in client.get(PATH).content.decode()
    assert "Auto on" not in client.get("/planning/visits/").content.decode()


@pytest.mark.parametrize(
    "day", ["", "x", "0001-01-01", "9999-12-31", "%00", "2026-13-1"]
)
def test_an_odd_day_is_today(cast, sign_in, day):
    write(sign_in(cast.aino), path=f"{PATH}?day={day}")
    assert TeamNote.objects.get().day == clock.today()


@pytest.mark.parametrize(("ahead", "is_asked"), [(30, True), (31, False)])
def test_no_note_goes_before_its_day(cast, sign_in, ahead, is_asked):
    day = clock.today() + timedelta(days=ahead)
    write(sign_in(cast.aino), path=f"{PATH}?day={day.isoformat()}")
    assert TeamNote.objects.get().day == (day if is_asked else clock.today())


def test_another_team_writes_its_own(cast, sign_in):
    write(sign_in(cast.aino))
    page = sign_in(cast.outi).get(PATH).content.decode()
    assert "Auto on" not in page
    visits = sign_in(cast.outi).get("/planning/visits/").content.decode()
    assert "Auto on" not in visits


def test_who_has_no_team_has_no_shift(cast, sign_in):
    lone = testing.make_worker("Tapio Tamm", "worker", cast.county)
    client = sign_in(lone)
    assert client.get(PATH).status_code == 404
    assert PATH not in client.get("/planning/visits/").content.decode()


def test_a_partner_has_no_notes(cast, sign_in):
    client = sign_in(cast.reijo)
    assert client.get(PATH).status_code == 403
    assert PATH not in client.get("/planning/visits/").content.decode()
