"""The page behind an invitation: one password, once, within seven days."""

import pytest
import time_machine
from django.urls import reverse

from rinnalla.access import actions, invitations
from rinnalla.access.models import AuditEvent, Worker
from rinnalla.access.roles import Role
from rinnalla.access.tests.test_sign_in import sign_in_by_form
from rinnalla.lib import clock

GOOD = "kettu-kulkee-kinoksessa"


@pytest.fixture
def tuuli(cast):
    worker = Worker(name="Tuuli Tamminen", email="tuuli@example.fi", team=cast.team)
    worker.role, worker.organisation = Role.WORKER, cast.county
    return actions.invite_worker(cast.hannu, worker)


@pytest.fixture
def link(tuuli):
    return invitations.path_to(tuuli)


def test_it_works(tuuli, link, client):
    assert "Tervetuloa, Tuuli" in client.get(link).content.decode()
    answer = client.post(link, {"password": GOOD, "again": GOOD})
    assert answer.url == reverse("account_login")
    sign_in_by_form(client, "tuuli@example.fi", GOOD)
    assert client.get("/access/me").status_code == 200
    assert AuditEvent.objects.filter(action="worker.invitation_accepted").count() == 1


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("", ""),
        ("short", "short"),
        ("password123456", "password123456"),
        ("tuuli.tamminen", "tuuli.tamminen"),
        (GOOD, GOOD + "x"),
        ("a\0bcdefghijklmn", "a\0bcdefghijklmn"),
        ("x" * 1000, "x" * 1000),
    ],
)
def test_a_weak_or_different_password_is_not_taken(
    tuuli, link, client, password, again
):
    page = client.post(link, {"password": password, "again": again})
    assert page.status_code == 200
    assert page.context["form"].errors
    tuuli.refresh_from_db()
    assert not tuuli.has_usable_password()


def test_the_link_works_once(link, client):
    client.post(link, {"password": GOOD, "again": GOOD})
    assert client.get(link).status_code == 404
    other = "toinen-hyva-salasana"
    assert client.post(link, {"password": other, "again": other}).status_code == 404


def test_the_link_is_old_after_seven_days(tuuli, client):
    with time_machine.travel(clock.at(clock.today(), 12), tick=False) as time:
        link = invitations.path_to(tuuli)
        time.shift(7 * 24 * 60 * 60 - 60)
        assert client.get(link).status_code == 200
        time.shift(120)
        assert client.get(link).status_code == 404


@pytest.mark.parametrize("seal", ["x", "a:b:c", "WzEsIngiXQ:1:2", "%00", "é" * 300])
def test_a_made_up_link_opens_nothing(cast, client, seal):
    assert client.get(f"/access/join/{seal}").status_code == 404


def test_a_closed_account_does_not_join(cast, tuuli, link, client):
    actions.close_account(cast.hannu, tuuli)
    assert client.get(link).status_code == 404
