"""Who is called, a talk after a hard visit, dangers for occupational safety."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning.models import IncidentNote, SafetyNumber
from rinnalla.planning.safety import actions
from rinnalla.planning.safety.reading import named_of

LADDER, NUMBER = "/planning/safety/ladder", "/planning/safety/number"
TALK, NEW = "/planning/safety/talk", "/planning/safety/incidents/new"
LIST = "/planning/safety/incidents/"


def test_it_works(cast, sign_in):
    client = sign_in(cast.kaisa)
    steps = {"step0": cast.leena.pk, "step1": cast.kaisa.pk, "step2": ""}
    client.post(LADDER, steps)
    assert named_of(cast.team.pk) == [cast.leena.pk, cast.kaisa.pk]
    client.post(LADDER, {"step0": cast.aino.pk, "step1": cast.aino.pk, "step2": ""})
    assert named_of(cast.team.pk) == [cast.aino.pk]


def test_an_odd_step_is_asked_again(cast, sign_in):
    answer = sign_in(cast.kaisa).post(LADDER, {"step0": "99999", "step1": "x"})
    assert "ei ole enää käytössä" in answer.content.decode()
    assert named_of(cast.team.pk) == []


def test_a_worker_does_not_set_the_ladder(cast, sign_in):
    assert sign_in(cast.aino).get(LADDER).status_code == 403


@pytest.mark.parametrize(
    ("typed", "kept"), [("+358 40 123 4567", "+358401234567"), ("040-1234567", None)]
)
def test_ones_own_number(cast, sign_in, typed, kept):
    sign_in(cast.aino).post(NUMBER, {"number": typed})
    assert SafetyNumber.objects.get().number == (kept or "0401234567")
    sign_in(cast.aino).post(NUMBER, {"number": ""})
    assert not SafetyNumber.objects.exists()


@pytest.mark.parametrize("typed", ["112", "soita", "+358 40", "\x00", "1" * 30])
def test_what_is_no_number_is_asked_again(cast, sign_in, typed):
    answer = sign_in(cast.aino).post(NUMBER, {"number": typed})
    assert answer.status_code == 200
    assert not SafetyNumber.objects.exists()


def test_a_talk_is_asked_for_and_nothing_is_kept(cast, sign_in):
    client = sign_in(cast.aino)
    client.get(TALK)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.post(TALK, {"who": cast.kaisa.pk})
    assert answer.status_code == 302
    assert "Kaisa tietää" in client.get(answer["Location"]).content.decode()
    writes = ("INSERT", "UPDATE", "DELETE")
    mine = [one["sql"] for one in asked if one["sql"].startswith(writes)]
    assert [sql for sql in mine if "session" not in sql] == []
    (letter,) = mail.outbox
    assert letter.to == [cast.kaisa.email] and letter.subject == "Rinnalla"
    assert "raskas" not in letter.body and "Aino" in letter.body


def test_nobody_is_asked_who_is_not_there(cast, sign_in):
    sign_in(cast.aino).post(TALK, {"who": cast.outi.pk})
    sign_in(cast.aino).post(TALK, {"who": "x"})
    assert mail.outbox == []


def told(**over):
    return {
        "key": str(uuid.uuid4()),
        "kind": "threat",
        "day": clock.today().isoformat(),
        "site": "",
        "text": "Portaikossa minua estettiin lähtemästä hetken.",
    } | over


def test_a_danger_goes_to_the_coordinator_and_then_away(cast, sign_in):
    form = told()
    for _twice in range(2):
        sign_in(cast.aino).post(NEW, form)
    note = IncidentNote.objects.get()
    client = sign_in(cast.kaisa)
    page = client.get(LIST).content.decode()
    assert "Portaikossa" in page and "Uhkailu" in page
    path = f"/planning/safety/incidents/{note.pk}/pass-on"
    client.post(path, {f"{note.pk}-reference": "TS-2026-14"})
    note.refresh_from_db()
    assert note.passed_on_at and note.reference == "TS-2026-14"


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"kind": ""}, "Valitse yksi"),
        ({"day": "2099-01-01"}, "Valitse päivä, joka on jo ollut"),
        ({"day": str(clock.today() - timedelta(days=200))}, "puolen vuoden"),
        ({"text": "131052-308T"}, "henkilötunnus"),
        ({"text": "Virtanen Pekka uhkasi"}, "nimi"),
        ({"text": ""}, "kohta kaipaa"),
    ],
)
def test_what_is_not_right_is_asked_again(cast, sign_in, over, why):
    page = sign_in(cast.aino).post(NEW, told(**over)).content.decode()
    assert why in page
    assert not IncidentNote.objects.exists()


def test_dangers_are_for_their_own_readers(cast, sign_in):
    actions.note_incident(
        cast.outi, key=uuid.uuid4(), kind="fall", day=clock.today(), text="Jää."
    )
    assert sign_in(cast.aino).get(LIST).status_code == 403
    assert "Jää." not in sign_in(cast.kaisa).get(LIST).content.decode()
    note = IncidentNote.objects.get()
    path = f"/planning/safety/incidents/{note.pk}/pass-on"
    assert sign_in(cast.kaisa).post(path).status_code == 404


def test_a_partners_danger_reaches_who_passes_it_on(cast, sign_in):
    site = testing.make_site(cast)
    reijo = sign_in(cast.reijo)
    assert cast.reijo.team is None or cast.reijo.team != cast.team
    testing.make_visit(cast, site, workers=[cast.reijo], day=clock.today())
    for text in ("Jäinen piha.", "Liukas lattia."):
        reijo.post(NEW, told(text=text))
    note = IncidentNote.objects.get(text="Jäinen piha.")
    assert note.team == cast.team
    assert "Jäinen piha." in sign_in(cast.kaisa).get(LIST).content.decode()
    IncidentNote.objects.update(team=None)
    assert "Jäinen piha." in sign_in(cast.kaisa).get(LIST).content.decode()


def test_who_leaves_later_stays_on_the_ladder(cast, sign_in):
    cast.county.ends_on = clock.today() + timedelta(days=30)
    cast.county.save()
    client = sign_in(cast.kaisa)
    client.post(LADDER, {"step0": cast.leena.pk, "step1": "", "step2": ""})
    assert named_of(cast.team.pk) == [cast.leena.pk]
    shown = client.get(LADDER).content.decode()
    assert f'<option value="{cast.leena.pk}" selected' in shown


def test_no_team_no_ladder(cast, sign_in):
    kaisa = cast.kaisa
    kaisa.team = None
    kaisa.save()
    assert sign_in(kaisa).get(LADDER).status_code == 404


def test_a_site_of_ours_can_be_named(cast, sign_in):
    site = testing.make_site(cast)
    sign_in(cast.aino).post(NEW, told(site=site.pk))
    assert IncidentNote.objects.get().site == site
