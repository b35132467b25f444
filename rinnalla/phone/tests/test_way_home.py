"""From the field app to the pages of getting home, with nobody signed in."""

import json

import pytest
from playwright.sync_api import expect

from rinnalla.phone import actions
from rinnalla.phone.tests.phones import make_phone, signed
from rinnalla.planning.models import CheckIn

PASS, PAGES = "/phone/safety", "/planning/safety/"


def ask(client, phone, **told):
    return client.post(
        PASS, json.dumps(told), content_type="application/json", **signed(phone)
    )


def test_it_works(cast, client):
    phone = make_phone(cast.aino)
    assert client.get(PAGES).status_code == 302
    answer = ask(client, phone)
    assert answer.status_code == 204
    cookie = answer.cookies["safety"]
    assert cookie["path"] == PAGES and cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert client.get(PAGES).status_code == 200


def test_on_a_shared_phone_for_whoever_holds_it(cast, client):
    phone = make_phone(team=cast.team)
    assert ask(client, phone).status_code == 403
    assert ask(client, phone, worker=cast.outi.pk).status_code == 403
    assert ask(client, phone, worker=cast.kaisa.pk).status_code == 204
    client.post(f"{PAGES}help", {"key": ""})
    assert CheckIn.objects.get().people.get() == cast.kaisa


def test_put_down_by_one_and_taken_by_nobody_it_opens_nothing(cast, client):
    phone = make_phone(team=cast.team)
    ask(client, phone, worker=cast.kaisa.pk)
    assert ask(client, phone).status_code == 403
    assert client.get(PAGES).status_code == 302


@pytest.mark.parametrize("body", ["", "{", "[]", '{"worker": "x"}', '{"worker": -1}'])
def test_a_body_that_is_none_names_nobody(cast, client, body):
    phone = make_phone(cast.aino)
    told = {"content_type": "application/json", **signed(phone)}
    assert client.post(PASS, body, **told).status_code == 204


def test_an_unknown_phone_opens_nothing(cast, client):
    phone = make_phone(cast.aino)
    phone.token = "another"
    assert ask(client, phone).status_code == 401
    assert client.get(PAGES).status_code == 302


def test_taken_out_of_use_it_opens_nothing_any_more(cast, client):
    phone = make_phone(cast.aino)
    ask(client, phone)
    actions.revoke_device(cast.kaisa, phone)
    assert client.get(PAGES).status_code == 302
    assert ask(client, phone).status_code == 403


def test_a_pass_opens_the_safety_pages_and_no_other(cast, client):
    ask(client, make_phone(cast.aino))
    for path in ("/planning/visits/", "/planning/safety/incidents/", "/access/me"):
        assert client.get(path).status_code in (302, 404)


def test_who_left_has_no_pass(cast, client):
    ask(client, make_phone(cast.aino))
    cast.aino.is_active = False
    cast.aino.save()
    assert client.get(PAGES).status_code == 302


@pytest.mark.browser
def test_from_today_one_goes_out_and_comes_home(cast, open_app):
    page = open_app()
    page.locator("[data-way]").tap()
    page.wait_for_url(f"**{PAGES}")
    page.get_by_text("Muualle").tap()
    page.get_by_label("Minne, omin sanoin").fill("Tori ja asema")
    page.get_by_role("button", name="Lähden nyt").tap()
    home = page.get_by_role("button", name="Kotona turvassa")
    expect(home).to_be_visible()
    assert CheckIn.objects.out().get().people.get() == cast.aino
    home.tap()
    expect(page.get_by_text("Oli raskas")).to_be_visible()
    assert not CheckIn.objects.out().exists()


@pytest.mark.browser
def test_without_a_network_it_says_what_to_do(cast, open_app):
    page = open_app()
    page.context.set_offline(True)
    page.locator("[data-way]").tap()
    expect(page.locator("[data-way-waits]")).to_contain_text("Soita parillesi")
