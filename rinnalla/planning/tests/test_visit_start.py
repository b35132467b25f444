"""A visit begins."""

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning import actions


def url(visit):
    return reverse("planning:visit_start", args=[visit.pk])


def test_it_works(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino, cast.kaisa])
    at = clock.at(clock.today(), 10, 7)
    with time_machine.travel(at, tick=False):
        sign_in(cast.aino).post(url(visit))
    visit.refresh_from_db()
    assert visit.status == "under_way"
    assert visit.started_at == clock.at(clock.today(), 10, 5), "cut to five minutes"
    assert AuditEvent.objects.get().action == "visit.started"


def test_two_phones_begin_once(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino, cast.kaisa])
    sign_in(cast.aino).post(url(visit))
    response = sign_in(cast.kaisa).post(url(visit), follow=True)
    assert response.status_code == 200
    assert AuditEvent.objects.filter(action="visit.started").count() == 1


def test_the_starter_is_there(cast):
    visit = testing.make_visit(cast, workers=[cast.aino])
    actions.start_visit(cast.kaisa, visit)
    assert set(visit.workers.all()) == {cast.aino, cast.kaisa}


def test_alone_asks_why(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino])
    client = sign_in(cast.aino)
    asked = client.post(url(visit))
    assert asked.status_code == 200
    assert "Kerro, miksi" in asked.content.decode()
    visit.refresh_from_db()
    assert visit.status == "planned"
    client.post(url(visit), {"solo_reason": "urgent"})
    visit.refresh_from_db()
    assert (visit.status, visit.solo_reason) == ("under_way", "urgent")


def test_a_reason_given_before_is_not_asked_again(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino], solo_reason="urgent")
    sign_in(cast.aino).post(url(visit))
    visit.refresh_from_db()
    assert visit.status == "under_way"


def test_the_action_asks_too(cast):
    visit = testing.make_visit(cast, workers=[cast.aino])
    with pytest.raises(actions.SoloReasonNeeded):
        actions.start_visit(cast.aino, visit)
    visit.refresh_from_db()
    assert visit.status == "planned"


@pytest.mark.parametrize("reason", ["because", "\x00", "x" * 500])
def test_an_unlisted_reason(cast, sign_in, reason):
    visit = testing.make_visit(cast, workers=[cast.aino])
    response = sign_in(cast.aino).post(url(visit), {"solo_reason": reason})
    assert response.status_code == 200
    visit.refresh_from_db()
    assert visit.status == "planned"


def test_after_the_end_a_kind_sentence(cast, sign_in):
    visit = testing.make_visit(cast, workers=[cast.aino], status="done")
    data = {"solo_reason": "urgent"}
    response = sign_in(cast.aino).post(url(visit), data, follow=True)
    assert "edennyt tällä välin" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("outi", 404), ("leena", 403), ("reijo", 404), ("hannu", 403)]
)
def test_whose_visits(cast, sign_in, who, status):
    visit = testing.make_visit(cast)
    assert sign_in(getattr(cast, who)).post(url(visit)).status_code == status
