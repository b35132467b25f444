"""Inviting, changing and closing accounts; nobody raises their own role."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from rinnalla.access import actions
from rinnalla.access.models import AuditEvent, Worker
from rinnalla.access.roles import Role
from rinnalla.access.tests.test_sign_in import SECRET
from rinnalla.testing import make_worker

NEW = reverse("access:invite")


def asked(cast, **over):
    """What a coordinator or administrator types to invite Tuuli."""
    fields = {
        "name": "Tuuli Tamminen",
        "email": "Tuuli@example.fi",
        "role": "worker",
        "organisation": cast.county.pk,
        "team": cast.team.pk,
        "language": "sv",
    }
    return fields | over


def url(name, worker, *more):
    return reverse(f"access:{name}", args=[worker.pk, *more])


def fields_of(worker, **over):
    fields = {
        "name": worker.name,
        "email": worker.email,
        "role": worker.role,
        "organisation": worker.organisation_id,
        "team": worker.team_id or "",
        "language": worker.language,
    }
    return fields | over


def test_it_works(cast, sign_in, mailoutbox):
    answer = sign_in(cast.hannu).post(NEW, asked(cast))
    tuuli = Worker.objects.get(email="tuuli@example.fi")
    assert answer.url == url("worker", tuuli)
    assert not tuuli.has_usable_password()
    assert [mail.to for mail in mailoutbox] == [["tuuli@example.fi"]]
    event = AuditEvent.objects.get(action="worker.invited")
    assert (event.worker_id, event.object_id) == (cast.hannu.pk, str(tuuli.pk))


def test_the_mail_holds_a_link_and_nothing_else(cast, sign_in, mailoutbox):
    sign_in(cast.hannu).post(NEW, asked(cast))
    mail = mailoutbox[0]
    assert mail.subject == "Rinnalla"
    lines = mail.body.strip().splitlines()
    assert lines[0].startswith("Välj ditt lösenord")
    assert re.fullmatch(r"http://testserver/access/join/\S+", lines[1])
    assert len(lines) == 2
    for secret in ("Tuuli", "tuuli@", "Keskinen", "Järvi-Savo", "Hannu"):
        assert secret not in mail.subject + mail.body


def test_a_coordinator_invites_to_the_own_team(cast, sign_in):
    sign_in(cast.kaisa).post(NEW, asked(cast, team=cast.other_team.pk))
    assert Worker.objects.get(email="tuuli@example.fi").team == cast.team


def test_a_coordinator_invites_a_partner_worker(cast, sign_in):
    fields = asked(cast, role="partner", organisation=cast.parish.pk)
    sign_in(cast.kaisa).post(NEW, fields)
    assert Worker.objects.get(email="tuuli@example.fi").role == Role.PARTNER


@pytest.mark.parametrize("role", ["coordinator", "leader", "administrator", "x", ""])
def test_a_coordinator_gives_no_higher_role(cast, sign_in, role):
    page = sign_in(cast.kaisa).post(NEW, asked(cast, role=role))
    assert page.status_code == 200
    assert "Tuuli Tamminen" in page.content.decode()
    assert not Worker.objects.filter(email="tuuli@example.fi").exists()


@pytest.mark.parametrize("role", ["worker", "partner"])
def test_a_coordinator_without_a_team_is_told_so(cast, sign_in, role):
    cast.kaisa.team = None
    cast.kaisa.save()
    fields = asked(cast, role=role, organisation=cast.parish.pk)
    page = sign_in(cast.kaisa).post(NEW, fields)
    assert page.context["form"].non_field_errors()
    assert not Worker.objects.filter(email="tuuli@example.fi").exists()


@pytest.mark.parametrize("who", ["aino", "leena", "reijo"])
def test_others_invite_nobody(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).post(NEW, asked(cast)).status_code == 403
    assert not Worker.objects.filter(email="tuuli@example.fi").exists()


@pytest.mark.parametrize(
    "over",
    [
        {"email": "x"},
        {"email": "aino@example.fi"},
        {"email": "AINO@EXAMPLE.FI"},
        {"email": "a\0@example.fi"},
        {"name": ""},
        {"name": "x" * 500},
        {"name": "a\0b"},
        {"organisation": "0"},
        {"organisation": "9" * 40},
        {"team": ""},
        {"language": "de"},
    ],
)
def test_a_fault_is_named_and_nothing_typed_is_lost(cast, sign_in, over):
    before = Worker.objects.count()
    page = sign_in(cast.hannu).post(NEW, asked(cast, **over))
    assert page.status_code == 200
    assert page.context["form"].errors
    kept = "Tuuli" if "name" not in over else "Tuuli@example.fi"
    assert kept in page.content.decode()
    assert Worker.objects.count() == before


def test_a_worker_belongs_to_the_organisation_of_the_team(cast, sign_in):
    page = sign_in(cast.hannu).post(NEW, asked(cast, organisation=cast.parish.pk))
    assert "organisation" in page.context["form"].errors


def test_a_partner_worker_does_not_belong_to_the_county(cast, sign_in):
    page = sign_in(cast.kaisa).post(NEW, asked(cast, role="partner"))
    assert "organisation" in page.context["form"].errors


def test_pressing_twice_invites_once(cast, sign_in, mailoutbox):
    client = sign_in(cast.hannu)
    first = client.post(NEW, asked(cast))
    second = client.post(NEW, asked(cast))
    assert first.url == second.url
    assert len(mailoutbox) == 1


def test_a_mail_that_does_not_go_is_said_and_the_link_is_given(cast, sign_in, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = sign_in(cast.hannu).post(NEW, asked(cast)).content.decode()
    assert "ei lähtenyt" in page
    assert "http://testserver/access/join/" in page


def test_a_new_link_makes_the_old_one_void(cast, sign_in, mailoutbox):
    client = sign_in(cast.hannu)
    client.post(NEW, asked(cast))
    tuuli = Worker.objects.get(email="tuuli@example.fi")
    client.post(url("invite_again", tuuli))
    old, new = [mail.body.split()[-1] for mail in mailoutbox]
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_an_account_in_use_is_not_invited_anew(cast, sign_in, mailoutbox):
    sign_in(cast.hannu).post(url("invite_again", cast.aino))
    cast.aino.refresh_from_db()
    assert cast.aino.has_usable_password()
    assert not mailoutbox


def test_an_administrator_changes_role_and_team(cast, sign_in):
    fields = fields_of(cast.aino, role="coordinator", team=cast.other_team.pk)
    sign_in(cast.hannu).post(url("worker", cast.aino), fields)
    cast.aino.refresh_from_db()
    assert (cast.aino.role, cast.aino.team) == (Role.COORDINATOR, cast.other_team)
    assert AuditEvent.objects.filter(action="worker.role_changed").count() == 1


@pytest.mark.parametrize("who", ["hannu", "kaisa"])
def test_nobody_changes_the_own_row(cast, sign_in, who):
    me = getattr(cast, who)
    client = sign_in(me)
    fields = fields_of(me, role="administrator")
    assert client.get(url("worker", me)).status_code == 403
    assert client.post(url("worker", me), fields).status_code == 403
    for verb in ("close", "open", "reset"):
        assert client.post(url("account", me, verb)).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.change_worker(me, me)


def test_a_coordinator_does_not_raise_a_worker(cast, sign_in):
    fields = fields_of(cast.aino, role="coordinator")
    sign_in(cast.kaisa).post(url("worker", cast.aino), fields)
    cast.aino.refresh_from_db()
    assert cast.aino.role == Role.WORKER


def test_the_action_refuses_what_a_form_would_have_let_by(cast):
    cast.aino.role = Role.ADMINISTRATOR
    with pytest.raises(PermissionDenied):
        actions.change_worker(cast.kaisa, cast.aino)
    stranger = Worker(name="X", email="x@example.fi", role=Role.WORKER)
    stranger.organisation, stranger.team = cast.county, cast.other_team
    with pytest.raises(PermissionDenied):
        actions.invite_worker(cast.kaisa, stranger)


def test_a_coordinator_does_not_reach_another_team(cast, sign_in):
    client = sign_in(cast.kaisa)
    assert client.get(url("worker", cast.outi)).status_code == 404
    for verb in ("close", "open", "reset"):
        assert client.post(url("account", cast.outi, verb)).status_code == 404
    assert client.post(url("invite_again", cast.outi)).status_code == 404
    assert "Outi" not in client.get(reverse("access:workers")).content.decode()


def test_a_coordinator_does_not_touch_another_coordinator(cast, sign_in):
    other = make_worker("Toini Tuomi", Role.COORDINATOR, cast.county, cast.team)
    client = sign_in(cast.kaisa)
    assert client.get(url("worker", other)).status_code == 403
    assert client.post(url("account", other, "close")).status_code == 403


def test_a_coordinator_does_not_turn_the_mail_elsewhere(cast, sign_in):
    fields = fields_of(cast.aino, email="kaisa.toinen@example.fi")
    sign_in(cast.kaisa).post(url("worker", cast.aino), fields)
    cast.aino.refresh_from_db()
    assert cast.aino.email == "aino@example.fi"


def test_closing_ends_what_is_open_at_once(cast, client):
    theirs = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    theirs.force_login(cast.aino, backend=backend)
    assert theirs.get("/access/me").status_code == 200
    client.force_login(cast.kaisa, backend=backend)
    client.post(url("account", cast.aino, "close"))
    assert theirs.get("/access/me").status_code == 401
    client.post(url("account", cast.aino, "open"))
    cast.aino.refresh_from_db()
    assert cast.aino.is_active


def test_the_last_administrator_stays(cast, sign_in):
    other = make_worker("Timo Tuomi", Role.ADMINISTRATOR, cast.county)
    actions.close_account(cast.hannu, other)
    actions.open_account(cast.hannu, other)
    actions.close_account(other, cast.hannu)
    with pytest.raises(PermissionDenied):
        actions.close_account(cast.hannu, other)
    other.role = Role.LEADER
    with pytest.raises(PermissionDenied):
        actions.change_worker(cast.hannu, other)


def test_a_lost_second_step_is_reset(cast, sign_in):
    TOTP.activate(cast.aino, SECRET)
    sign_in(cast.kaisa).post(url("account", cast.aino, "reset"))
    assert not Authenticator.objects.filter(user=cast.aino).exists()


def test_the_list_asks_the_database_a_fixed_number_of_times(
    cast, sign_in, django_assert_max_num_queries
):
    for number in range(30):
        make_worker(f"Nimi{number} X", Role.WORKER, cast.county, cast.team)
    client = sign_in(cast.hannu)
    client.get(reverse("access:workers"))
    with django_assert_max_num_queries(6):
        client.get(reverse("access:workers"))
