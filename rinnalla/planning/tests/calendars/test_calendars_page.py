"""Where a worker makes, copies and closes the own addresses."""

import re

import pytest
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.planning.models import CalendarFeed, ReminderChoice

PAGE = "/planning/calendars/"
ADDRESS = re.compile(r'value="(http://[^"]+\.ics)"')


def test_it_works(cast, sign_in):
    client = sign_in(cast.aino)
    page = client.post(reverse("planning:calendar_open"), {"kind": "own"}, follow=True)
    (address,) = ADDRESS.findall(page.content.decode())
    assert f'href="webcal://{address.removeprefix("http://")}"' in page.content.decode()
    client.logout()
    assert client.get(address).status_code == 200
    sign_in(cast.aino)
    client.post(reverse("planning:calendar_close"), {"kind": "own"})
    assert not ADDRESS.findall(client.get(PAGE).content.decode())
    assert client.get(address).status_code == 404
    done = AuditEvent.objects.filter(object_kind="CalendarFeed").order_by("pk")
    assert list(done.values_list("action", flat=True)) == [
        "calendar.opened",
        "calendar.closed",
    ]


def test_pressed_twice_it_is_one_address(cast, sign_in):
    client = sign_in(cast.aino)
    for _ in range(2):
        client.post(reverse("planning:calendar_open"), {"kind": "team"})
    assert CalendarFeed.objects.count() == 1
    for _ in range(2):
        client.post(reverse("planning:calendar_close"), {"kind": "team"})
    assert not CalendarFeed.objects.exists()


def test_a_new_address_is_another(cast, sign_in):
    client = sign_in(cast.aino)
    seen = set()
    for _ in range(2):
        client.post(reverse("planning:calendar_open"), {"kind": "own"})
        seen.update(ADDRESS.findall(client.get(PAGE).content.decode()))
        client.post(reverse("planning:calendar_close"), {"kind": "own"})
    assert len(seen) == 2


def test_nobody_sees_or_closes_anothers(cast, sign_in):
    sign_in(cast.kaisa).post(reverse("planning:calendar_open"), {"kind": "own"})
    client = sign_in(cast.aino)
    client.post(reverse("planning:calendar_close"), {"kind": "own"})
    assert not ADDRESS.findall(client.get(PAGE).content.decode())
    assert CalendarFeed.objects.get().worker == cast.kaisa


@pytest.mark.parametrize("name", ["leena", "hannu"])
def test_who_sees_no_visits_has_no_calendar(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get(PAGE).status_code == 403


@pytest.mark.parametrize("kind", ["", "everybody", "\x00"])
def test_an_unknown_kind_is_not_there(cast, sign_in, kind):
    answer = sign_in(cast.aino).post(reverse("planning:calendar_open"), {"kind": kind})
    assert answer.status_code == 404


def test_reminders_are_chosen(cast, sign_in):
    client = sign_in(cast.aino)
    client.post(reverse("planning:reminders_choose"), {"evening_before": "on"})
    kept = ReminderChoice.objects.get()
    assert (kept.evening_before, kept.same_morning) == (True, False)
    page = client.get(PAGE).content.decode()
    assert re.search(r'name="evening_before"[^>]*checked', page)
    client.post(reverse("planning:reminders_choose"), {})
    assert not ReminderChoice.objects.get().evening_before
