"""Guessing is slowed by name and place; no account is lost, no place is closed."""

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core import signing

from rinnalla.access import slowing
from rinnalla.access.tests.test_sign_in import sign_in_by_form
from rinnalla.lib import clock

WRONG = "wrong-wrong-wrong"
NOON = clock.at(clock.today(), 12)


def miss(client, email, place="10.0.0.1", times=1):
    for _ in range(times):
        answer = sign_in_by_form(client, email, WRONG, REMOTE_ADDR=place)
    return answer


def opens(client, email, place="10.0.0.1"):
    sign_in_by_form(client, email, REMOTE_ADDR=place)
    return "_auth_user_id" in client.session


def test_it_works(cast, client):
    miss(client, "aino@example.fi", times=7)
    assert opens(client, "aino@example.fi")


def test_eight_misses_close_the_pair_of_name_and_place(cast, client):
    page = miss(client, "aino@example.fi", times=8)
    assert page.status_code == 429
    assert "Pidetään hetken tauko" in page.content.decode()
    assert not opens(client, "aino@example.fi")


def test_after_fifteen_minutes_it_is_open_again(cast, client):
    with time_machine.travel(NOON, tick=False) as time:
        miss(client, "aino@example.fi", times=12)
        time.shift(14 * 60)
        assert not opens(client, "aino@example.fi")
        time.shift(61)
        assert opens(client, "aino@example.fi")


def test_waiting_is_not_made_longer_by_trying(cast, client):
    with time_machine.travel(NOON, tick=False) as time:
        miss(client, "aino@example.fi", times=8)
        for _ in range(10):
            time.shift(80)
            miss(client, "aino@example.fi", times=2)
        time.shift(101)
        assert opens(client, "aino@example.fi")


def test_a_shared_address_never_closes_for_the_others(cast, client):
    miss(client, "aino@example.fi", times=8)
    miss(client, "outi@example.fi", times=8)
    miss(client, "nobody@example.fi", times=8)
    assert opens(client, "kaisa@example.fi")


def test_the_owner_gets_in_from_another_place(cast, client):
    miss(client, "aino@example.fi", times=20)
    assert opens(client, "aino@example.fi", place="10.0.0.2")


def test_letter_case_and_browser_do_not_start_the_count_anew(cast, client):
    for number in range(8):
        email = "Aino@example.fi" if number % 2 else "aino@example.fi"
        sign_in_by_form(client, email, WRONG, HTTP_USER_AGENT=f"Browser {number}")
    assert not opens(client, "aino@example.fi", place="127.0.0.1")


def flood(name, places=slowing.MISSES_OF_A_NAME):
    """As many places have missed once each, just now."""
    AccessAttempt.objects.bulk_create(
        AccessAttempt(
            username=name,
            ip_address=f"10.1.{number // 250}.{number % 250}",
            failures_since_start=1,
        )
        for number in range(places)
    )


def test_many_places_against_one_name_are_spaced(cast, client):
    with time_machine.travel(NOON, tick=False) as time:
        flood("aino@example.fi")
        page = sign_in_by_form(client, "aino@example.fi", REMOTE_ADDR="10.0.0.9")
        assert page.status_code == 429
        assert "puolen minuutin" in page.content.decode()
        time.shift(31)
        assert opens(client, "aino@example.fi", place="10.0.0.9")


def test_fewer_are_not(cast, client):
    with time_machine.travel(NOON, tick=False):
        flood("aino@example.fi", slowing.MISSES_OF_A_NAME - 1)
        assert opens(client, "aino@example.fi", place="10.0.0.9")


def test_a_known_browser_of_the_owner_never_waits(cast, client):
    with time_machine.travel(NOON, tick=False):
        assert opens(client, "aino@example.fi")
        client.post("/account/logout/")
        flood("aino@example.fi")
        assert opens(client, "aino@example.fi", place="10.0.0.9")


@pytest.mark.parametrize("value", ["x", "", "W10:x:y", "aino@example.fi"])
def test_a_made_up_browser_does(cast, client, value):
    with time_machine.travel(NOON, tick=False):
        client.cookies[slowing.COOKIE] = value
        flood("aino@example.fi")
        assert not opens(client, "aino@example.fi", place="10.0.0.9")


def test_a_browser_known_for_one_is_not_known_for_another(cast, client):
    with time_machine.travel(NOON, tick=False):
        assert opens(client, "outi@example.fi")
        client.post("/account/logout/")
        flood("aino@example.fi")
        assert not opens(client, "aino@example.fi", place="10.0.0.9")


def test_the_cookie_tells_no_name(cast, client):
    assert opens(client, "aino@example.fi")
    value = client.cookies[slowing.COOKIE].value
    (kept,) = signing.loads(value, salt=slowing.SALT)
    assert "aino" not in kept


def test_what_was_typed_is_not_kept(cast, client):
    miss(client, "aino@example.fi", times=2)
    row = AccessAttempt.objects.get()
    kept = row.get_data + row.post_data
    assert WRONG not in kept
    assert "aino@" not in kept


def test_the_place_behind_a_proxy_is_what_the_proxy_saw(rf, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = rf.get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.0.0.7")
    assert slowing.place_of(request) == "10.0.0.7"
    settings.SECURE_PROXY_SSL_HEADER = None
    assert slowing.place_of(request) == "127.0.0.1"


def test_trying_ones_own_old_password_is_slowed_kindly(cast, sign_in):
    client = sign_in(cast.aino)
    fields = {"oldpassword": "no", "password1": WRONG, "password2": WRONG}
    for _ in range(6):
        page = client.post("/account/password/", fields)
    assert page.status_code == 429
    assert "Odota minuutti" in page.content.decode()
