"""The talk counter of an event."""

import uuid

import pytest
from django.urls import reverse

from rinnalla.encounters.models import Count
from rinnalla.lib import clock
from rinnalla.testing import make_met, make_visit


def url(visit):
    return reverse("encounters:talks", args=[visit.pk])


@pytest.fixture
def visit(cast):
    begun = {"status": "under_way", "started_at": clock.cut(clock.now())}
    return make_visit(cast, day=clock.today(), type="event", **begun)


def tap(client, visit, **sent):
    return client.post(url(visit), {"key": uuid.uuid4()} | sent)


def talks(visit):
    return visit.counts.total(Count.Kind.TALK)


def test_it_works(cast, sign_in, visit):
    make_met(visit, 90)
    client = sign_in(cast.aino)
    for number in ("1", "5", "1", "-1"):
        assert tap(client, visit, number=number).status_code == 302
    assert talks(visit) == 6
    assert "<strong>6</strong>" in client.get(url(visit)).content.decode()
    assert visit.counts.total(Count.Kind.MET) == 90


def test_about_fifty(cast, sign_in, visit):
    client = sign_in(cast.aino)
    tap(client, visit, number="1")
    tap(client, visit, total="50", is_estimated="on")
    assert talks(visit) == 50
    assert visit.counts.filter(kind="talk", how="estimated").get().number == 49


def test_sent_twice_it_is_once(cast, sign_in, visit):
    client, key = sign_in(cast.aino), uuid.uuid4()
    for _ in range(2):
        tap(client, visit, key=key, number="1")
    assert talks(visit) == 1


def test_never_below_nothing(cast, sign_in, visit):
    tap(sign_in(cast.aino), visit, number="-1")
    assert talks(visit) == 0


@pytest.mark.parametrize(
    "sent",
    [{}, {"number": "7"}, {"total": "-1"}, {"total": "1e9"}, {"number": "\x00"}],
)
def test_something_strange_gets_a_sentence(cast, sign_in, visit, sent):
    assert tap(sign_in(cast.aino), visit, **sent).status_code == 200
    assert talks(visit) == 0


def test_before_it_begins_it_says_why_not(cast, sign_in):
    visit = make_visit(cast, day=clock.today())
    answer = tap(sign_in(cast.aino), visit, number="1")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert b"vo-plus" not in answer.content
    assert talks(visit) == 0


@pytest.mark.parametrize(("name", "status"), [("outi", 404), ("leena", 403)])
def test_others_count_nothing(cast, sign_in, visit, name, status):
    assert tap(sign_in(getattr(cast, name)), visit, number="1").status_code == status
    assert talks(visit) == 0
