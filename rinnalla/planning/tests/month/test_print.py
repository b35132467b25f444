"""The month on A4: an accessible PDF, anew when the month changes."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from rinnalla import testing
from rinnalla.planning.models import MadeFile
from rinnalla.planning.tests.working import run_jobs

URL = reverse("planning:month_print", args=["2026-04"])


@pytest.fixture(autouse=True)
def early_march():
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False):
        yield


def test_it_works(cast, sign_in):
    testing.make_visit(cast, day=date(2026, 4, 9))
    client = sign_in(cast.aino)
    client.get(URL)
    run_jobs()
    response = client.get(URL)
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"].endswith('kuukausi-2026-04.pdf"')


def test_no_name_waits_among_the_tasks(cast, sign_in):
    visit = testing.make_visit(cast, day=date(2026, 4, 9))
    sign_in(cast.aino).get(URL)
    asked = str(DBTaskResult.objects.get().args_kwargs)
    assert str(visit.site) not in asked and "Aino" not in asked


def test_a_changed_month_is_a_new_print(cast, sign_in):
    client = sign_in(cast.aino)
    client.get(URL)
    client.get(URL)
    testing.make_visit(cast, day=date(2026, 4, 9))
    client.get(URL)
    assert MadeFile.objects.count() == 2


def test_another_team_prints_its_own(cast, sign_in):
    sign_in(cast.aino).get(URL)
    sign_in(cast.outi).get(URL)
    assert MadeFile.objects.count() == 2
