"""How long a session is open, what for, and who can end it."""

import json

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from rinnalla import urls
from rinnalla.access import actions, sessions
from rinnalla.access.guards import signed_in
from rinnalla.access.models import AuditEvent, WorkerSession
from rinnalla.lib import clock
from rinnalla.testing import PASSWORD

MORNING = clock.at(clock.today(), 8)
DESK, FORM = "/access/me", "/test-page"


@signed_in
def form_page(request):
    """A stand-in for a page with a form."""
    return HttpResponse("form")


urlpatterns = [path("test-page", csrf_exempt(form_page)), *urls.urlpatterns]


@pytest.fixture
def time():
    with time_machine.travel(MORNING, tick=False) as travel:
        yield travel


@pytest.fixture
def aino(cast, sign_in, time, settings):
    settings.ROOT_URLCONF = __name__
    client = sign_in(cast.aino)
    client.get(DESK)
    return client


def code(client, where, **headers):
    return client.get(where, **headers).status_code


def pass_hours(time, client, hours, where=DESK, every=20):
    """Let time go by while a page is used every so many minutes."""
    for _ in range(int(hours * 60 / every)):
        time.shift(every * 60)
        client.get(where)


def test_it_works(aino, time):
    pass_hours(time, aino, 4)
    assert code(aino, DESK) == 200


def test_the_desk_closes_after_half_an_hour(aino, time):
    time.shift(29 * 60)
    assert code(aino, DESK) == 200
    time.shift(31 * 60)
    assert code(aino, DESK) == 401
    assert not WorkerSession.objects.filter(worker__isnull=False).exists()


def test_the_desk_closes_after_twelve_hours_of_use(aino, time):
    pass_hours(time, aino, 12)
    assert code(aino, DESK) == 200
    time.shift(3 * 60)
    assert code(aino, DESK) == 401


def test_a_script_gets_an_answer_it_can_read(aino, time):
    time.shift(31 * 60)
    answer = aino.post(
        FORM,
        json.dumps({"q": ""}),
        content_type="application/json",
        HTTP_ACCEPT="application/json",
    )
    assert answer.status_code == 401
    assert answer.json()["sign_in"] == "/account/login/"


def test_what_was_typed_comes_back(aino, time):
    time.shift(31 * 60)
    words = "Jonossa puhuttiin vuokrista"
    page = aino.post(FORM, {"text": words, "password": "my secret words"})
    assert page.status_code == 401
    assert words in page.content.decode()
    assert "my secret words" not in page.content.decode()


def test_the_field_app_needs_no_session(aino, time):
    time.shift(31 * 60)
    assert code(aino, "/phone/") == 200
    assert code(aino, DESK) == 302


def test_a_revoked_worker_is_told_kindly_at_the_next_step(aino, cast):
    actions.close_account(cast.hannu, cast.aino)
    page = aino.get(DESK)
    assert page.status_code == 401
    assert "Et ole enää kirjautuneena" in page.content.decode()
    assert code(aino, "/account/login/") == 200


def test_one_sees_where_one_is_signed_in(aino, cast):
    page = aino.get(DESK, HTTP_USER_AGENT="x").content.decode()
    assert "Tämä laite" in page
    assert aino.session.session_key not in page


def test_one_ends_a_session_of_another_device(aino, cast):
    other = _other_device(cast.aino)
    aino.post(f"/access/me/sessions/{other.session['public_id']}/end")
    assert code(other, DESK) == 401
    assert code(aino, DESK) == 200
    assert AuditEvent.objects.filter(action="worker.sessions_ended").count() == 1


def test_one_ends_all_others(aino, cast):
    others = [_other_device(cast.aino), _other_device(cast.aino)]
    aino.post("/access/me/sessions/end")
    assert [code(other, DESK) for other in others] == [401, 401]
    assert code(aino, DESK) == 200


def test_nobody_ends_the_session_of_another_worker(aino, cast):
    other = _other_device(cast.outi)
    aino.post(f"/access/me/sessions/{other.session['public_id']}/end")
    aino.post("/access/me/sessions/end")
    assert code(other, DESK) == 200


def test_a_changed_password_ends_the_other_devices(aino, cast):
    other = _other_device(cast.aino)
    new = "pakkanen-paukkuu-nurkissa"
    aino.post("/account/again/", {"password": PASSWORD})
    aino.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert code(aino, DESK) == 200
    assert code(other, DESK) == 401
    assert WorkerSession.objects.filter(worker=cast.aino).count() == 1


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604", "Safari"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537", "Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge"),
        ("", ""),
        ("curl/8", ""),
    ],
)
def test_a_device_is_two_words(agent, device):
    assert device in sessions.device_of(agent)
    assert len(sessions.device_of(agent)) < 30


def _other_device(worker):
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 15) Chrome/140")
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(worker, backend=backend)
    client.get(DESK)
    return client
