"""Car and kit of a visit: have or lack in words, ticked with one press."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.models import Visit
from rinnalla.planning.month import actions
from rinnalla.planning.month.proposal import propose
from rinnalla.planning.month.span import month_of
from rinnalla.planning.pairs.kit import CAR
from rinnalla.planning.tests.month.making import make_rhythm

LIST = reverse("planning:visits")


@pytest.fixture
def visit(cast):
    site = testing.make_site(cast, needed_kit=["vest", "laptop"], needs_car=True)
    return testing.make_visit(cast, site, day=clock.today(), kit=["vest"])


def show(client, visit):
    return client.get(reverse("planning:visit", args=[visit.pk])).content.decode()


def note(client, visit, code, is_there="yes"):
    address = reverse("planning:visit_kit", args=[visit.pk])
    return client.post(address, {"code": code, "is_there": is_there})


def test_it_works(cast, sign_in, visit):
    client = sign_in(cast.aino)
    page = show(client, visit)
    for said in ("Auto: puuttuu", "Kannettava tietokone: puuttuu"):
        assert said in page
    assert "Liivi: puuttuu" not in page
    response = note(client, visit, "laptop")
    assert response.url == reverse("planning:visit", args=[visit.pk]) + "#along"
    note(client, visit, CAR)
    visit.refresh_from_db()
    assert (visit.kit, visit.has_car) == (["vest", "laptop"], True)
    assert ": puuttuu" not in show(client, visit)
    said = set(AuditEvent.objects.values_list("action", flat=True))
    assert said == {"visit.kit_noted"}


def test_it_lacks_after_all(cast, sign_in, visit):
    client = sign_in(cast.aino)
    note(client, visit, "vest", "no")
    visit.refresh_from_db()
    assert visit.kit == []
    assert "Liivi: puuttuu" in show(client, visit)


def test_pressed_twice_is_noted_once(cast, sign_in, visit):
    for _ in range(2):
        note(sign_in(cast.aino), visit, "laptop")
    visit.refresh_from_db()
    assert visit.kit == ["vest", "laptop"]
    assert AuditEvent.objects.count() == 1


def test_the_list_says_it_for_the_coming_week(cast, sign_in, visit):
    client = sign_in(cast.aino)
    assert "Kannettava tietokone: puuttuu" in client.get(LIST).content.decode()
    visit.day = clock.today() + timedelta(days=8)
    visit.save()
    assert "Kannettava" not in client.get(LIST).content.decode()


def test_what_else_is_along_is_said(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today(), kit=["cards"], has_car=True)
    page = show(sign_in(cast.aino), visit)
    assert "Apua ja tukea -kortit" in page and "Auto" in page
    assert reverse("planning:visit_kit", args=[visit.pk]) not in page


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_when_it_is_over_nothing_is_ticked(cast, sign_in, visit, status):
    Visit.objects.update(status=status, cancel_reason="weather")
    note(sign_in(cast.aino), visit, "laptop")
    visit.refresh_from_db()
    assert visit.kit == ["vest"]
    page = show(sign_in(cast.aino), visit)
    assert "Liivi" in page and ": puuttuu" not in page


@pytest.mark.parametrize(
    ("code", "is_there"),
    [("sword", "yes"), ("\x00", "yes"), ("", "no"), ("laptop", ""), ("laptop", "on")],
)
def test_bad_input(cast, sign_in, visit, code, is_there):
    was_there = list(visit.kit)
    answer = note(sign_in(cast.aino), visit, code, is_there)
    visit.refresh_from_db()
    assert answer.status_code == 302 and visit.kit == was_there


@pytest.mark.parametrize(("who", "status"), [("outi", 404), ("leena", 403)])
def test_whose_visit_it_is_not(cast, sign_in, visit, who, status):
    assert note(sign_in(getattr(cast, who)), visit, "laptop").status_code == status


def test_a_planned_month_looks_at_what_is_needed_anew(cast):
    rhythm = make_rhythm(cast)
    site = rhythm.site
    site.needed_kit, site.needs_car = ["laptop"], True
    site.save()
    day = clock.today() - timedelta(days=7)
    before = {"kit": ["laptop", "cards"], "has_car": True}
    testing.make_visit(cast, site, day=day, rhythm=rhythm, slot=day, **before)
    offers = propose(cast.aino, month_of(clock.today()).next).usual
    assert actions.plan_month(cast.aino, cast.team, offers)
    planned = Visit.objects.filter(day__gt=clock.today())
    assert {(tuple(v.kit), v.has_car) for v in planned} == {(("cards",), False)}


def test_a_code_that_is_gone_breaks_nothing(cast, sign_in):
    site = testing.make_site(cast, needed_kit=["gone"])
    visit = testing.make_visit(cast, site, day=date(2026, 3, 12))
    assert "gone: puuttuu" in show(sign_in(cast.aino), visit)
