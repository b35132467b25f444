"""What monitoring asks, and what staff are told when the worker is silent."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django_tasks_db.models import DBTaskResult

from rinnalla.lib import clock
from rinnalla.planning.models import CheckIn
from rinnalla.planning.safety.actions import home_safe
from rinnalla.planning.tests.safety.people import set_out
from rinnalla.shell import health
from rinnalla.shell.models import Beat
from rinnalla.shell.tasks import night

SILENT = "ollut hiljaa"


def beat(**ago):
    Beat.objects.create(process="worker", at=clock.now() - timedelta(**ago))


def test_it_works(db, client, settings):
    beat(seconds=7)
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() | {"worker": 0} == {
        "status": "ok",
        "version": settings.VERSION,
        "database": "ok",
        "worker": 0,
        "watch": None,
    }
    assert 6 <= answer.json()["worker"] <= 20


def test_worker_that_never_was_has_no_age(db, client):
    assert client.get("/health").json()["worker"] is None


def test_database_that_is_away_is_said(db, client, monkeypatch):
    class Away:
        def cursor(self):
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"


@pytest.mark.parametrize(("minutes", "is_said"), [(1, False), (3, True)])
def test_silent_worker_is_noted_on_staff_pages(cast, sign_in, minutes, is_said):
    beat(minutes=minutes)
    page = sign_in(cast.hannu).get("/nights").content.decode()
    assert (SILENT in page) == is_said


@pytest.mark.parametrize(("minutes", "is_said"), [(5, False), (20, True)])
def test_worker_with_a_long_job_is_busy_not_silent(cast, sign_in, minutes, is_said):
    beat(minutes=5)
    night.enqueue()
    began = clock.now() - timedelta(minutes=minutes)
    DBTaskResult.objects.update(status="RUNNING", started_at=began)
    page = sign_in(cast.hannu).get("/nights").content.decode()
    assert (SILENT in page) == is_said


@pytest.mark.parametrize(("seconds", "status"), [(5, "ok"), (90, "degraded")])
def test_a_dead_watch_is_said_to_monitoring(db, client, seconds, status):
    then = clock.now() - timedelta(seconds=seconds)
    Beat.objects.create(process="watch", at=then)
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == status
    assert answer.json()["watch"] >= seconds


@pytest.mark.parametrize(("seconds", "is_said"), [(5, False), (90, True)])
def test_a_dead_watch_is_said_on_pages(cast, sign_in, seconds, is_said):
    then = clock.now() - timedelta(seconds=seconds)
    Beat.objects.create(process="watch", at=then)
    client = sign_in(cast.kaisa)
    for path in ("/planning/safety/", "/planning/visits/"):
        page = client.get(path).content.decode()
        assert ("Hälytykset eivät nyt lähde" in page) == is_said


def test_both_are_asked_in_one_query(db, django_assert_num_queries):
    then = clock.now() - timedelta(hours=1)
    Beat.objects.create(process="watch", at=then)
    beat(minutes=1)
    with django_assert_num_queries(1):
        assert health.fell_silent() == {"watch": then}


def test_a_watch_that_never_ran_is_missed_when_somebody_is_out(cast, sign_in, client):
    assert client.get("/health").json()["status"] == "ok"
    row = set_out(cast.aino)
    CheckIn.objects.update(started_at=clock.now() - timedelta(minutes=5))
    assert client.get("/health").json()["status"] == "degraded"
    kaisa = sign_in(cast.kaisa)
    desk = "/planning/visits/"
    assert "Hälytykset eivät nyt lähde" in kaisa.get(desk).content.decode()
    home_safe(cast.aino, row)
    assert kaisa.get("/health").json()["status"] == "ok"
    assert "Hälytykset eivät nyt lähde" not in kaisa.get(desk).content.decode()


def test_a_beat_from_the_future_is_not_believed(cast, sign_in):
    Beat.objects.create(process="watch", at=clock.now() + timedelta(hours=1))
    page = sign_in(cast.aino).get("/planning/safety/").content.decode()
    assert "Hälytykset eivät nyt lähde" in page
