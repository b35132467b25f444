"""A new password by email: the second step stays, the mail holds a link only."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import check_password
from django.urls import reverse

from rinnalla.access.models import AuditEvent, Worker
from rinnalla.access.tests.test_sign_in import SECRET, sign_in_by_form

NEW = "kettu-kulkee-kinoksessa"


def ask(client, email="aino@example.fi"):
    return client.post(reverse("account_reset_password"), {"email": email})


def follow(client, body, password=NEW):
    """Open the link of the mail and send the form behind it."""
    link = body.split()[-1]
    page = client.get(link, follow=True)
    where = page.redirect_chain[-1][0]
    return client.post(where, {"password1": password, "password2": password})


def test_it_works(cast, client, mailoutbox):
    assert ask(client).url == reverse("account_reset_password_done")
    answer = follow(client, mailoutbox[0].body)
    assert answer.url == reverse("account_reset_password_from_key_done")
    assert check_password(NEW, Worker.objects.get(pk=cast.aino.pk).password)
    assert client.get(answer.url).status_code == 200
    assert AuditEvent.objects.filter(action="worker.password_reset").count() == 1


def test_one_sentence_says_what_is_asked_for(cast, client, mailoutbox):
    ask(client)
    page = client.get(mailoutbox[0].body.split()[-1], follow=True).content.decode()
    assert page.count("12 merkkiä") == 1
    assert "_helptext" not in page


def test_a_password_like_the_own_name_is_said_plainly(cast, client, mailoutbox):
    ask(client)
    page = follow(client, mailoutbox[0].body, cast.aino.email)
    assert "Tämä muistuttaa liikaa nimeäsi tai sähköpostiasi." in page.content.decode()


def test_it_signs_nobody_in(cast, client, mailoutbox):
    ask(client)
    follow(client, mailoutbox[0].body)
    assert client.get("/access/me").status_code != 200


def test_the_second_step_stays(cast, client, mailoutbox):
    TOTP.activate(cast.aino, SECRET)
    ask(client)
    follow(client, mailoutbox[0].body)
    answer = sign_in_by_form(client, "aino@example.fi", NEW)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_the_mail_holds_a_link_and_nothing_else(cast, client, mailoutbox):
    ask(client)
    mail = mailoutbox[0]
    assert mail.subject == "Rinnalla"
    lines = mail.body.strip().splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"http://testserver/account/password/reset/\S+/", lines[1])
    assert "ino" not in lines[0]


def test_an_unknown_address_is_told_the_same_and_gets_no_mail(cast, client, mailoutbox):
    known, unknown = ask(client), ask(client, "nobody@example.fi")
    assert known.url == unknown.url
    assert len(mailoutbox) == 1


def test_a_closed_account_gets_none(cast, client, mailoutbox):
    cast.aino.is_active = False
    cast.aino.save()
    ask(client)
    assert not mailoutbox


@pytest.mark.parametrize("email", ["", "x", "a\0@example.fi", "x" * 500])
def test_what_is_no_address_is_said_at_the_field(cast, client, mailoutbox, email):
    page = ask(client, email)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not mailoutbox


def test_a_link_works_once(cast, client, mailoutbox):
    ask(client)
    follow(client, mailoutbox[0].body)
    page = client.get(mailoutbox[0].body.split()[-1], follow=True)
    assert "Linkki on käytetty tai vanha" in page.content.decode()


@pytest.mark.parametrize("key", ["1-x", "zzzzzzzzzzzzzzzzzzzzzz-x", "0-set-password"])
def test_a_made_up_link_is_told_kindly(cast, client, key):
    page = client.get(f"/account/password/reset/{key}/", follow=True)
    assert page.status_code in (200, 404)
    assert "500" not in str(page.status_code)


def test_asking_again_and_again_sends_a_few(cast, client, mailoutbox):
    for _ in range(9):
        ask(client)
    assert len(mailoutbox) == 5


def test_a_mail_server_that_is_away_breaks_nothing(cast, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert ask(client).url == reverse("account_reset_password_done")


def test_changing_it_needs_the_old_one(cast, sign_in):
    client = sign_in(cast.aino)
    fields = {"oldpassword": "no", "password1": NEW, "password2": NEW}
    page = client.post(reverse("account_change_password"), fields)
    assert page.status_code == 200
    assert not check_password(NEW, Worker.objects.get(pk=cast.aino.pk).password)
