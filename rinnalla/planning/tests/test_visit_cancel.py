"""A visit is called off with a listed reason."""

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.planning import actions


def url(visit):
    return reverse("planning:visit_cancel", args=[visit.pk])


def test_it_works(cast, sign_in):
    visit = testing.make_visit(cast)
    response = sign_in(cast.aino).post(url(visit), {"reason": "weather"}, follow=True)
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == ("cancelled", "weather")
    assert "Sää" in response.content.decode()


def test_twice_is_once(cast, sign_in):
    visit = testing.make_visit(cast)
    client = sign_in(cast.aino)
    client.post(url(visit), {"reason": "weather"})
    client.post(url(visit), {"reason": "other"})
    visit.refresh_from_db()
    assert visit.cancel_reason == "weather"
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "boredom", "\x00", "x" * 999])
def test_the_reason_is_listed(cast, sign_in, reason):
    visit = testing.make_visit(cast)
    response = sign_in(cast.aino).post(url(visit), {"reason": reason})
    assert response.status_code == 200
    assert response.context["cancel"].errors
    visit.refresh_from_db()
    assert visit.status == "planned"


def test_after_the_end_a_kind_sentence(cast, sign_in):
    visit = testing.make_visit(cast, status="done")
    data = {"reason": "weather"}
    response = sign_in(cast.aino).post(url(visit), data, follow=True)
    assert "edennyt tällä välin" in response.content.decode()
    visit.refresh_from_db()
    assert visit.status == "done"


def test_a_visit_under_way_is_ended_instead(cast, sign_in):
    visit = testing.make_visit(cast, status="under_way")
    testing.make_met(visit, 3)
    client = sign_in(cast.aino)
    page = client.get(reverse("planning:visit", args=[visit.pk])).content.decode()
    assert url(visit) not in page and "ei peruta" in page
    response = client.post(url(visit), {"reason": "weather"}, follow=True)
    assert "edennyt tällä välin" in response.content.decode()
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == ("under_way", "")


def test_counted_by_a_guest_it_asks_whether_it_was_held(cast, sign_in):
    visit = testing.make_visit(cast)
    testing.make_met(visit, 3)
    client = sign_in(cast.aino)
    response = client.post(url(visit), {"reason": "weather"})
    assert "Pidettiinkö käynti" in response.content.decode()
    visit.refresh_from_db()
    assert visit.status == "planned"
    client.post(url(visit), {"reason": "weather", "leaves_records": "on"})
    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_a_tap_in_the_last_moment_stops_it(cast):
    visit = testing.make_visit(cast)
    testing.make_met(visit, 3)
    with pytest.raises(actions.Recorded):
        actions.cancel_visit(cast.aino, visit, reason="weather")


@pytest.mark.parametrize(
    ("who", "status"), [("outi", 404), ("leena", 403), ("reijo", 404), ("hannu", 403)]
)
def test_whose_visits(cast, sign_in, who, status):
    visit = testing.make_visit(cast)
    response = sign_in(getattr(cast, who)).post(url(visit), {"reason": "weather"})
    assert response.status_code == status
