"""Where each role's day starts, and what its menu opens."""

import pytest

from rinnalla.access.roles import Role
from rinnalla.shell.navigation import HOME, MENU, here_of, menu_of

WHO = {
    "aino": "/phone/",
    "kaisa": "/planning/visits/",
    "leena": "/figures/",
    "reijo": "/phone/",
    "hannu": "/access/",
}


@pytest.mark.parametrize("name", WHO)
def test_it_works(cast, sign_in, name):
    answer = sign_in(getattr(cast, name)).get("/")
    assert (answer.status_code, answer.url) == (302, WHO[name])


def test_every_role_has_a_home():
    assert set(HOME) == set(Role)


def test_stranger_is_sent_to_sign_in(db, client):
    assert client.get("/").url.startswith("/account/login/")


@pytest.mark.parametrize("name", WHO)
def test_menu_opens_what_it_offers_and_nothing_else(cast, sign_in, name):
    worker = getattr(cast, name)
    client, offered = sign_in(worker), menu_of(worker)
    for item in MENU:
        status = client.get(item.url, follow=True).status_code
        # The field app is public and empty; who is offered it may record.
        is_open = item in offered or item.permission is not None
        assert status == (200 if is_open else 403), item.url_name


def test_no_menu_is_empty(cast):
    for name in WHO:
        assert menu_of(getattr(cast, name))


def test_one_line_of_the_menu_is_here():
    assert here_of("/planning/places/7/", MENU) == "planning:sites"
    assert here_of("/planning/visits/", MENU) == "planning:visits"
    assert here_of("/figures/year/2026/", MENU) == "statistics:now"
    assert here_of("/account/login/", MENU) == ""


def test_page_marks_where_one_is(cast, sign_in):
    page = sign_in(cast.kaisa).get("/planning/visits/").content.decode()
    # Once in the bar, once in the menu of narrow screens.
    assert page.count('aria-current="page"') == 2
