"""The notes of a place: written, ticked off, struck by the place's team."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.models import TeamNote
from rinnalla.planning.notes import actions


def path(site):
    return f"/planning/places/{site.pk}/notes"


def written(cast, site, text="Avain on hyllyssä.", **over):
    """A note as it stands in the table."""
    fields = {"team": site.team, "site": site, "written_on": clock.today()}
    return TeamNote.objects.create(text=text, **fields | over)


def shown(client, url):
    return client.get(url).content.decode()


@pytest.fixture
def site(cast):
    return testing.make_site(cast)


def test_it_works(cast, site, sign_in):
    client = sign_in(cast.aino)
    key = str(uuid.uuid4())
    told = {"key": key, "text": "Tuomme lisää esitteitä.", "is_promise": "on"}
    answer = client.post(path(site), told, follow=True)
    assert "Tuomme lisää esitteitä." in answer.content.decode()
    note = TeamNote.objects.get()
    assert (str(note.pk), note.site, note.team) == (key, site, cast.team)
    assert (note.is_promise, note.is_done) == (True, False)
    assert note.written_on == clock.today()
    client.post(reverse("planning:note_tick", args=[note.pk]), {"done": "1"})
    note.refresh_from_db()
    assert note.is_done
    client.post(reverse("planning:note_strike", args=[note.pk]))
    assert not TeamNote.objects.exists()
    said = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert said == ["note.written", "note.done", "note.struck"]


def test_a_second_press_writes_once(cast, site, sign_in):
    client = sign_in(cast.aino)
    told = {"key": str(uuid.uuid4()), "text": "Portti on kiinni."}
    first, again = (client.post(path(site), told) for _ in range(2))
    assert first.url == again.url
    assert TeamNote.objects.count() == 1


def test_the_key_of_another_teams_note_makes_a_new_one(cast, site):
    far = testing.make_site(cast, name="Puisto", team=cast.other_team)
    theirs = written(cast, far, "Heidän.")
    note = actions.write(
        cast.aino, key=theirs.pk, team=cast.team, text="Oma.", site=site
    )
    assert note.pk != theirs.pk
    theirs.refresh_from_db()
    assert theirs.text == "Heidän."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Täytä tämä kohta."),
        ("Soita 040 123 4567", "puhelinnumero"),
        ("Tunnus 131052-308T", "henkilötunnus"),
        ("matti@example.fi", "sähköpostiosoite"),
        ("x" * 161, "160"),
        ("Liisa odottaa portilla.", "nimi"),
    ],
)
def test_what_is_not_taken_stays_typed(cast, site, sign_in, text, why):
    told = {"key": str(uuid.uuid4()), "text": text, "is_promise": "on"}
    page = sign_in(cast.aino).post(path(site), told).content.decode()
    assert why in page and text in page
    assert not TeamNote.objects.exists()


def test_a_name_is_asked_about_once(cast, site, sign_in):
    told = {"key": str(uuid.uuid4()), "text": "Liisa odottaa.", "text_confirmed": "on"}
    sign_in(cast.aino).post(path(site), told)
    assert TeamNote.objects.get().text == "Liisa odottaa."


@pytest.mark.parametrize("text", ["a\x00b", "\ud800 portti", "rivi\nja toinen"])
def test_odd_letters_are_no_fault_of_ours(cast, site, sign_in, text):
    told = {"key": "x", "text": text.encode("utf-8", "surrogatepass")}
    assert sign_in(cast.aino).post(path(site), told).status_code in (200, 302)
    assert "\n" not in "".join(TeamNote.objects.values_list("text", flat=True))


def test_an_old_note_is_not_shown_though_the_night_has_not_run(cast, site, sign_in):
    old = clock.today() - timedelta(days=31)
    written(cast, site, "Vanha.", written_on=old)
    written(cast, site, "Tuore.", written_on=old + timedelta(days=1))
    page = shown(sign_in(cast.aino), path(site))
    assert "Tuore." in page and "Vanha." not in page


def test_open_promises_stand_first_and_done_ones_last(cast, site):
    written(cast, site, "hoidettu", is_promise=True, is_done=True)
    written(cast, site, "lappu")
    written(cast, site, "luvattu", is_promise=True)
    rows = TeamNote.objects.in_order().values_list("text", flat=True)
    assert list(rows) == ["luvattu", "lappu", "hoidettu"]


def test_struck_in_another_tab(cast, site, sign_in):
    client = sign_in(cast.aino)
    note = written(cast, site, is_promise=True)
    TeamNote.objects.all().delete()
    for name in ("note_tick", "note_strike"):
        answer = client.post(
            reverse(f"planning:{name}", args=[note.pk]), {"done": "1"}, follow=True
        )
        assert "on jo pyyhkinyt" in answer.content.decode(), name
    assert not AuditEvent.objects.exists()


def test_a_promise_may_be_opened_again(cast, site, sign_in):
    note = written(cast, site, is_promise=True, is_done=True)
    client = sign_in(cast.aino)
    for _ in range(2):
        client.post(reverse("planning:note_tick", args=[note.pk]))
    note.refresh_from_db()
    assert not note.is_done
    assert AuditEvent.objects.filter(action="note.reopened").count() == 1


def test_a_plain_note_is_never_done(cast, site):
    note = written(cast, site)
    assert not actions.tick(cast.aino, note, is_done=True)
    note.refresh_from_db()
    assert not note.is_done


def test_the_place_shows_its_notes(cast, site, sign_in):
    written(cast, site, "Portti on kiinni.")
    page = shown(sign_in(cast.aino), f"/planning/places/{site.pk}/")
    assert "Portti on kiinni." in page and path(site) in page


def test_another_team_sees_no_notes(cast, site, sign_in):
    note = written(cast, site, "Portti on kiinni.", is_promise=True)
    client = sign_in(cast.outi)
    assert client.get(path(site)).status_code == 404
    page = shown(client, f"/planning/places/{site.pk}/")
    assert "Portti on kiinni." not in page and path(site) not in page
    for name in ("note_tick", "note_strike"):
        client.post(reverse(f"planning:{name}", args=[note.pk]), {"done": "1"})
    note.refresh_from_db()
    assert not note.is_done


@pytest.mark.parametrize("who", ["leena", "reijo", "hannu"])
def test_who_may_not(cast, site, sign_in, who):
    assert sign_in(getattr(cast, who)).get(path(site)).status_code == 403


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999999"])
def test_no_such_place(cast, sign_in, key):
    assert sign_in(cast.aino).get(f"/planning/places/{key}/notes").status_code == 404
