"""Times a place's host books by a link, without a name."""

from datetime import date, time

import pytest
import time_machine

from rinnalla.planning.booking import actions
from rinnalla.planning.models import BookableSlot, HostLink, Site, StaleMonth, Visit
from rinnalla.testing import make_site

DAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False) as moved:
        yield moved


@pytest.fixture
def site(cast):
    return make_site(cast)


def path(site, rest=""):
    return f"/planning/places/{site.pk}/times{rest}"


def opened(cast, site, weeks=1):
    """A time on Thursday, and the host's secret."""
    actions.open_times(
        cast.aino, site, day=DAY, starts=time(10), ends=time(12), weeks=weeks
    )
    return actions.make_link(cast.aino, site, nonce="n")


def test_it_works(cast, site, sign_in, client):
    desk = sign_in(cast.aino)
    times = {"day": "2026-11-26", "starts": "10.00", "ends": "12.00", "weeks": "2"}
    desk.post(path(site), times)
    page = desk.post(path(site, "/link"), {"nonce": "n"}).content.decode()
    secret = actions.make_link(cast.aino, site, nonce="n")
    assert f"/open/fi/book/{secret}" in page
    client.logout()
    host = f"/open/fi/book/{secret}"
    assert "to 26.11." in client.get(host).content.decode()
    slot = BookableSlot.objects.get(day=DAY)
    seen = client.post(host, {"slot": slot.pk}, follow=True).content.decode()
    assert "Varattu, me tulemme" in seen
    visit = Visit.objects.get()
    assert (visit.site, visit.day, visit.starts) == (site, DAY, time(10))
    assert visit.lacks_pair
    assert StaleMonth.objects.filter(site=site).exists()


def test_booked_twice_is_one_visit(cast, site, client):
    host = f"/open/fi/book/{opened(cast, site)}"
    slot = BookableSlot.objects.get()
    for _ in range(2):
        assert client.post(host, {"slot": slot.pk}).status_code == 302
    assert Visit.objects.count() == 1


def test_no_cookie_and_no_name(cast, site, client):
    answer = client.get(f"/open/fi/book/{opened(cast, site)}")
    assert not answer.cookies
    assert "Aino" not in answer.content.decode()


def test_a_home_takes_no_bookings(cast, site, sign_in, client):
    host = f"/open/fi/book/{opened(cast, site)}"
    slot = BookableSlot.objects.get()
    Site.objects.update(kind="home")
    assert client.get(host).status_code == 404
    assert client.post(host, {"slot": slot.pk}).status_code == 404
    assert not Visit.objects.exists()
    assert sign_in(cast.aino).get(path(site)).status_code == 404


def test_a_time_that_was_taken_back(cast, site, client):
    host = f"/open/fi/book/{opened(cast, site)}"
    slot = BookableSlot.objects.get()
    actions.take_back(cast.aino, slot)
    assert "ei ole enää vapaa" in client.post(host, {"slot": slot.pk}).content.decode()
    assert not Visit.objects.exists()


def test_a_day_that_has_passed(cast, site, client, now):
    host = f"/open/fi/book/{opened(cast, site)}"
    now.move_to("2026-11-28T08:00:00+00:00")
    slot = BookableSlot.objects.get()
    assert "ei ole enää vapaa" in client.post(host, {"slot": slot.pk}).content.decode()


def test_a_booked_time_is_not_closed(cast, site, sign_in):
    opened(cast, site)
    slot = actions.book(site, BookableSlot.objects.get())
    sign_in(cast.aino).post(path(site, f"/{slot.pk}"))
    slot.refresh_from_db()
    assert not slot.is_taken_back


def test_a_closed_time_may_be_opened_again(cast, site):
    opened(cast, site)
    actions.take_back(cast.aino, BookableSlot.objects.get())
    opened(cast, site)
    assert BookableSlot.objects.free().count() == 1


def test_a_called_off_visit_is_told(cast, site, client):
    host = f"/open/fi/book/{opened(cast, site)}"
    actions.book(site, BookableSlot.objects.get())
    Visit.objects.update(status="cancelled", cancel_reason="weather")
    assert "Peruttu. Olemme pahoillamme." in client.get(host).content.decode()


def test_a_new_link_closes_the_earlier(cast, site, client):
    first = opened(cast, site)
    second = actions.make_link(cast.aino, site, nonce="m")
    assert client.get(f"/open/fi/book/{first}").status_code == 404
    assert client.get(f"/open/fi/book/{second}").status_code == 200
    assert HostLink.objects.count() == 1


def test_another_places_time_is_not_there(cast, site, client):
    secret = opened(cast, site)
    other = make_site(cast, name="Rantatupa")
    opened(cast, other)
    slot = BookableSlot.objects.get(site=other)
    answer = client.post(f"/open/fi/book/{secret}", {"slot": slot.pk})
    assert answer.status_code == 404


@pytest.mark.parametrize("slot", ["", "x", "9" * 40, "-1", "\x00"])
def test_an_odd_time(cast, site, client, slot):
    answer = client.post(f"/open/fi/book/{opened(cast, site)}", {"slot": slot})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "over", [{"day": "2026-11-01"}, {"ends": "9.00"}, {"weeks": "99"}, {"starts": "x"}]
)
def test_odd_times_are_not_opened(cast, site, sign_in, over):
    times = {"day": "2026-11-26", "starts": "10.00", "ends": "12.00", "weeks": "2"}
    assert sign_in(cast.aino).post(path(site), times | over).status_code == 200
    assert not BookableSlot.objects.exists()


def test_no_time_is_open_after_the_last_day(cast, site, sign_in):
    Site.objects.update(retired_on=date(2026, 12, 4))
    times = {"day": "2026-11-26", "starts": "10.00", "ends": "12.00", "weeks": "3"}
    desk = sign_in(cast.aino)
    asked = desk.post(path(site), times)
    assert "Viimeinen päivä täällä on 3.12.2026" in asked.content.decode()
    assert not BookableSlot.objects.exists()
    desk.post(path(site), times | {"weeks": "2"})
    assert BookableSlot.objects.count() == 2


@pytest.mark.parametrize(("who", "status"), [("leena", 403), ("outi", 404)])
def test_who_may_not(cast, site, sign_in, who, status):
    assert sign_in(getattr(cast, who)).get(path(site)).status_code == status


def test_old_times_go_and_visits_stay(cast, site):
    opened(cast, site)
    actions.book(site, BookableSlot.objects.get())
    assert actions.forget_old(date(2026, 12, 1), dry_run=True) == 1
    assert actions.forget_old(date(2026, 12, 1)) == 1
    assert Visit.objects.count() == 1
