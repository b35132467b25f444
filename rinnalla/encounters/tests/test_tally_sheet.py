"""The A4 tally sheet: prefilled for a visit, accessible, without a worker's name."""

from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from rinnalla.access.models import Code
from rinnalla.encounters import tally_sheet
from rinnalla.planning.models import MadeFile
from rinnalla.planning.tests.working import run_jobs
from rinnalla.testing import make_visit

ADDRESS = "https://rinnalla.example.fi/encounters/x/tally"


@pytest.fixture
def visit(cast):
    return make_visit(cast)


def address(visit):
    return reverse("encounters:sheet", args=[visit.pk])


def data(visit, language="fi"):
    with override(language):
        head = tally_sheet.head(visit, ADDRESS)
    return {"lang": language, **head, **tally_sheet.rows(language)}


def make(visit, language="fi"):
    asked = {"language": language, "address": ADDRESS}
    return tally_sheet.make_pdf(visit=str(visit.pk), **asked)


def test_it_works(visit, cast, sign_in):
    client = sign_in(cast.aino)
    assert client.get(address(visit))["Content-Type"].startswith("text/html")
    run_jobs()
    answer = client.get(address(visit))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fi")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_language_fits_on_one_page(visit, language):
    made = make(visit, language)
    with pikepdf.open(BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
        width, height = (float(n) for n in pdf.pages[0].MediaBox[2:])
        assert (round(width), round(height)) == (595, 842)


def test_no_place_waits_among_the_tasks(visit, cast, sign_in):
    sign_in(cast.aino).get(address(visit))
    asked = str(DBTaskResult.objects.get().args_kwargs)
    assert visit.site.name not in asked


def test_paper_knows_no_worker(visit, cast):
    written = str(data(visit))
    assert "Leipätupa" in written and "12.3.2026 klo 10–12" in written
    for worker in (cast.aino, cast.kaisa):
        assert worker.first_name not in written


def test_what_changes_gives_a_new_print(visit, cast, sign_in):
    client = sign_in(cast.aino)
    client.get(address(visit))
    client.get(address(visit))
    assert MadeFile.objects.count() == 1
    Code.objects.filter(list="topic", code="debt").update(is_retired=True)
    client.get(address(visit))
    assert MadeFile.objects.count() == 2


def test_retired_choices_are_not_printed(visit):
    Code.objects.filter(list="topic", code="debt").update(is_retired=True)
    rows = data(visit)["rows"]
    assert "Velka" not in rows["topic"] and "Etuudet" in rows["topic"]


def test_a_name_cannot_change_the_template(visit):
    visit.site.name = '#panic("x") $ [*] \\ "'
    assert make(visit).startswith(b"%PDF")


def test_whose_sheets(visit, cast, sign_in):
    def get(worker):
        return sign_in(worker).get(address(visit)).status_code

    assert [get(w) for w in (cast.aino, cast.kaisa)] == [200, 200]
    assert [get(w) for w in (cast.leena, cast.hannu)] == [403, 403]
    assert [get(w) for w in (cast.outi, cast.reijo, cast.paula)] == [404, 404, 404]
