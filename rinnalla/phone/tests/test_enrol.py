"""Taking a phone into use: one code, one phone, ten minutes."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.phone import actions, enrolling
from rinnalla.phone.models import Device, EnrolCode
from rinnalla.phone.tests.phones import signed

DOOR = "/phone/enrol"


@pytest.fixture(autouse=True)
def nobody_guessed():
    cache.clear()


@pytest.fixture
def code(cast):
    """A code for Aino's own phone."""
    row, signs = actions.make_code(
        cast.aino, nonce="1", name="Oma puhelin", worker=cast.aino
    )
    return signs


def give(client, code):
    """A phone gives a code at the door."""
    body = json.dumps({"code": code})
    return client.post(DOOR, body, content_type="application/json")


def test_it_works(cast, client, code):
    answer = give(client, code)
    said = answer.json()
    assert answer.status_code == 201
    device = Device.objects.get(pk=said["device"])
    assert (device.name, device.worker, device.team) == (
        "Oma puhelin",
        cast.aino,
        None,
    )
    assert said["token"] not in device.token_digest and len(said["token"]) >= 43
    device.token = said["token"]
    assert client.get("/phone/reference", **signed(device)).status_code == 200
    assert AuditEvent.objects.filter(action="phone.enrolled").count() == 1


def test_as_one_reads_it_aloud(client, code):
    signs = f" {code[:4].lower()} {code[4:8]}-{code[8:]} "
    assert give(client, signs).status_code == 201


def test_a_code_works_once(client, code):
    assert give(client, code).status_code == 201
    again = give(client, code)
    assert again.status_code == 404 and again.json()["why"]
    assert Device.objects.count() == 1


def test_a_code_is_old_after_ten_minutes(client, code):
    EnrolCode.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert give(client, code).status_code == 404


def test_a_code_of_who_has_left_takes_nobody_in(cast, client, code):
    cast.aino.is_active = False
    cast.aino.save()
    assert give(client, code).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("[]", 400),
        ('{"code": 5}', 400),
        ('{"code": null}', 400),
        ('{"code": "' + "a" * 5000 + '"}', 400),
        ("[" * 3000, 400),
        ('{"code": ""}', 404),
        ('{"code": "\\u0000\\ud800"}', 404),
        ('{"code": "AAAA"}', 404),
    ],
)
def test_bad_codes(db, client, body, status):
    answer = client.post(DOOR, body, content_type="application/json")
    assert answer.status_code == status and answer.json()["why"]


def test_guessing_is_slowed_and_a_right_code_is_not(client, code, monkeypatch):
    monkeypatch.setattr(enrolling, "MISSES_A_MINUTE", 3)
    assert [give(client, f"WRONG{n}").status_code for n in range(5)] == [
        *[404] * 3,
        *[429] * 2,
    ]
    assert give(client, code).status_code == 201


def test_a_get_opens_nothing(client, db):
    assert client.get(DOOR).status_code == 405


# --- The page ----------------------------------------------------------------


def page(client, **data):
    """Ask for a code on the page; the answer."""
    url = reverse("phone:device_new")
    form = client.get(url).context["form"]
    told = {"nonce": form["nonce"].value(), "name": "Tiimin puhelin 2"} | data
    return client.post(url, told), told


def test_the_page_shows_a_code_that_works(cast, sign_in, client):
    answer, _told = page(sign_in(cast.aino))
    html = answer.content.decode()
    assert answer.status_code == 200 and "<svg" in html and " style=" not in html
    assert answer.headers["Cache-Control"].count("no-store")
    path = answer.context["path"]
    assert path.startswith("/phone/#enrol=")
    assert give(client, path.partition("=")[2]).status_code == 201
    assert Device.objects.get().worker == cast.aino


def test_the_same_page_sent_twice_is_one_code(cast, sign_in):
    client = sign_in(cast.aino)
    first, told = page(client)
    second = client.post(reverse("phone:device_new"), told)
    assert first.context["path"] == second.context["path"]
    assert EnrolCode.objects.count() == 1


def test_sent_again_after_use_it_says_so(cast, sign_in):
    client = sign_in(cast.aino)
    first, told = page(client)
    give(client, first.context["path"].partition("=")[2])
    again = client.post(reverse("phone:device_new"), told)
    assert again.context["is_over"] and again.context["used"]
    assert EnrolCode.objects.count() == 1


def test_a_coordinator_takes_a_shared_phone_into_use(cast, sign_in, client):
    answer, _told = page(sign_in(cast.kaisa), whose="shared")
    give(client, answer.context["path"].partition("=")[2])
    device = Device.objects.get()
    assert (device.team, device.worker) == (cast.team, None)


def test_a_worker_cannot_make_a_shared_one(cast, sign_in):
    answer, _told = page(sign_in(cast.aino), whose="shared")
    assert EnrolCode.objects.get().worker == cast.aino


def test_a_partner_takes_an_own_phone_into_use(cast, sign_in):
    page(sign_in(cast.reijo))
    assert EnrolCode.objects.get().worker == cast.reijo


@pytest.mark.parametrize("name", ["leena", "hannu"])
def test_who_does_not_record_needs_no_phone(cast, sign_in, name):
    client = sign_in(getattr(cast, name))
    assert client.get(reverse("phone:device_new")).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {"name": "  "},
        {"name": "Ainon 040 123 4567"},
        {"name": "x" * 61},
        {"nonce": "x"},
        {"whose": "everybodys"},
    ],
)
def test_what_cannot_be_made_is_asked_again(cast, sign_in, data):
    answer, _told = page(sign_in(cast.kaisa), **{"whose": "own"} | data)
    assert answer.status_code == 200 and answer.context["form"].errors
    assert not EnrolCode.objects.exists()


def test_a_shared_one_left_unnamed_is_the_teams(cast, sign_in):
    page(sign_in(cast.kaisa), whose="shared", name="Puhelin, Kaisa")
    assert EnrolCode.objects.get().name == "Tiimin puhelin"


# --- The phone in the hand -------------------------------------------------------


def test_one_press_leads_into_the_app(cast, sign_in, client):
    url = reverse("phone:device_new") + "?here"
    page = sign_in(cast.aino).get(url)
    assert "Ota tämä puhelin käyttöön" in page.content.decode()
    form = page.context["form"]
    told = {name: form[name].value() for name in ("nonce", "name")}
    answer = client.post(url, told)
    path, _hash, code = answer.headers["Location"].partition("#enrol=")
    assert (answer.status_code, path) == (302, reverse("phone:app"))
    assert give(client, code).status_code == 201
    assert Device.objects.get().name == "Puhelin, Aino"


def test_a_name_that_does_not_do_is_asked_there_too(cast, sign_in):
    url = reverse("phone:device_new") + "?here"
    answer = sign_in(cast.aino).post(url, {"nonce": "x", "name": ""})
    assert answer.status_code == 200 and answer.context["is_here"]
