"""A visit of the month is moved, given to others, called off: without a script too."""

import uuid
from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.planning.models import Rhythm, StaleMonth, Visit

NINTH, TENTH = date(2026, 4, 9), date(2026, 4, 10)


@pytest.fixture(autouse=True)
def early_march():
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False):
        yield


@pytest.fixture
def visit(cast):
    return testing.make_visit(cast, day=NINTH)


@pytest.fixture
def promised(cast):
    site = testing.make_site(cast)
    rhythm = Rhythm.objects.create(
        site=site, rule="FREQ=WEEKLY;BYDAY=TH", since=date(2026, 1, 1)
    )
    return testing.make_visit(cast, site, day=NINTH, rhythm=rhythm, slot=NINTH)


def send(client, what, visit, **data):
    return client.post(reverse(f"planning:month_visit_{what}", args=[visit.pk]), data)


def moved(client, visit, **over):
    data = {"day": "2026-04-10", "starts": "10:00", "ends": "12:00"}
    return send(client, "move", visit, **data | over)


def test_it_works(cast, sign_in, visit):
    client = sign_in(cast.aino)
    response = moved(client, visit, starts="12:00", ends="14:00")
    assert response.url == reverse("planning:month_of", args=["2026-04"])
    visit.refresh_from_db()
    assert (visit.day, visit.starts, visit.ends) == (TENTH, time(12), time(14))
    assert set(visit.workers.all()) == {cast.aino}
    assert AuditEvent.objects.get().action == "visit.moved"
    assert "Leipätupa pe 10.4.: Aino." in client.get(response.url).content.decode()


def test_the_day_it_was_dropped_on_is_filled_in(cast, sign_in, visit):
    address = reverse("planning:month_visit", args=[visit.pk])
    client = sign_in(cast.aino)
    assert (
        'value="2026-04-10"' in client.get(f"{address}?day=2026-04-10").content.decode()
    )
    for odd in ("x", "%00", "2026-02-30"):
        assert client.get(f"{address}?day={odd}").status_code == 200


def test_a_promised_day_moves_with_a_reason_and_is_remembered(cast, sign_in, promised):
    client = sign_in(cast.aino)
    page = moved(client, promised).content.decode()
    assert "Tämä päivä on luvattu." in page
    moved(client, promised, reason="weather")
    promised.refresh_from_db()
    assert (promised.day, promised.slot, promised.move_reason) == (
        *(TENTH, NINTH),
        "weather",
    )
    assert "siirretty" in client.get("/planning/month/2026-04/").content.decode()


def test_back_on_its_promised_day_nothing_is_asked(cast, sign_in, promised):
    client = sign_in(cast.aino)
    moved(client, promised, reason="weather")
    moved(client, promised, day="2026-04-09")
    promised.refresh_from_db()
    assert promised.day == NINTH


def test_over_the_turn_of_a_month_both_are_recounted(cast, sign_in, visit):
    moved(sign_in(cast.aino), visit, day="2026-05-05")
    months = StaleMonth.objects.values_list("month", flat=True)
    assert set(months) == {date(2026, 4, 1), date(2026, 5, 1)}


def test_sent_twice_moves_once(cast, sign_in, visit):
    client = sign_in(cast.aino)
    for _ in range(2):
        moved(client, visit)
    assert AuditEvent.objects.filter(action="visit.moved").count() == 1


@pytest.mark.parametrize(
    "fault",
    [{"day": ""}, {"day": "x"}, {"day": "2999-01-01"}, {"ends": "9:00"}],
)
def test_what_is_asked(cast, sign_in, visit, fault):
    assert moved(sign_in(cast.aino), visit, **fault).status_code == 200
    visit.refresh_from_db()
    assert visit.day == NINTH


def test_one_that_has_begun_stays(cast, sign_in, visit):
    Visit.objects.update(status="under_way")
    response = moved(sign_in(cast.aino), visit)
    assert response.status_code == 302
    visit.refresh_from_db()
    assert visit.day == NINTH


def test_who_goes_is_changed(cast, sign_in, visit):
    client = sign_in(cast.aino)
    send(client, "hands", visit, workers=[cast.aino.pk, cast.kaisa.pk])
    assert set(visit.workers.all()) == {cast.aino, cast.kaisa}
    send(client, "hands", visit)
    assert not visit.workers.exists()


def test_somebody_of_another_team_is_not_chosen(cast, sign_in, visit):
    response = send(sign_in(cast.aino), "hands", visit, workers=[cast.outi.pk])
    assert response.status_code == 200
    assert set(visit.workers.all()) == {cast.aino}


def test_called_off_with_a_reason(cast, sign_in, visit):
    client = sign_in(cast.aino)
    assert send(client, "off", visit).status_code == 200
    send(client, "off", visit, reason="weather")
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == ("cancelled", "weather")


@pytest.mark.parametrize("what", ["move", "hands", "off"])
def test_another_team_finds_nothing(cast, sign_in, visit, what):
    assert send(sign_in(cast.outi), what, visit).status_code == 404
    unknown = Visit(pk=uuid.uuid4())
    assert send(sign_in(cast.aino), what, unknown).status_code == 404


def test_who_is_elsewhere_on_the_new_day_is_said(cast, sign_in, visit):
    tori = testing.make_site(cast, name="Tori")
    hours = {"starts": time(11), "ends": time(13)}
    testing.make_visit(cast, tori, day=TENTH, workers=[cast.aino], **hours)
    client = sign_in(cast.aino)
    page = client.get(moved(client, visit).url).content.decode()
    assert "Samaan aikaan toisella käynnillä: Aino klo 11." in page
