"""manage.py import_visits: from a file to visits, all or nothing."""

import io
import json
from datetime import date, time
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from rinnalla.encounters.models import Count, ImportBatch, ImportedRow
from rinnalla.lib.tables import write_xlsx
from rinnalla.planning.models import Site, StaleMonth, Visit
from rinnalla.testing import make_met, make_site, make_visit

HEADER = "Paikka;Päivä;Klo;Kohdatut;Ohjatut;Tunnit;Kunta"
MAP = ["site=Paikka", "date=Päivä", "start=Klo", "met=Kohdatut", "guided=Ohjatut"]
SAN_DIEGO = ["site=neighborhood", "date=date", "met=count"]


@pytest.fixture
def bring(tmp_path, cast):
    """bring(rows) writes a file and imports it; returns the JSON answer."""

    def run(rows, mapping=MAP, shape="visit", header=HEADER, name="a.csv", **options):
        path = tmp_path / name
        if isinstance(rows, bytes):
            path.write_bytes(rows)
        else:
            path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return run_command(path, mapping, shape, **options)

    return run


def run_command(path, mapping, shape, **options):
    out = io.StringIO()
    options = {"source": "Tiimin Excel", "shape": shape, "map": mapping} | options
    try:
        call_command("import_visits", str(path), json=True, stdout=out, **options)
    except CommandError:
        if not out.getvalue():
            raise
    return json.loads(out.getvalue())


def met():
    return Count.objects.filter(visit__is_seen=True).total("met")


def test_it_works(bring, cast):
    answer = bring(["Leipätupa;1.3.2024;10.30;12;2;1,5;Kuopio"], [*MAP, "hours=Tunnit"])
    assert {name: answer[name] for name in ("visits", "met", "guided")} == {
        "visits": 1,
        "met": 12,
        "guided": 2,
    }
    assert answer["sites_created"] == 1 and answer["faults"] == []
    visit = Visit.objects.get()
    assert (visit.day, visit.starts) == (date(2024, 3, 1), time(10, 30))
    assert (visit.status, visit.is_seen, visit.minutes) == ("done", True, 90)
    assert not visit.site.is_ad_hoc and visit.site.needs_pair
    assert StaleMonth.objects.get().month == date(2024, 3, 1)


def test_a_real_street_count(cast, shared_data):
    path = shared_data / "outreach" / "san_diego_street_count_2018_2019.csv"
    answer = run_command(path, SAN_DIEGO, "mark")
    assert (answer["visits"], answer["sites_created"], answer["met"]) == (112, 7, 11914)
    of_year = {
        year: Count.objects.filter(visit__day__year=year).total("met")
        for year in (2018, 2019)
    }
    assert of_year == {2018: 3827, 2019: 8087}
    assert run_command(path, SAN_DIEGO, "mark")["same"] == 112
    assert met() == 11914


def test_a_spreadsheet_with_published_totals(bring, tmp_path, cast):
    """26 visits, 2,017 met and 41 guided: 77.6 and 1.6 a visit."""
    numbers = [(77, 1)] * 11 + [(78, 2)] * 15
    rows = [
        ["Ruokajono" if n % 2 else "Päiväkeskus", date(2025, 1, 2 + n), met, guided]
        for n, (met, guided) in enumerate(numbers)
    ]
    file = tmp_path / "kaynnit.xlsx"
    with file.open("wb") as opened:
        write_xlsx(
            opened, [("Käynnit", ["Paikka", "Pvm", "Kohdattu", "Ohjattu"], rows)]
        )
    mapping = ["site=Paikka", "date=Pvm", "met=Kohdattu", "guided=Ohjattu"]
    answer = run_command(file, mapping, "visit")
    assert (answer["visits"], answer["met"], answer["guided"]) == (26, 2017, 41)
    assert round(Decimal(answer["met"]) / answer["visits"], 1) == Decimal("77.6")
    assert round(Decimal(answer["guided"]) / answer["visits"], 1) == Decimal("1.6")


def test_the_same_rows_again_change_nothing(bring):
    rows = ["Tori;1.3.2024;;12;2;;", "Katu;2.3.2024;;3;0;;"]
    bring(rows)
    before = set(Count.objects.values_list("pk", flat=True))
    answer = bring(list(reversed(rows)), name="b.csv")
    assert (answer["visits"], answer["new"], answer["same"]) == (2, 0, 2)
    assert set(Count.objects.values_list("pk", flat=True)) == before


def test_a_corrected_row_replaces(bring):
    bring(["Tori;1.3.2024;10;12;2;1;"], [*MAP, "hours=Tunnit"])
    visit = Visit.objects.get()
    StaleMonth.objects.all().delete()
    answer = bring(["Tori;1.3.2024;klo 10;9;3;2;"], [*MAP, "hours=Tunnit"])
    assert answer["corrected"] == 1
    assert Visit.objects.get().pk == visit.pk
    assert Visit.objects.get().minutes == 120
    assert (met(), Count.objects.total("guided")) == (9, 3)
    assert StaleMonth.objects.count() == 1
    assert ImportedRow.objects.filter(is_superseded=False).count() == 1


def test_a_correction_is_right_after_the_first_facts_were_purged(bring):
    bring(["Tori;1.3.2024;;12;2;;"])
    Count.objects.all().delete()
    bring(["Tori;1.3.2024;;15;2;;"])
    assert met() == 3, "only the difference is new"


def test_a_correction_back_again(bring):
    for number in (12, 9, 12):
        bring([f"Tori;1.3.2024;;{number};0;;"])
    assert met() == 12
    assert bring(["Tori;1.3.2024;;12;0;;"])["same"] == 1


def test_one_fault_stops_all_and_is_named_by_row_and_column(bring):
    answer = bring(["Tori;1.3.2024;;12;2;;", "Tori;31.2.2024;;n. 20;2;;"])
    places = {(fault["row"], fault["column"]) for fault in answer["faults"]}
    assert places == {(3, "Päivä"), (3, "Kohdatut")}
    assert (answer["visits"], answer["sites_created"]) == (0, 0)
    assert not Visit.objects.exists() and not Site.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Soita 040 123 4567;1.3.2024;;1;1;;", "Paikka"),
        ("131052-308T;1.3.2024;;1;1;;", "Paikka"),
        (";1.3.2024;;1;1;;", "Paikka"),
        ("x" * 121 + ";1.3.2024;;1;1;;", "Paikka"),
        ("Tori;1.3.2099;;1;1;;", "Päivä"),
        ("Tori;;;1;1;;", "Päivä"),
        ("Tori;1.3.2024;aamu;1;1;;", "Klo"),
        ("Tori;1.3.2024;;;1;;", "Kohdatut"),
        ("Tori;1.3.2024;;1,5;1;;", "Kohdatut"),
        ("Tori;1.3.2024;;1;-1;;", "Ohjatut"),
        ("Tori;1.3.2024;;1;1;25;", "Tunnit"),
        ("Tori;1.3.2024;;1;1;;Atlantis", "Kunta"),
    ],
)
def test_each_fault_has_its_place(bring, row, column):
    answer = bring([row], [*MAP, "hours=Tunnit", "municipality=Kunta"])
    assert [(f["row"], f["column"]) for f in answer["faults"]] == [(2, column)]
    assert answer["faults"][0]["message"].strip().endswith(".")
    assert not Visit.objects.exists()


def test_two_rows_of_one_place_day_and_time_are_a_fault(bring):
    answer = bring(["Tori;1.3.2024;;1;0;;", " tori ;2024-03-01;;2;0;;"])
    assert answer["fault_count"] == 1
    answer = bring(["Tori;1.3.2024;10;1;0;;", "Tori;1.3.2024;14;2;0;;"])
    assert answer["visits"] == 2


def test_a_row_of_sums_is_left_out(bring):
    answer = bring(["Tori;1.3.2024;;12;2;;", "Yhteensä;;;12;2;;"])
    assert (answer["visits"], answer["met"]) == (1, 12)


def test_refuse_stops_at_an_unknown_place(bring, cast):
    make_site(cast, name="Tori")
    answer = bring(["TORI;1.3.2024;;1;0;;", "Katu;1.3.2024;;1;0;;"], new_sites="refuse")
    assert [fault["row"] for fault in answer["faults"]] == [3]
    assert Site.objects.count() == 1 and not Visit.objects.exists()


def test_a_known_place_is_used(bring, cast):
    site = make_site(cast, name="Leipätupa")
    bring(["leipätupa ;1.3.2024;;1;0;;"])
    assert Visit.objects.get().site == site


def test_two_places_of_a_name_are_told_apart_by_municipality_only(bring, cast):
    make_site(cast, name="Tori")
    other = make_site(cast, name="Tori", municipality_id="091")
    rows = ["Tori;1.3.2024;;1;0;;Helsinki"]
    bring(rows, [*MAP, "municipality=Kunta"], new_sites="refuse")
    assert Visit.objects.get().site == other
    assert bring(rows, source="B", new_sites="refuse")["fault_count"] == 1


def test_a_likely_double_is_left_out_unless_told(bring, cast):
    site = make_site(cast, name="Tori")
    make_met(make_visit(cast, site, day=date(2024, 3, 1), status="done"), 10)
    rows = ["Tori;1.3.2024;;12;0;;", "Tori;2.3.2024;;5;0;;"]
    answer = bring(rows)
    assert (answer["double_count"], answer["visits"], met()) == (1, 1, 15)
    assert answer["doubles"][0]["row"] == 2
    assert bring(rows, include_doubles=True)["new"] == 1
    assert met() == 27


def test_a_planned_visit_is_not_a_double(bring, cast):
    make_visit(cast, make_site(cast, name="Tori"), day=date(2024, 3, 1))
    assert bring(["Tori;1.3.2024;;12;0;;"])["double_count"] == 0


def test_contradicting_figures_are_told_and_kept(bring):
    answer = bring(["Tori;1.3.2024;;3;7;;"])
    told = answer["contradictions"][0]
    assert (told["row"], told["column"]) == (2, "Ohjatut")
    assert (answer["faults"], answer["met"], answer["guided"]) == ([], 3, 7)


def test_a_dry_run_changes_nothing(bring):
    answer = bring(["Tori;1.3.2024;;12;2;;"], dry_run=True)
    assert (answer["visits"], answer["sites_created"]) == (1, 1)
    for model in (Visit, Site, ImportBatch, ImportedRow):
        assert not model.objects.exists()


def test_marks_of_a_day_become_one_visit(bring):
    rows = ["Tori;1.3.2024;Asuminen", "tori;1.3.2024;velka, Etuudet", "Katu;1.3.2024;"]
    mapping = ["site=Paikka", "date=Päivä", "topic=Aihe"]
    answer = bring(rows, mapping, "mark", header="Paikka;Päivä;Aihe")
    assert (answer["visits"], answer["met"]) == (2, 3)
    topics = Count.objects.filter(kind="topic").values_list("code", "number")
    assert sorted(topics) == [("benefits", 1), ("debt", 1), ("housing", 1)]


def test_an_unknown_topic_is_a_fault(bring):
    mapping = ["site=Paikka", "date=Päivä", "topic=Aihe"]
    answer = bring(
        ["Tori;1.3.2024;Kissat"], mapping, "mark", header="Paikka;Päivä;Aihe"
    )
    assert answer["faults"][0]["column"] == "Aihe"


def test_wide_columns_become_topics_and_results(bring):
    mapping = [
        *("site=Paikka", "date=Päivä", "met=Kohdatut", "guided=Ohjatut"),
        *("topic:housing=As.", "topic:debt=Velat", "result:service=Palveluun"),
    ]
    header = "Paikka;Päivä;Kohdatut;Ohjatut;As.;Velat;Palveluun"
    answer = bring(["Tori;1.3.2024;20;4;3;;1"], mapping, "wide", header=header)
    assert answer["faults"] == []
    rows = Count.objects.values_list("kind", "code", "number")
    assert sorted(rows) == [
        ("guided", "", 4),
        ("met", "", 20),
        ("result", "service", 1),
        ("topic", "housing", 3),
    ]


@pytest.mark.parametrize(
    "mapping",
    [
        ["site=Paikka", "met=Kohdatut"],
        ["site=Paikka", "date=Päivä"],
        ["site=Paikka", "date=Päivä", "met=Puuttuu"],
        ["site=Paikka", "date=Päivä", "met=Päivä"],
        ["site=Paikka", "date=Päivä", "topic:kissat=Kohdatut"],
        ["site=Paikka", "date=Päivä", "name=Kohdatut"],
    ],
)
def test_a_mapping_that_does_not_hold_is_said(bring, mapping):
    answer = bring(["Tori;1.3.2024;;1;1;;"], mapping)
    assert answer["fault_count"] and not Visit.objects.exists()


@pytest.mark.parametrize("mapping", [["site"], ["site=A", "site=B"], ["site="]])
def test_a_mapping_that_cannot_be_read_stops(bring, mapping):
    with pytest.raises(CommandError):
        bring(["Tori;1.3.2024;;1;1;;"], mapping)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"%PDF\x00", "a.xlsx"), (b"PK\x03\x04", "a.xlsx")],
)
def test_a_file_that_is_no_table_is_said(bring, content, name):
    answer = bring(content, name=name)
    assert answer["fault_count"] == 1 and answer["visits"] == 0


@pytest.mark.parametrize("name", ["", "x" * 81, "a\0b", "Soita 040 123 4567"])
def test_a_source_has_a_short_name_that_names_nobody(bring, name):
    with pytest.raises(CommandError, match="--source"):
        bring(["Leipätupa;1.3.2024;;12;2;;"], source=name)
    assert not ImportBatch.objects.exists()


def test_it_begins_from_nothing(tmp_path, db):
    """Without a team or a place yet, a county can still try its own figures."""
    path = tmp_path / "a.csv"
    path.write_text("Paikka;Päivä;Kohdatut\nTori;1.3.2024;5\n", encoding="utf-8")
    mapping = ["site=Paikka", "date=Päivä", "met=Kohdatut"]
    assert run_command(path, mapping, "visit")["visits"] == 1
