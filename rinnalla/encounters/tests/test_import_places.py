"""Which place a past visit belongs to, whatever was renamed or retired since."""

from datetime import date

import pytest
from django.db import DatabaseError

from rinnalla.encounters.importing import actions
from rinnalla.encounters.models import ImportBatch, ImportSource
from rinnalla.encounters.tests.test_import_visits import MAP, bring, met  # noqa: F401
from rinnalla.planning.models import Site, StaleMonth, Visit
from rinnalla.testing import make_site

WITH_TOWN = [*MAP, "municipality=Kunta"]
MARKS = ["site=Paikka", "date=Päivä", "met=Kohdatut", "municipality=Kunta"]


@pytest.mark.parametrize(("shape", "mapping"), [("visit", WITH_TOWN), ("mark", MARKS)])
def test_one_name_in_two_towns_is_two_places(bring, shape, mapping):  # noqa: F811
    rows = ["Tori;1.3.2024;;10;1;;Kuopio", "Tori;1.3.2024;;7;1;;Iisalmi"]
    answer = bring(rows, mapping, shape)
    assert (answer["visits"], answer["sites_created"], answer["met"]) == (2, 2, 17)
    assert bring(rows, mapping, shape)["same"] == 2


def test_a_column_more_counts_nothing_twice(bring, cast):  # noqa: F811
    make_site(cast, name="Tori")
    rows = ["Tori;1.3.2024;10.00;10;1;;Kuopio"]
    bring(rows)
    assert bring(rows, WITH_TOWN)["same"] == 1
    assert bring(["Tori;1.3.2024;10.00;12;1;;Kuopio"], WITH_TOWN)["corrected"] == 1
    assert bring(["Tori;1.3.2024;10.00;12;1;;Kuopio"])["same"] == 1
    assert met() == 12


def test_a_retired_place_keeps_its_past(bring, cast):  # noqa: F811
    rows = ["Leipätupa;1.3.2024;;10;1;;Kuopio"]
    bring(rows)
    Site.objects.update(retired_on=date(2025, 1, 1))
    assert bring(rows, new_sites="refuse")["same"] == 1
    assert bring(rows)["same"] == 1
    assert met() == 10


def test_past_of_a_place_retired_before_goes_to_it(bring, cast):  # noqa: F811
    site = make_site(cast, retired_on=date(2025, 1, 1))
    answer = bring(["Leipätupa;1.3.2024;;10;1;;Kuopio"])
    assert answer["sites_created"] == 0
    assert Visit.objects.get().site == site


def test_a_corrected_row_marks_the_month_of_its_visit(bring, cast):  # noqa: F811
    bring(["Leipätupa;1.3.2024;10.00;10;1;;Kuopio"])
    visit = Visit.objects.get()
    other = make_site(cast, name="Toinen")
    ImportSource.objects.update(sites={"leipätupa|": other.pk})
    StaleMonth.objects.all().delete()
    bring(["Leipätupa;1.3.2024;10.00;12;1;;Kuopio"])
    assert {mark.site_id for mark in StaleMonth.objects.all()} == {visit.site_id}


def test_a_dropped_import_does_not_come_back(cast):
    source = ImportSource.objects.create(name="Tiimin Excel")
    batch = ImportBatch.objects.create(
        source=source, team=cast.team, state="received", started_at=None
    )
    at_work = ImportBatch.objects.get(pk=batch.pk)
    batch.delete()
    with pytest.raises(DatabaseError, match="affect any rows"):
        actions._move(at_work, "checked")
    assert not ImportBatch.objects.exists()
