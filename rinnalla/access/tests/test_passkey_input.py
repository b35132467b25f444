"""What a passkey page gets from a stranger: any bytes, and never a fault of ours."""

import base64
import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from rinnalla.access.tests.test_sign_in import SECRET, sign_in_by_form
from rinnalla.testing import PASSWORD

SHAPE = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "clientExtensionResults": {},
    "response": {
        "clientDataJSON": "AAAA",
        "attestationObject": "AAAA",
        "authenticatorData": "AAAA",
        "signature": "AAAA",
        "userHandle": "AAAA",
    },
}
RESPONSE = SHAPE["response"]


def text_of(data):
    """Bytes as a passkey's answer carries them."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def answer_with(**over):
    """A device's answer of the right shape with these parts of the response."""
    return json.dumps(SHAPE | {"response": RESPONSE | over})


CLIENT = text_of(
    b'{"type":"webauthn.create","challenge":"AAAA","origin":"http://testserver"}'
)
BAD = [
    "",
    "x",
    "null",
    "[]",
    "{}",
    "NaN",
    '"\\u0000"',
    '{"a": ' * 50 + "1" + "}" * 50,
    json.dumps(SHAPE),
    json.dumps(SHAPE | {"response": None}),
    json.dumps(SHAPE | {"id": "ä"}),
    answer_with(userHandle="MQ"),
    answer_with(userHandle="gICA"),
    answer_with(userHandle=text_of(b"z" * 30)),
    answer_with(clientDataJSON=CLIENT, attestationObject="oA"),
    answer_with(clientDataJSON=CLIENT, attestationObject="_____w"),
    answer_with(clientDataJSON=CLIENT, authenticatorData=text_of(b"a" * 37)),
    "9" * 10000,
]


@pytest.mark.parametrize("credential", BAD)
def test_it_works_for_no_stranger(cast, client, credential):
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.status_code in (200, 302)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", BAD)
def test_it_is_no_second_step(cast, client, credential):
    TOTP.activate(cast.aino, SECRET)
    sign_in_by_form(client, "aino@example.fi")
    page = client.post(reverse("mfa_authenticate"), {"credential": credential})
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", BAD)
def test_it_makes_no_passkey(cast, sign_in, credential):
    client = sign_in(cast.aino)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_add_webauthn"))
    fields = {"name": "x", "credential": credential, "passwordless": "on"}
    page = client.post(reverse("mfa_add_webauthn"), fields)
    assert page.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", BAD)
def test_it_proves_nothing(cast, sign_in, credential):
    client = sign_in(cast.aino)
    client.get(reverse("mfa_reauthenticate_webauthn"))
    again = reverse("mfa_reauthenticate_webauthn")
    assert client.post(again, {"credential": credential}).status_code in (200, 302)
    assert client.get(reverse("mfa_add_webauthn")).status_code == 302
