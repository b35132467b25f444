"""A worker without a second step is led to set one up before anything else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.access.tests.test_sign_in import (
    SECRET,
    digits_now,
    sign_in_by_form,
)
from rinnalla.testing import PASSWORD

SETUP = "/access/me/second-step"


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def take_app(client):
    """Walk through the page that takes an app into use."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    return client.post(reverse("mfa_activate_totp"), {"code": digits_now(secret)})


def test_it_works(cast, client):
    sign_in_by_form(client, "aino@example.fi")
    assert client.get("/access/me").url == SETUP
    assert client.get(SETUP).status_code == 200
    answer = take_app(client)
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert client.get(answer.url).status_code == 200
    assert client.get("/access/me").status_code == 200


@pytest.mark.parametrize("path", ["/", "/access/me", "/access/workers"])
def test_nothing_else_is_open_before(cast, client, path):
    sign_in_by_form(client, "kaisa@example.fi")
    assert client.get(path).url == SETUP
    assert client.post(path).status_code in (302, 405)


def test_one_may_sign_out_and_change_the_language(cast, client):
    sign_in_by_form(client, "aino@example.fi")
    answer = client.post("/language", {"language": "sv", "next": SETUP})
    assert answer.url == SETUP
    assert client.post("/account/logout/").url == "/account/login/"


def test_taking_an_app_is_in_the_audit(
    cast, client, django_capture_on_commit_callbacks
):
    sign_in_by_form(client, "aino@example.fi")
    with django_capture_on_commit_callbacks(execute=True):
        take_app(client)
    assert AuditEvent.objects.filter(action="worker.app_added").count() == 1


def test_wrong_digits_take_nothing_into_use(cast, client):
    sign_in_by_form(client, "aino@example.fi")
    client.get(reverse("mfa_activate_totp"))
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert page.status_code == 200
    assert not Authenticator.objects.exists()


def test_the_last_second_step_stays(cast, sign_in):
    TOTP.activate(cast.aino, SECRET)
    client = sign_in_warm(sign_in, cast.aino)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists()


def test_the_last_passkey_stays_too(cast, sign_in):
    key = Authenticator.objects.create(
        user=cast.aino, type="webauthn", data={"name": "x", "credential": {}}
    )
    client = sign_in_warm(sign_in, cast.aino)
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_nobody_removes_another_ones_passkey(cast, sign_in):
    key = Authenticator.objects.create(
        user=cast.outi, type="webauthn", data={"name": "x", "credential": {}}
    )
    TOTP.activate(cast.aino, SECRET)
    client = sign_in_warm(sign_in, cast.aino)
    answer = client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert answer.status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_changing_the_second_step_asks_who_it_is(cast, sign_in):
    TOTP.activate(cast.aino, SECRET)
    client = sign_in(cast.aino)
    answer = client.get(reverse("mfa_add_webauthn"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    page = client.post(reverse("account_reauthenticate"), {"password": "no"})
    assert page.status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 302


def sign_in_warm(sign_in, worker):
    """Sign in and prove once more who it is, as the pages of factors ask."""
    client = sign_in(worker)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client
