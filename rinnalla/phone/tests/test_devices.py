"""The page of phones: who sees which, what they tell, taking one out of use."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.phone import notices
from rinnalla.phone.models import Device, Dismissal
from rinnalla.phone.tests.phones import make_phone, signed

PAGE = "phone:devices"


def seen(client):
    """The names of the phones on the page."""
    return {row.device.name for row in client.get(reverse(PAGE)).context["rows"]}


@pytest.fixture
def phones(cast):
    """One of each kind."""
    for name in ("aino", "kaisa", "outi", "reijo"):
        make_phone(getattr(cast, name), name=name)
    make_phone(team=cast.team, name="shared")
    make_phone(team=cast.other_team, name="other")


def test_it_works(cast, sign_in):
    phone = make_phone(cast.aino, unsent=3, app_version="1.2")
    phone.last_contact = clock.cut(clock.now())
    phone.save()
    html = sign_in(cast.aino).get(reverse(PAGE)).content.decode()
    assert "Oma puhelin" in html and "3 kirjausta vain puhelimessa" in html
    assert "1.2" in html


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("aino", {"aino", "shared"}),
        ("kaisa", {"aino", "kaisa", "shared"}),
        ("outi", {"outi", "other"}),
        ("reijo", {"reijo"}),
        ("paula", set()),
        ("hannu", {"aino", "kaisa", "outi", "reijo", "shared", "other"}),
    ],
)
def test_who_sees_which(cast, phones, sign_in, who, names):
    assert seen(sign_in(getattr(cast, who))) == names


def test_a_leader_sees_no_phones(cast, phones, sign_in):
    assert sign_in(cast.leena).get(reverse(PAGE)).status_code == 403


def test_a_phone_follows_its_worker_to_another_team(cast, phones, sign_in):
    cast.aino.team = cast.other_team
    cast.aino.save()
    assert seen(sign_in(cast.kaisa)) == {"kaisa", "shared"}


def test_the_number_of_queries_does_not_grow(
    cast, sign_in, django_assert_max_num_queries
):
    for n in range(25):
        make_phone(cast.aino, name=str(n), unsent=1, highest=5, lost=[[1, 2]])
    client = sign_in(cast.kaisa)
    with django_assert_max_num_queries(24):
        client.get(reverse(PAGE))


def test_a_loss_is_said_plainly(cast, sign_in):
    make_phone(cast.aino, highest=9, received=[[1, 6]], lost=[[7, 9]])
    html = sign_in(cast.aino).get(reverse(PAGE)).content.decode()
    assert "3 kirjausta on voinut kadota" in html


# --- Out of use ----------------------------------------------------------------


def revoke(client, phone):
    return client.post(reverse("phone:device_revoke", args=[phone.pk]))


def test_out_of_use_in_three_presses(cast, sign_in, client):
    """From the front page, on a phone too: the link in the bar, the row, the button."""
    phone = make_phone(cast.aino)
    kaisa = sign_in(cast.kaisa)
    front = kaisa.get("/", follow=True).content.decode()
    assert f'rn-only-phone rn-push" href="{reverse(PAGE)}"' in front
    page = kaisa.get(reverse(PAGE)).content.decode()
    url = reverse("phone:device_revoke", args=[phone.pk])
    assert f'href="{url}"' in page
    asked = kaisa.get(url).content.decode()
    assert "tyhjentää" in asked and "sinetöity" in asked
    revoke(kaisa, phone)
    phone.refresh_from_db()
    assert phone.revoked_at and phone.revoked_by == cast.kaisa
    assert client.get("/phone/reference", **signed_again(phone)).status_code == 403
    assert AuditEvent.objects.filter(action="phone.revoked").count() == 1


def signed_again(phone):
    phone.token = "lumi-narskuu-0"
    return signed(phone)


def test_a_second_press_changes_nothing(cast, sign_in):
    phone = make_phone(cast.aino)
    client = sign_in(cast.aino)
    revoke(client, phone)
    first = Device.objects.get().revoked_at
    assert revoke(client, phone).status_code == 302
    assert Device.objects.get().revoked_at == first
    assert AuditEvent.objects.filter(action="phone.revoked").count() == 1


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("aino", "aino", 302),
        ("aino", "kaisa", 404),
        ("aino", "shared", 404),
        ("kaisa", "aino", 302),
        ("kaisa", "shared", 302),
        ("kaisa", "outi", 404),
        ("reijo", "reijo", 302),
        ("reijo", "aino", 404),
        ("hannu", "outi", 302),
        ("leena", "aino", 403),
    ],
)
def test_who_may_stop_which(cast, phones, sign_in, who, whose, status):
    phone = Device.objects.get(name=whose)
    client = sign_in(getattr(cast, who))
    assert revoke(client, phone).status_code == status
    phone.refresh_from_db()
    assert bool(phone.revoked_at) == (status == 302)


# --- Notices ---------------------------------------------------------------------


def texts(client):
    return [notice.text for notice in client.get(reverse(PAGE)).context["notices"]]


def put_away(client):
    notices = client.get(reverse(PAGE)).context["notices"]
    return client.post(reverse("phone:put_away"), {"notice": notices[0].key})


def test_a_loss_is_told_to_worker_and_coordinator(cast, sign_in, visit):
    phone = make_phone(cast.aino, highest=9, received=[[1, 6]], lost=[[7, 9]])
    testing.make_met(visit, 3, device=phone.pk)
    day = f"{visit.day.day}.{visit.day.month}."
    for name in ("aino", "kaisa"):
        [text] = texts(sign_in(getattr(cast, name)))
        assert text.startswith("Tietoja on voinut kadota: käynti " + day)
    assert texts(sign_in(cast.outi)) == [] and texts(sign_in(cast.hannu)) == []


def test_seen_it_goes_for_that_pair_of_ears(cast, sign_in):
    make_phone(cast.aino, highest=9, received=[[1, 6]], lost=[[7, 9]])
    put_away(sign_in(cast.aino))
    assert texts(sign_in(cast.aino)) == []
    assert len(texts(sign_in(cast.kaisa))) == 1
    assert AuditEvent.objects.filter(action="phone.notice_put_away").count() == 1


def test_a_further_loss_is_told_again(cast, sign_in):
    phone = make_phone(cast.aino, highest=9, received=[[1, 6]], lost=[[7, 9]])
    put_away(sign_in(cast.aino))
    phone.lost, phone.highest = [[7, 9], [12, 12]], 12
    phone.received = [[1, 6], [10, 11]]
    phone.save()
    assert len(texts(sign_in(cast.aino))) == 1


def test_a_notice_of_others_cannot_be_put_away(cast, sign_in):
    make_phone(cast.aino, highest=9, received=[[1, 6]], lost=[[7, 9]])
    key = sign_in(cast.kaisa).get(reverse(PAGE)).context["notices"][0].key
    client = sign_in(cast.outi)
    assert client.post(reverse("phone:put_away"), {"notice": key}).status_code == 302
    assert not Dismissal.objects.exists()


def test_put_away_twice_is_once(cast, sign_in):
    make_phone(cast.aino, highest=9, received=[[1, 6]], lost=[[7, 9]])
    client = sign_in(cast.aino)
    key = client.get(reverse(PAGE)).context["notices"][0].key
    for _press in range(2):
        client.post(reverse("phone:put_away"), {"notice": key})
    assert Dismissal.objects.count() == 1


def silent(phone, hours):
    phone.last_contact = clock.cut(clock.now() - timedelta(hours=hours))
    phone.save()


def test_a_silent_phone_with_unsent_facts_is_told_after_72_hours(cast, sign_in):
    phone = make_phone(cast.aino, unsent=2, highest=2)
    silent(phone, 71)
    assert texts(sign_in(cast.kaisa)) == []
    silent(phone, 73)
    [text] = texts(sign_in(cast.kaisa))
    assert "Oma puhelin" in text and "2 kirjausta" in text
    phone.unsent = 0
    phone.received = [[1, 2]]
    phone.save()
    assert texts(sign_in(cast.kaisa)) == []


def test_a_gap_that_never_closes_is_a_loss(cast, sign_in):
    """The phone gave nine numbers, five came, it says it holds nothing more."""
    phone = make_phone(cast.aino, highest=9, received=[[1, 5]])
    silent(phone, 2)
    assert texts(sign_in(cast.kaisa)) == []
    silent(phone, 25)
    [text] = texts(sign_in(cast.kaisa))
    assert "voinut kadota" in text


def frozen(monkeypatch, day, hour, minute=0):
    moment = clock.at(day, hour, minute)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_visit_without_data_is_asked_about_the_next_morning(
    cast, sign_in, monkeypatch
):
    day = clock.today()
    missing = testing.make_visit(cast, day=day)
    there = testing.make_visit(cast, day=day, status="under_way")
    testing.make_met(there, 1)
    client = sign_in(cast.aino)
    tomorrow = day + timedelta(days=1)
    client.session.clear()
    frozen(monkeypatch, tomorrow, 8, 55)
    assert notices.for_worker(cast.aino) == []
    frozen(monkeypatch, tomorrow, 9)
    [notice] = notices.for_worker(cast.aino)
    assert notice.visit == missing and "Leipätupa" in notice.text
    assert notices.for_worker(cast.kaisa) == []


def test_after_48_hours_the_coordinator_hears(cast, monkeypatch):
    day = clock.today()
    testing.make_visit(cast, day=day)
    two = day + timedelta(days=2)
    frozen(monkeypatch, two, 11)
    assert notices.for_coordinator(cast.kaisa) == []
    frozen(monkeypatch, two, 13)
    assert len(notices.for_coordinator(cast.kaisa)) == 1


def test_the_phone_hears_it_too(cast):
    phone = make_phone(cast.aino, highest=9, received=[[1, 6]], lost=[[7, 9]])
    assert len(notices.for_device(phone)) == 1
    shared = make_phone(team=cast.team, highest=9, received=[[1, 6]], lost=[[7, 9]])
    assert len(notices.for_device(shared)) == 1


def seen_on(client, phone, body):
    url = reverse("phone:notice_seen")
    told = {"content_type": "application/json", **signed(phone)}
    return client.post(url, body, HTTP_ACCEPT_LANGUAGE="fi", **told)


@pytest.mark.parametrize("is_shared", [False, True])
def test_seen_on_the_phone_it_is_put_away(cast, client, is_shared):
    whose = {"team": cast.team} if is_shared else {"worker": cast.aino}
    phone = make_phone(**whose, highest=9, received=[[1, 6]], lost=[[7, 9]])
    with translation.override("fi"):
        [text] = notices.for_device(phone)
    assert seen_on(client, phone, json.dumps({"text": "muu"})).status_code == 204
    assert len(notices.for_device(phone)) == 1
    for _press in range(2):
        assert seen_on(client, phone, json.dumps({"text": text})).status_code == 204
    assert notices.for_device(phone) == []
    assert Dismissal.objects.count() == 1


@pytest.mark.parametrize("body", ["", "[]", "{}", "5", "[" * 2000])
def test_a_broken_press_on_the_phone(cast, client, body):
    assert seen_on(client, make_phone(cast.aino), body).status_code == 400


def test_a_stranger_puts_nothing_away(cast, client):
    phone = make_phone(cast.aino)
    phone.token = "x"
    assert seen_on(client, phone, "{}").status_code == 401
