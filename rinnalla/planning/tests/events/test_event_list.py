"""The watch list of announced events."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.events import actions
from rinnalla.planning.models import Event

LIST, NEW = "/planning/events/", "/planning/events/new"


def announced(cast, **over):
    fields = {"team": cast.team, "name": "Toukofest", "day": clock.today()}
    return Event.objects.create(**fields | over)


def typed(**over):
    fields = {
        "name": "Asunnottomien yö",
        "place": "Kauppatori",
        "municipality": "297",
        "day": clock.today() + timedelta(days=30),
        "starts": "16.00",
        "ends": "20.00",
        "source": "https://example.fi/yo",
    }
    return fields | over


def test_it_works(cast, sign_in):
    client = sign_in(cast.aino)
    page = client.post(NEW, typed(), follow=True).content.decode()
    assert "Asunnottomien yö" in page
    assert 'href="https://example.fi/yo" rel="noopener noreferrer"' in page
    assert "Asunnottomien yö" in client.get(LIST).content.decode()
    event = Event.objects.get()
    assert (event.team, event.state) == (cast.team, "watched")
    assert AuditEvent.objects.filter(action="event.added").count() == 1


def test_sent_twice_it_is_one(cast, sign_in):
    client = sign_in(cast.aino)
    for _ in range(2):
        client.post(NEW, typed())
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(cast):
    start = Barrier(3)

    def add(_number):
        event = Event(team=cast.team, name="Toukofest", day=clock.today())
        start.wait(10)
        try:
            return actions.add_event(cast.aino, event).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as hands:
        assert len(set(hands.map(add, range(3)))) == 1
    assert Event.objects.count() == 1


def test_it_is_changed(cast, sign_in):
    event = announced(cast)
    where = reverse("planning:event_edit", args=[event.pk])
    sign_in(cast.kaisa).post(where, typed(name="Toukofest 2"))
    event.refresh_from_db()
    assert event.name == "Toukofest 2"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Soita 040 123 4567"),
        ("name", "Matti Virtasen juhlat"),
        ("day", "1.1.1900"),
        ("until", "2.2.2000"),
        ("ends", "15.00"),
        ("source", "javascript:alert(1)"),
        ("source", "https://example.fi/?to=matti@example.fi"),
        ("source", "\ud800"),
        ("municipality", "9" * 30),
    ],
)
def test_it_asks_again_and_loses_nothing(cast, sign_in, field, value):
    value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = sign_in(cast.aino).post(NEW, typed(**{field: value}))
    assert answer.status_code == 200
    assert not Event.objects.exists()
    assert "Kauppatori" in answer.content.decode()


def test_past_ones_have_a_list_of_their_own(cast, sign_in):
    over = {"day": clock.today() - timedelta(days=3)}
    announced(cast, name="Mennyt", **over)
    announced(cast, name="Kestää yhä", until=clock.today(), **over)
    client = sign_in(cast.aino)
    ahead = client.get(LIST).content.decode()
    past = client.get(LIST + "?show=past").content.decode()
    assert "Kestää yhä" in ahead
    assert "Mennyt" not in ahead
    assert "Mennyt" in past


def test_another_teams_event_is_not_there(cast, sign_in):
    event = announced(cast)
    client = sign_in(cast.outi)
    assert "Toukofest" not in client.get(LIST).content.decode()
    assert client.get(reverse("planning:event", args=[event.pk])).status_code == 404
    state = reverse("planning:event_state", args=[event.pk])
    assert client.post(state, {"to": "leave"}).status_code == 404


@pytest.mark.parametrize("name", ["leena", "reijo", "hannu"])
def test_others_have_no_list(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get(LIST).status_code == 403


def test_somebody_without_a_team_adds_nothing(cast, sign_in):
    cast.kaisa.team = None
    cast.kaisa.save()
    assert sign_in(cast.kaisa).post(NEW, typed()).status_code == 404


def test_no_query_in_a_loop(cast, sign_in, django_assert_max_num_queries):
    for number in range(12):
        announced(cast, name=f"Tapahtuma {number}")
    client = sign_in(cast.aino)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)
