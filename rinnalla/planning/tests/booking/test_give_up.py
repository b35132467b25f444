"""A host who booked a time takes it back by the booking's own link."""

import uuid
from datetime import date, time

import pytest
import time_machine

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.planning import actions as planning
from rinnalla.planning.booking import actions
from rinnalla.planning.models import BookableSlot, Site, StaleMonth, Visit

DAY = date(2026, 11, 26)
TIME = {"day": DAY, "starts": time(10), "ends": time(12)}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False) as moved:
        yield moved


@pytest.fixture
def site(cast):
    return testing.make_site(cast)


@pytest.fixture
def host(cast, site):
    """The address by which the host books."""
    actions.open_times(cast.aino, site, weeks=1, **TIME)
    return f"/open/fi/book/{actions.make_link(cast.aino, site, nonce='n')}"


def press(client, host, **over):
    """Book the time as the page's form does; where it leads."""
    slot = BookableSlot.objects.get()
    told = {"slot": slot.pk, "nonce": str(uuid.uuid4())} | over
    return client.post(host, told).url


def seen(client, path):
    return client.get(path).content.decode()


def test_it_works(cast, host, client):
    own = press(client, host)
    page = seen(client, own)
    assert "to 26.11. klo 10–12" in page and "Varattu, me tulemme" in page
    assert f"http://testserver{own}" in page
    StaleMonth.objects.all().delete()
    answer = client.post(own, follow=True).content.decode()
    assert "Varaus on peruttu" in answer
    visit = Visit.objects.get()
    assert (visit.status, visit.cancel_reason) == ("cancelled", "host_cancelled")
    slot = BookableSlot.objects.get()
    assert slot.booked_at is None and slot.visit is None
    assert StaleMonth.objects.exists()
    event = AuditEvent.objects.get(action="slot.given_up")
    assert (event.worker_id, event.object_id) == (None, str(slot.pk))


def test_the_time_is_free_for_another_booking(cast, host, client):
    first = press(client, host)
    client.post(first)
    second = press(client, host)
    assert second != first
    assert "Varattu, me tulemme" in seen(client, second)
    assert client.get(first).status_code == 404
    assert Visit.objects.filter(status="planned").count() == 1


def test_given_up_twice_is_once(cast, host, client):
    own = press(client, host)
    for _ in range(2):
        assert client.post(own).url == own
    assert AuditEvent.objects.filter(action="slot.given_up").count() == 1


def test_the_same_form_sent_twice_leads_to_the_same_page(cast, host, client):
    nonce = str(uuid.uuid4())
    assert press(client, host, nonce=nonce) == press(client, host, nonce=nonce)
    assert Visit.objects.count() == 1


def test_who_was_slower_gets_no_link_to_the_others_booking(cast, host, client):
    press(client, host)
    assert press(client, host) == host


def test_only_a_digest_is_kept(cast, host, client):
    secret = press(client, host).rpartition("/")[2]
    slot = BookableSlot.objects.get()
    assert slot.digest and secret not in slot.digest


def test_a_visit_that_has_begun_is_not_taken_back(cast, host, client):
    own = press(client, host)
    Visit.objects.update(status="under_way")
    assert "Käynti on jo alkanut" in client.post(own).content.decode()
    assert Visit.objects.get().status == "under_way"
    assert BookableSlot.objects.get().booked_at


def test_what_the_team_called_off_stays_called_off(cast, host, client):
    own = press(client, host)
    planning.cancel_visit(cast.aino, Visit.objects.get(), reason="staff_ill")
    assert "Peruttu. Olemme pahoillamme." in seen(client, own)
    client.post(own)
    assert Visit.objects.get().cancel_reason == "staff_ill"
    assert BookableSlot.objects.get().booked_at


def test_a_time_the_team_moved_is_not_opened_anew(cast, host, client):
    own = press(client, host)
    moved = date(2026, 11, 27)
    planning.move_visit(cast.aino, Visit.objects.get(), day=moved)
    assert "pe 27.11." in seen(client, own)
    client.post(own)
    assert Visit.objects.get().status == "cancelled"
    assert not BookableSlot.objects.free().exists()


def test_a_day_that_has_passed_stays_as_it_was(cast, host, client, now):
    own = press(client, host)
    now.move_to("2026-11-27T08:00:00+00:00")
    assert "Peru varaus" not in seen(client, own)
    client.post(own)
    assert Visit.objects.get().status == "planned"


def test_after_the_last_day_it_is_told_and_not_opened_anew(cast, host, client, now):
    own = press(client, host)
    Site.objects.update(retired_on=date(2026, 11, 25))
    now.move_to("2026-11-25T08:00:00+00:00")
    assert "Varattu, me tulemme" in seen(client, own)
    client.post(own)
    assert Visit.objects.get().status == "cancelled"
    assert "Varaus on peruttu" in seen(client, own)
    assert not BookableSlot.objects.free().exists()


def test_a_home_has_no_page(cast, host, client):
    own = press(client, host)
    Site.objects.update(kind="home")
    assert client.get(own).status_code == 404
    assert client.post(own).status_code == 404


@pytest.mark.parametrize("secret", ["x", "%00", "å" * 40, "a" * 500])
def test_an_odd_secret_opens_nothing(cast, client, secret):
    assert client.get(f"/open/fi/booking/{secret}").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("sv", "Bokad"), ("en", "Booked")])
def test_in_each_language(cast, host, client, language, word):
    own = press(client, host).replace("/fi/", f"/{language}/")
    assert word in seen(client, own)


def test_no_cookie_and_no_name(cast, host, client):
    answer = client.get(press(client, host))
    assert not answer.cookies and "Aino" not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"
