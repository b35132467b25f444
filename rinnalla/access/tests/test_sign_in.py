"""Signing in: email and password, then the second step; a miss tells nothing."""

import base64
import hmac
import struct
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from rinnalla.access import actions
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.testing import PASSWORD

LOGIN = "/account/login/"
SECRET = "JBSWY3DPEHPK3PXP"


def digits_now(secret=SECRET):
    """What an authenticator app shows now (RFC 6238)."""
    step = struct.pack(">Q", int(clock.now().timestamp()) // 30)
    hashed = hmac.digest(base64.b32decode(secret), step, "sha1")
    at = hashed[-1] & 15
    number = struct.unpack(">I", hashed[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


@pytest.fixture
def with_app(cast):
    """Aino with an authenticator app and recovery codes."""
    TOTP.activate(cast.aino, SECRET)
    return cast.aino


def sign_in_by_form(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def test_it_works(cast, client):
    answer = sign_in_by_form(client, "aino@example.fi")
    assert answer.status_code == 302
    assert client.get("/access/me").status_code == 200


def test_the_address_is_read_in_any_letter_case(cast, client):
    assert sign_in_by_form(client, " AINO@example.fi ").status_code == 302


def test_one_goes_on_where_one_was_going(cast, client):
    answer = client.post(
        LOGIN + "?next=/access/me",
        {"login": "aino@example.fi", "password": PASSWORD, "next": "/access/me"},
    )
    assert answer.url == "/access/me"


def test_nobody_is_sent_elsewhere(cast, client):
    answer = client.post(
        LOGIN,
        {
            "login": "aino@example.fi",
            "password": PASSWORD,
            "next": "https://evil.example/",
        },
    )
    assert answer.url == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("aino@example.fi", "wrong-wrong-wrong"),
        ("nobody@example.fi", PASSWORD),
        ("aino@example.fi", "x" * 5000),
        ("aino@example.fi", "a\0b"),
    ],
)
def test_a_miss_says_the_same_whoever_it_is(cast, client, email, password):
    page = sign_in_by_form(client, email, password).content.decode()
    assert "eivät kuulu yhteen" in page or "salasana" in page.lower()
    assert "_auth_user_id" not in client.session
    assert password not in page


def test_a_miss_does_not_tell_apart_known_and_unknown(cast, client):
    pages = [
        sign_in_by_form(client, email, "wrong-wrong-wrong").content.decode()
        for email in ("aino@example.fi", "noaa@example.fi")
    ]
    without = [page.replace("noaa@", "aino@") for page in pages]
    strip = [_without_tokens(page) for page in without]
    assert strip[0] == strip[1]


def _without_tokens(page):
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_closed_account_stays_out(cast, client):
    cast.aino.is_active = False
    cast.aino.save()
    sign_in_by_form(client, "aino@example.fi")
    assert "_auth_user_id" not in client.session


def test_people_of_an_ended_organisation_stay_out(cast, client):
    cast.parish.ends_on = clock.today().replace(year=clock.today().year - 1)
    cast.parish.save()
    sign_in_by_form(client, "reijo@example.fi")
    assert client.get("/access/me").status_code == 401


def test_a_password_alone_is_half_of_the_way(with_app, client):
    answer = sign_in_by_form(client, with_app.email)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/access/me").status_code != 200
    assert "_auth_user_id" not in client.session


def test_the_digits_of_the_app_open(with_app, client):
    sign_in_by_form(client, with_app.email)
    client.post(reverse("mfa_authenticate"), {"code": digits_now()})
    assert client.get("/access/me").status_code == 200


def test_digits_work_once(with_app, client):
    code = digits_now()
    sign_in_by_form(client, with_app.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post("/account/logout/")
    sign_in_by_form(client, with_app.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("code", ["000000", "", "a\0", "9" * 500, "１２３４５６"])
def test_wrong_digits_do_not(with_app, client, code):
    sign_in_by_form(client, with_app.email)
    page = client.post(reverse("mfa_authenticate"), {"code": code})
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


def test_guessing_digits_is_slowed(with_app, client):
    sign_in_by_form(client, with_app.email)
    for _ in range(9):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": digits_now()})
    assert "_auth_user_id" not in client.session


def test_another_process_counts_the_same_guesses(with_app, client):
    """Each process has a cache of its own; the guesses are in the database."""
    sign_in_by_form(client, with_app.email)
    for _ in range(9):
        cache.clear()
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    cache.clear()
    page = client.post(reverse("mfa_authenticate"), {"code": digits_now()})
    assert "Odota hetki" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_a_quarter_of_an_hour_it_opens_again(with_app, client):
    for _ in range(9):
        actions.may_guess(with_app)
    later = clock.now() + timedelta(minutes=16)
    with time_machine.travel(later, tick=False):
        sign_in_by_form(client, with_app.email)
        client.post(reverse("mfa_authenticate"), {"code": digits_now()})
        assert "_auth_user_id" in client.session


def test_another_process_knows_used_digits(with_app, client):
    code = digits_now()
    sign_in_by_form(client, with_app.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post("/account/logout/")
    cache.clear()
    sign_in_by_form(client, with_app.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_opens_once(with_app, client):
    code = RecoveryCodes.activate(with_app).get_unused_codes()[0]
    sign_in_by_form(client, with_app.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get("/access/me").status_code == 200
    client.post("/account/logout/")
    sign_in_by_form(client, with_app.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in client.session


def test_the_secret_of_the_app_is_sealed_at_rest(with_app):
    row = Authenticator.objects.get(user=with_app, type="totp")
    assert SECRET not in str(row.data)
    assert row.wrap().validate_code(digits_now())


def test_nobody_signs_up_and_no_address_is_confirmed(db, client):
    for name in ("account_signup", "account_email", "account_confirm_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/account/signup/", "/account/email/", "/account/3rdparty/"):
        assert client.get(path).status_code == 404


def test_pages_come_in_the_workers_language(cast, client):
    cast.aino.language = "sv"
    cast.aino.save()
    sign_in_by_form(client, "aino@example.fi")
    assert "Mitt konto" in client.get("/access/me").content.decode()
    client.post("/access/me/language", {"language": "en"})
    assert "My account" in client.get("/access/me").content.decode()
    client.post("/access/me/language", {"language": "xx"})
    assert "My account" in client.get("/access/me").content.decode()
    cast.aino.refresh_from_db()
    assert cast.aino.language == "en"


def test_signing_in_is_in_the_audit(cast, client):
    sign_in_by_form(client, "aino@example.fi")
    event = AuditEvent.objects.get(action="worker.signed_in")
    assert (event.worker_id, event.object_id) == (cast.aino.pk, str(cast.aino.pk))
    assert event.at.minute % 5 == event.at.second == event.at.microsecond == 0


def test_signing_out_asks_and_then_does(cast, client):
    sign_in_by_form(client, "aino@example.fi")
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/access/me").status_code == 200
    client.post("/account/logout/")
    assert client.get("/access/me").status_code == 302


def test_whoever_looks_for_help_is_led_to_the_open_pages(client):
    page = client.get("/account/login/").content.decode()
    assert 'href="/open/"' in page and "Etsitkö apua?" in page
