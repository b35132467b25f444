"""A finished import is undone whole, as long as its records are there."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.encounters import actions as encounters
from rinnalla.encounters.importing import actions, tasks
from rinnalla.encounters.models import Count, ImportBatch, ImportedRow, WrapUp
from rinnalla.encounters.tests.test_import_pages import (  # noqa: F401
    NEW,
    columns,
    kaisa,
    page_of,
    post,
    send,
)
from rinnalla.lib import clock
from rinnalla.planning.models import Site, StaleMonth, Visit
from rinnalla.testing import make_met, make_visit

ROWS = "Paikka;Päivä;Kohdatut;Ohjatut\nTori;1.3.2026;12;2\nKatu;2.3.2026;3;0\n"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(clock.at(date(2026, 4, 15), 12), tick=False):
        yield


@pytest.fixture
def bring_in(kaisa, send):  # noqa: F811
    """bring_in(text) takes a file all the way in."""

    def bring(text=ROWS, **said):
        batch = send(text)
        post(kaisa, batch, "columns", **columns(batch))
        post(kaisa, batch, "decide", **NEW, **said)
        assert batch.state == "done", batch.report
        return batch

    return bring


def undo(client, batch):
    response = client.post(reverse("encounters:import_undo", args=[batch.pk]))
    batch.refresh_from_db()
    return response


def test_it_works(kaisa, bring_in, cast):  # noqa: F811
    batch = bring_in()
    StaleMonth.objects.all().delete()
    undo(kaisa, batch)
    assert batch.state == "undone"
    assert not Visit.objects.exists()
    assert not Count.objects.exists()
    assert not ImportedRow.objects.exists()
    marked = StaleMonth.objects.values_list("site__kind", "month")
    assert set(marked) == {("street", date(2026, 3, 1))}
    assert AuditEvent.objects.filter(action="import.undone").count() == 1
    text = kaisa.get(page_of(batch)).content.decode()
    assert "peruttu" in text


def test_the_places_it_made_lose_their_names_and_leave_the_lists(
    kaisa,  # noqa: F811
    bring_in,
    cast,
):
    batch = bring_in()
    undo(kaisa, batch)
    assert not Site.objects.in_use().exists()
    assert not Site.objects.filter(name__in=["Tori", "Katu"]).exists()
    again = bring_in()
    assert again.report["sites_created"] == 2
    assert set(Site.objects.in_use().values_list("name", flat=True)) == {"Tori", "Katu"}


def test_a_place_somebody_went_to_meanwhile_stays(kaisa, bring_in, cast):  # noqa: F811
    batch = bring_in()
    make_visit(cast, Site.objects.get(name="Tori"))
    undo(kaisa, batch)
    assert list(Site.objects.in_use().values_list("name", flat=True)) == ["Tori"]


def test_corrected_visits_get_their_earlier_figures_back(kaisa, bring_in):  # noqa: F811
    first = bring_in()
    second = bring_in(ROWS.replace("12;2", "20;1") + "Katu;3.3.2026;5;0\n")
    assert (second.report["new"], second.report["corrected"]) == (1, 1)
    assert Count.objects.total("met") == 28
    undo(kaisa, second)
    assert second.state == "undone"
    assert (Count.objects.total("met"), Count.objects.total("guided")) == (15, 2)
    assert Visit.objects.seen().count() == 2
    assert bring_in().report["same"] == 2, "the first import is what holds again"
    assert ImportedRow.objects.filter(batch=first, is_superseded=False).count() == 2


def test_the_corrected_one_is_undone_last(kaisa, bring_in):  # noqa: F811
    first = bring_in()
    second = bring_in(ROWS.replace("12;2", "20;2"))
    response = undo(kaisa, first)
    assert first.state == "done"
    page = kaisa.get(response.url).content.decode()
    assert "Peru ensin se tuonti" in page
    undo(kaisa, second)
    undo(kaisa, first)
    assert first.state == "undone"
    assert not Visit.objects.exists()


def test_twice_is_once(kaisa, bring_in):  # noqa: F811
    batch = bring_in()
    undo(kaisa, batch)
    response = undo(kaisa, batch)
    assert response.status_code == 302
    assert AuditEvent.objects.filter(action="import.undone").count() == 1


def test_when_the_month_is_sealed_it_stays(kaisa, bring_in):  # noqa: F811
    batch = bring_in(ROWS.replace("2026", "2024"))
    encounters.purge_raw(date(2025, 1, 1))
    page = kaisa.get(undo(kaisa, batch).url).content.decode()
    assert batch.state == "done"
    assert "suljettu" in page
    assert Visit.objects.seen().count() == 2


@pytest.mark.parametrize(
    "record",
    [
        lambda visit: WrapUp.objects.create(visit=visit),
        lambda visit: make_met(visit, 1, at=clock.at(date(2026, 3, 1), 10)),
    ],
    ids=["from paper", "a tap"],
)
def test_what_somebody_recorded_since_is_not_thrown_away(kaisa, bring_in, record):  # noqa: F811
    batch = bring_in()
    record(Visit.objects.seen().first())
    page = kaisa.get(undo(kaisa, batch).url).content.decode()
    assert batch.state == "done"
    assert "kirjannut näille käynneille" in page


def test_a_step_that_died_in_the_middle_is_begun_anew(
    kaisa,  # noqa: F811
    bring_in,
    cast,
    monkeypatch,
):
    first = bring_in()
    batch = bring_in(ROWS.replace("12;2", "20;1") + "Katu;3.3.2026;5;0\n")
    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(actions, "clear", _power_cut)
        actions.take_out(actions.undo(cast.kaisa, batch))
    batch.refresh_from_db()
    assert batch.state == "undoing"
    assert Count.objects.filter(visit__is_seen=True).total("met") == 15
    tasks.do_step(batch.pk, "undoing")
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert Count.objects.total("met") == 15
    assert ImportBatch.objects.get(pk=first.pk).state == "done"


def _power_cut(_batch):
    raise OSError


@pytest.mark.parametrize("who", ["aino", "leena", "reijo", "hannu"])
def test_only_a_coordinator_may(cast, sign_in, bring_in, who):
    batch = bring_in()
    assert undo(sign_in(getattr(cast, who)), batch).status_code == 403
    assert batch.state == "done"
