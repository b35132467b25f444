"""Figures as files: CSV, XLSX, the JSON that explains them, days in a stream."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from rinnalla.statistics import actions
from rinnalla.statistics.models import DayCount
from rinnalla.testing import make_guided, make_met, make_site, make_visit

MONTH = "/figures/month/2026-03/"


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel("2026-04-20 12:00", tick=False):
        yield


@pytest.fixture
def march(cast):
    """Two places in March; one has a name that a spreadsheet would run."""
    sites = [make_site(cast), make_site(cast, name="=1+1")]
    for site in sites:
        visit = make_visit(cast, site, status="done", staff=2, minutes=60)
        make_met(visit, 100)
        make_guided(visit, 9, topics=["benefits"])
        make_guided(visit, 8, topics=["housing"])
        make_guided(visit, 7, topics=["mental_health"])
        make_guided(visit, 2, topics=["legal"])
    actions.mark_all()
    actions.recount_stale()
    actions.publish_closed()
    return sites


def rows_of(content):
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_it_works_a_csv_says_what_the_page_says(cast, march, sign_in):
    answer = sign_in(cast.leena).get(f"{MONTH}?file=csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = rows_of(answer.content)
    met = [
        r for r in rows if r["Rivi"] == "maaliskuu 2026" and r["Sarake"] == "Kohdattu"
    ]
    assert met[0]["Luku"] == "252"
    legal = [r for r in rows if r["Rivi"] == "Oikeudellinen asia"]
    assert [(r["Luku"], r["Merkki"]) for r in legal] == [("[c]", "c")]
    assert not [r for r in rows if r["Luku"] == ""], "no cell is empty"


def test_the_workbook_has_numbers_and_meanings(cast, march, sign_in):
    answer = sign_in(cast.leena).get(f"{MONTH}?file=xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    first = book.get_sheet_by_index(0).to_python()
    assert ["maaliskuu 2026", 252.0, 0.0, 52.0, 2.0] in first
    assert "Tietoa tiedostosta" in book.sheet_names
    about = book.get_sheet_by_name("Tietoa tiedostosta").to_python()
    assert any("T1 v1" in str(row[0]) for row in about)


def test_a_json_beside_explains_it(cast, march, sign_in):
    answer = sign_in(cast.leena).get(f"{MONTH}?file=about")

    about = json.loads(answer.content)
    assert about["marks"]["c"] == "suojattu"
    assert about["protected_under"] == 5
    assert "I11 v1" in about["definitions"]


def test_the_sizes_on_the_page_are_those_of_the_files(cast, march, sign_in):
    client = sign_in(cast.leena)

    sizes = client.get(MONTH).context["sizes"]

    for kind in ("csv", "xlsx"):
        length = len(client.get(f"{MONTH}?file={kind}").content)
        said = int(sizes[kind].split("\N{NO-BREAK SPACE}")[0])
        assert abs(said - length / 1024) <= (0.5 if kind == "csv" else 1)


def test_an_unknown_file_is_the_page(cast, march, sign_in):
    answer = sign_in(cast.leena).get(f"{MONTH}?file=exe")

    assert answer["Content-Type"].startswith("text/html")


def test_days_come_in_a_stream(cast, march, sign_in):
    answer = sign_in(cast.leena).get("/figures/days.csv")

    assert answer.streaming
    rows = rows_of(b"".join(answer.streaming_content))
    assert [(r["day"], r["site"], r["met"]) for r in rows] == [
        ("2026-03-12", "Leipätupa", "126"),
        ("2026-03-12", "'=1+1", "126"),
    ]


def test_days_tell_every_result_of_a_visit(cast, sign_in):
    for kind in ("declined", "attended", "matter_opened"):
        make_met(make_visit(cast, status="done"), 3, kind=kind)
    actions.mark_all()
    actions.recount_stale()

    answer = sign_in(cast.leena).get("/figures/days.csv")
    (row,) = rows_of(b"".join(answer.streaming_content))

    names = ("declined", "attended", "matter_opened", "nobody_reached")
    assert [row[name] for name in names] == ["3", "3", "3", "0"]


def test_many_days_are_read_in_pieces(cast, march, sign_in):
    first = date(2010, 1, 1)
    DayCount.objects.bulk_create(
        DayCount(
            site=march[0],
            organisation=cast.county,
            day=first + timedelta(days=n),
            met=n,
        )
        for n in range(3000)
    )
    answer = sign_in(cast.leena).get("/figures/days.csv")

    pieces = list(answer.streaming_content)

    assert len(pieces) > 3
    assert sum(piece.count(b"\r\n") for piece in pieces) == 3003


def test_days_hold_only_what_one_may_see(cast, march, sign_in):
    outi = sign_in(cast.outi).get("/figures/days.csv")
    assert len(rows_of(b"".join(outi.streaming_content))) == 0

    for nobody in (cast.reijo, cast.paula, cast.hannu):
        assert sign_in(nobody).get("/figures/days.csv").status_code == 403
