"""What was planned is changed; both months of a moved visit are recounted."""

from datetime import date

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent, Code
from rinnalla.planning.models import Rhythm, StaleMonth
from rinnalla.planning.tests.sending import fields_of


def url(visit):
    return reverse("planning:visit_edit", args=[visit.pk])


def test_it_works(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino, cast.kaisa])
    client = sign_in(cast.aino)
    data = fields_of(client.get(url(visit))) | {"day": "2026-04-02", "ends": ""}
    response = client.post(url(visit), data)
    assert response.url == reverse("planning:visit", args=[visit.pk])
    visit.refresh_from_db()
    assert (visit.day, visit.ends) == (date(2026, 4, 2), None)
    assert set(visit.workers.all()) == {cast.aino, cast.kaisa}
    months = set(StaleMonth.objects.values_list("month", flat=True))
    assert months == {date(2026, 3, 1), date(2026, 4, 1)}
    assert AuditEvent.objects.get().action == "visit.changed"


def test_everything_is_shown_as_it_stands(cast, sign_in):
    visit = testing.make_visit(
        cast, workers=[cast.aino, cast.kaisa], kit=["cards"], identifier="badge"
    )
    client = sign_in(cast.aino)
    client.post(url(visit), fields_of(client.get(url(visit))))
    before = {f.name: getattr(visit, f.name) for f in visit._meta.concrete_fields}
    visit.refresh_from_db()
    after = {f.name: getattr(visit, f.name) for f in visit._meta.concrete_fields}
    assert after == before


def test_a_retired_code_stays_on_its_visit(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino, cast.kaisa], kit=["laptop"])
    Code.objects.filter(list="kit", code="laptop").update(is_retired=True)
    client = sign_in(cast.aino)
    response = client.post(url(visit), fields_of(client.get(url(visit))))
    assert response.status_code == 302
    visit.refresh_from_db()
    assert visit.kit == ["laptop"]


@pytest.fixture
def promised(cast):
    site, day = testing.make_site(cast), date(2026, 3, 11)
    since = date(2026, 1, 1)
    rhythm = Rhythm.objects.create(site=site, rule="FREQ=WEEKLY;BYDAY=WE", since=since)
    people = [cast.aino, cast.kaisa]
    return testing.make_visit(
        cast, site, day=day, rhythm=rhythm, slot=day, workers=people
    )


def test_a_promised_day_moves_with_a_reason(cast, sign_in, promised):
    client = sign_in(cast.aino)
    page = client.get(url(promised))
    assert "Miksi siirretään" in page.content.decode()
    data = fields_of(page) | {"day": "2026-03-12", "move_reason": ""}
    response = client.post(url(promised), data)
    assert "Tämä päivä on luvattu" in response.content.decode()
    promised.refresh_from_db()
    assert promised.day == promised.slot
    client.post(url(promised), data | {"move_reason": "host_cancelled"})
    promised.refresh_from_db()
    assert (promised.day, promised.slot) == (date(2026, 3, 12), date(2026, 3, 11))
    assert promised.move_reason == "host_cancelled"


def test_on_its_promised_day_nothing_is_asked(cast, sign_in, promised):
    client = sign_in(cast.aino)
    data = fields_of(client.get(url(promised))) | {"starts": "8.00"}
    assert client.post(url(promised), data).status_code == 302
    moved = data | {"day": "2026-03-12", "move_reason": "host_cancelled"}
    client.post(url(promised), moved)
    assert client.post(url(promised), data | {"day": "2026-03-12"}).status_code == 302
    promised.refresh_from_db()
    assert promised.move_reason == "host_cancelled"
    assert client.post(url(promised), data).status_code == 302
    promised.refresh_from_db()
    assert (promised.day, promised.move_reason) == (promised.slot, "")


def test_one_less_asks_why(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino, cast.kaisa])
    client = sign_in(cast.aino)
    data = fields_of(client.get(url(visit))) | {"workers": [cast.aino.pk]}
    response = client.post(url(visit), data)
    assert "solo_reason" in response.context["form"].errors
    assert visit.workers.count() == 2


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_an_old_tab_gets_a_kind_sentence(cast, sign_in, status):
    visit = testing.make_visit(cast, workers=[cast.aino, cast.kaisa])
    client = sign_in(cast.aino)
    data = fields_of(client.get(url(visit)))
    visit.status, visit.cancel_reason = status, "weather"
    visit.save()
    response = client.post(url(visit), data | {"day": "2026-04-02"}, follow=True)
    assert "edennyt tällä välin" in response.content.decode()
    visit.refresh_from_db()
    assert visit.day == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("who", "status"),
    [("outi", 404), ("leena", 403), ("hannu", 403), ("reijo", 404), ("paula", 404)],
)
def test_whose_visits(cast, sign_in, who, status):
    visit = testing.make_visit(cast)
    client = sign_in(getattr(cast, who))
    assert client.get(url(visit)).status_code == status
    assert client.post(url(visit), {}).status_code == status
