"""A start made by mistake is taken back as long as nothing was recorded."""

import uuid

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Mark
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.models import StaleMonth


def url(visit):
    return reverse("planning:visit_take_back", args=[visit.pk])


def make_started(cast, **over):
    visit = testing.make_visit(cast, day=clock.today(), **over)
    return actions.start_visit(cast.aino, visit, solo_reason="urgent")


def make_on_the_spot(cast):
    site = testing.make_site(cast)
    return actions.street_visit(cast.aino, key=uuid.uuid4(), site=site)


def test_it_works(cast, sign_in):
    visit = make_started(cast)
    StaleMonth.objects.all().delete()
    sign_in(cast.aino).post(url(visit))
    visit.refresh_from_db()
    assert (visit.status, visit.started_at) == ("planned", None)
    assert StaleMonth.objects.filter(site=visit.site).exists()
    assert AuditEvent.objects.filter(action="visit.start_taken_back").count() == 1


def test_begun_on_the_spot_it_is_called_off(cast, sign_in):
    visit = make_on_the_spot(cast)
    text = sign_in(cast.aino).post(url(visit), follow=True).content.decode()
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == ("cancelled", "mistaken")
    assert "Aloitettiin vahingossa" in text


@pytest.mark.parametrize("make", [make_started, make_on_the_spot])
def test_twice_is_once(cast, make):
    visit = make(cast)
    first = actions.take_back_start(cast.aino, visit)
    again = actions.take_back_start(cast.aino, visit)
    assert (again.status, again.cancel_reason) == (first.status, first.cancel_reason)
    assert AuditEvent.objects.filter(action="visit.start_taken_back").count() == 1


@pytest.mark.parametrize(
    "record",
    [
        lambda visit: testing.make_met(visit, 1),
        lambda visit: testing.make_guided(visit, is_undone=True),
        lambda visit: Mark.objects.create(visit=visit, at=clock.cut(clock.now())),
    ],
    ids=["tap", "meeting", "mark"],
)
def test_what_was_recorded_keeps_the_visit(cast, sign_in, record):
    visit = make_started(cast)
    record(visit)
    client = sign_in(cast.aino)
    page = client.get(reverse("planning:visit", args=[visit.pk]))
    assert url(visit) not in page.content.decode()
    response = client.post(url(visit), follow=True)
    assert "edennyt tällä välin" in response.content.decode()
    visit.refresh_from_db()
    assert visit.status == "under_way"


def test_a_guests_link_and_a_pair_are_no_records(cast):
    visit = make_started(cast)
    visit.workers.add(cast.kaisa)
    actions.make_guest_link(cast.aino, visit, nonce="1")
    assert actions.take_back_start(cast.aino, visit).status == "planned"


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_an_ended_one_is_out_of_step(cast, status):
    why = "weather" if status == "cancelled" else ""
    visit = testing.make_visit(cast, status=status, cancel_reason=why)
    with pytest.raises(actions.OutOfStep):
        actions.take_back_start(cast.aino, visit)


def test_the_page_offers_it(cast, sign_in):
    visit = make_started(cast)
    page = sign_in(cast.aino).get(reverse("planning:visit", args=[visit.pk]))
    assert url(visit) in page.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("outi", 404), ("leena", 403), ("reijo", 404), ("hannu", 403)]
)
def test_whose_visits(cast, sign_in, who, status):
    visit = make_started(cast)
    assert sign_in(getattr(cast, who)).post(url(visit)).status_code == status
