"""The demo's doors: one press signs in, and only in the demo."""

import pytest
from django.template.loader import render_to_string

from rinnalla.access.models import Worker
from rinnalla.shell.actions import load_demo
from rinnalla.shell.demo.county import ANNA, PEOPLE
from rinnalla.shell.demo.doors import DOORS

# Somebody of the demo who has no door.
PAULA = PEOPLE[-1]


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    load_demo(months=0)


def test_it_works(demo, client):
    for door in DOORS:
        answer = client.post("/demo", {"who": door.person.email})
        assert answer.status_code == 302
        signed_in = Worker.objects.get(pk=client.session["_auth_user_id"])
        assert signed_in.email == door.person.email
        assert client.get("/", follow=True).status_code == 200


def test_the_doors_are_drawn_for_a_stranger(demo, rf):
    request = rf.get("/account/login/")
    request.resolver_match = None
    page = render_to_string("shell/demo_people.html", request=request)
    for door in DOORS:
        assert f'value="{door.person.email}"' in page


def test_the_visitor_keeps_the_language(demo, client):
    client.post("/demo", {"who": ANNA.email}, headers={"accept-language": "sv"})
    assert '<html lang="sv"' in client.get("/planning/places/").content.decode()


def test_there_is_no_door_outside_the_demo(demo, client, settings):
    settings.DEMO = False
    assert client.post("/demo", {"who": ANNA.email}).status_code == 404
    assert "demo" not in client.get("/account/login/").content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("who", ["", "x", PAULA.email, "\x00", "root@example.fi"])
def test_only_the_doors_open(demo, client, who):
    assert client.post("/demo", {"who": who}).status_code == 404


def test_a_revoked_worker_stays_out(demo, client):
    Worker.objects.filter(email=ANNA.email).update(is_active=False)
    assert client.post("/demo", {"who": ANNA.email}).status_code == 404


def test_reading_the_address_changes_nothing(demo, client):
    assert client.get("/demo").status_code == 405
