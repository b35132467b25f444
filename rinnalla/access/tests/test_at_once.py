"""Two presses of one button at the very same moment: one row, no fault."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from rinnalla.access import actions
from rinnalla.access.forms import WorkerForm
from rinnalla.access.models import Code, Organisation, Worker
from rinnalla.access.tests import test_codes, test_organisations, test_workers
from rinnalla.access.views.once import stored

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def press_twice(worker, address, fields):
    """Send the same form from two tabs at once; the statuses of both answers."""
    start, statuses = Barrier(2), []

    def press():
        client = Client()
        client.force_login(worker, backend=BACKEND)
        start.wait()
        statuses.append(client.post(address, fields).status_code)
        connection.close()

    tabs = [Thread(target=press) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    return sorted(statuses)


@pytest.fixture
def people(transactional_db, cast):
    """The cast as other connections see it; SQLite in memory has only one writer."""
    if connection.vendor == "sqlite":
        pytest.skip("needs a database that several connections write to at once")
    return cast


def test_it_works(cast):
    """Both forms were read before either was stored."""
    forms = [
        WorkerForm(test_workers.asked(cast), by=cast.hannu),
        WorkerForm(test_workers.asked(cast), by=cast.hannu),
    ]
    assert all(form.is_valid() for form in forms)
    results = [
        stored(actions.invite_worker, cast.hannu, form.instance) for form in forms
    ]
    assert results == [True, False]
    assert Worker.objects.filter(email="tuuli@example.fi").count() == 1


def test_a_worker(people):
    fields = test_workers.asked(people)
    answers = press_twice(people.hannu, test_workers.NEW, fields)
    assert answers == [302, 302]
    assert Worker.objects.filter(email="tuuli@example.fi").count() == 1


def test_an_organisation(people):
    fields = test_organisations.asked()
    assert press_twice(people.hannu, test_organisations.NEW, fields) == [302, 302]
    assert Organisation.objects.filter(name="Yö ry").count() == 1


def test_a_code(people):
    fields = test_codes.labels(code="pets")
    address = reverse("access:new_code", args=["topic"])
    assert press_twice(people.hannu, address, fields) == [302, 302]
    assert Code.objects.filter(code="pets").count() == 1
