"""On a visit's page somebody is taken along with one press."""

import uuid
from datetime import time

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.models import StaleMonth, Visit


@pytest.fixture
def visit(cast):
    return testing.make_visit(cast, day=clock.today())


def show(client, visit):
    return client.get(reverse("planning:visit", args=[visit.pk])).content.decode()


def join(client, visit, worker):
    address = reverse("planning:visit_join", args=[visit.pk])
    return client.post(address, {"worker": getattr(worker, "pk", worker)})


def test_it_works(cast, sign_in, visit):
    client = sign_in(cast.aino)
    assert "Kuka lähtee pariksi" in show(client, visit)
    response = join(client, visit, cast.kaisa)
    assert response.url == reverse("planning:visit", args=[visit.pk])
    assert set(visit.workers.all()) == {cast.aino, cast.kaisa}
    assert AuditEvent.objects.get().action == "visit.hands_changed"
    assert StaleMonth.objects.filter(site=visit.site).exists()
    page = show(client, visit)
    assert "Kaisa lähtee mukaan." in page
    assert "Kuka lähtee pariksi" not in page and "Ei paria" not in page


def test_pressed_twice_joins_once(cast, sign_in, visit):
    for _ in range(2):
        join(sign_in(cast.aino), visit, cast.kaisa)
    assert visit.workers.count() == 2
    assert AuditEvent.objects.count() == 1


def test_who_is_elsewhere_is_said_and_has_no_button(cast, sign_in, visit):
    other = testing.make_site(cast, name="Tori")
    hours = {"starts": time(11), "ends": time(13)}
    testing.make_visit(cast, other, [cast.kaisa], day=visit.day, **hours)
    page = show(sign_in(cast.aino), visit)
    assert "muualla klo 11" in page
    assert reverse("planning:visit_join", args=[visit.pk]) not in page


def test_one_that_has_a_second_asks_for_nobody(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today(), partner=cast.parish)
    assert "Kuka lähtee pariksi" not in show(sign_in(cast.aino), visit)


def test_one_that_has_begun_stays(cast, sign_in, visit):
    Visit.objects.update(status="under_way")
    response = join(sign_in(cast.aino), visit, cast.kaisa)
    assert response.status_code == 302
    assert set(visit.workers.all()) == {cast.aino}


@pytest.mark.parametrize("who", ["", "x", "\x00", "9" * 40, "outi", "reijo"])
def test_who_is_not_ours_is_not_taken(cast, sign_in, visit, who):
    worker = getattr(cast, who, who) if who else who
    response = join(sign_in(cast.aino), visit, worker)
    assert response.status_code == 302
    assert set(visit.workers.all()) == {cast.aino}
    assert "Ketään ei valittu" in show(sign_in(cast.aino), visit)


@pytest.mark.parametrize(
    ("who", "status"), [("outi", 404), ("reijo", 404), ("leena", 403), ("hannu", 403)]
)
def test_whose_visit_it_is_not(cast, sign_in, visit, who, status):
    assert join(sign_in(getattr(cast, who)), visit, cast.kaisa).status_code == status


def test_no_such_visit(cast, sign_in):
    response = join(sign_in(cast.aino), Visit(pk=uuid.uuid4()), cast.kaisa)
    assert response.status_code == 404
