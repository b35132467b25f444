"""The pages of an import, from the upload to the visits; a coordinator's."""

import json
import os
import uuid
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from rinnalla.encounters.importing import actions, files, tasks
from rinnalla.encounters.models import Count, ImportBatch, ImportSource
from rinnalla.lib import clock
from rinnalla.lib.tables import write_xlsx
from rinnalla.planning.models import Site, Visit
from rinnalla.testing import make_met, make_site, make_visit

URL = reverse("encounters:imports")
ROWS = "Paikka;Päivä;Kohdatut;Ohjatut\nTori;1.3.2024;12;2\nKatu;2.3.2024;3;0\n"


@pytest.fixture
def kaisa(cast, sign_in):
    return sign_in(cast.kaisa)


@pytest.fixture
def send(kaisa, cast):
    """send(text) uploads a file and returns its import."""

    def upload(content=ROWS, name="luvut.csv", source="Tiimin Excel", **over):
        content = content.encode() if isinstance(content, str) else content
        form = {"token": uuid.uuid4(), "source": source, "team": cast.team.pk}
        form |= {"file": SimpleUploadedFile(name, content)} | over
        answer = kaisa.post(URL, form)
        assert answer.status_code == 302, answer.context["form"].errors
        return ImportBatch.objects.order_by("pk").last()

    return upload


def page_of(batch):
    return reverse("encounters:import", args=[batch.pk])


def post(client, batch, step, **form):
    answer = client.post(reverse(f"encounters:import_{step}", args=[batch.pk]), form)
    batch.refresh_from_db()
    return answer


def columns(batch, shape="visit", **over):
    """The form of columns as the page suggests it, with some choices changed."""
    chosen = {name: target for target, name in batch.mapping.items()} | over
    names = batch.report["columns"]
    return {"shape": shape} | {
        f"column_{number}": chosen.get(name, "") for number, name in enumerate(names)
    }


NEW = {"all_new": "on", "municipality": "297", "kind": "street"}


def test_it_works(kaisa, send, cast):
    batch = send()
    page = kaisa.get(page_of(batch)).content.decode()
    assert batch.mapping["met"] == "Kohdatut"
    assert "12" in page, "the first values stand beside the column"
    post(kaisa, batch, "columns", **columns(batch))
    assert batch.state == "checked" and not Visit.objects.exists()
    assert kaisa.get(page_of(batch)).context["report"]["met"] == 15
    post(kaisa, batch, "decide", **NEW)
    assert batch.state == "done"
    assert Visit.objects.seen().count() == 2
    assert Count.objects.total("met") == 15
    assert set(Site.objects.values_list("kind", flat=True)) == {"street"}
    assert kaisa.get(page_of(batch)).status_code == 200
    assert not list(files._folder().glob(batch.stored_as)), "the file is gone"
    assert "sample" not in batch.report, "and so is what was quoted of it"


@pytest.mark.parametrize("who", ["aino", "leena", "reijo", "hannu"])
def test_only_a_coordinator_may(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(URL).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get(URL).status_code == 302


def test_the_same_form_twice_makes_one_import(send):
    token = uuid.uuid4()
    assert send(token=token) == send(token=token)
    assert ImportBatch.objects.count() == 1


def test_the_mapping_is_kept_for_next_time(kaisa, send):
    first = send("A;B;C\nTori;1.3.2024;5\n")
    assert first.mapping == {}
    chosen = {"A": "site", "B": "date", "C": "met"}
    post(kaisa, first, "columns", **columns(first, **chosen))
    post(kaisa, first, "decide", **NEW)
    again = send("C;B;A\n6;1.3.2024;Tori\n")
    assert again.mapping == {"site": "A", "date": "B", "met": "C"}
    post(kaisa, again, "columns", **columns(again))
    assert again.report["corrected"] == 1


def test_a_mapping_with_a_hole_is_asked_again(kaisa, send):
    batch = send()
    answer = post(kaisa, batch, "columns", **columns(batch, Päivä=""))
    assert answer.context["columns_form"].non_field_errors()
    assert batch.state == "read"
    answer = post(kaisa, batch, "columns", **columns(batch, Päivä="site"))
    assert answer.context["columns_form"].errors["column_1"]


def test_faults_are_shown_by_row_and_column(kaisa, send):
    batch = send(ROWS + "Tori;32.3.2024;paljon;1\n")
    post(kaisa, batch, "columns", **columns(batch))
    assert {f["column"] for f in batch.report["faults"]} == {"Päivä", "Kohdatut"}
    page = kaisa.get(page_of(batch)).content.decode()
    assert "Kohdatut" in page and "encounters/imports" in page
    assert post(kaisa, batch, "decide", **NEW).status_code == 302
    assert not Visit.objects.exists(), "a stale tab cannot bring it in"


def test_unknown_places_are_matched_or_made_never_guessed(kaisa, send, cast):
    square = make_site(cast, name="Kauppatori")
    batch = send()
    post(kaisa, batch, "columns", **columns(batch))
    answer = post(kaisa, batch, "decide", place_0=str(square.pk))
    assert "place_1" in answer.context["decide_form"].errors
    post(kaisa, batch, "decide", place_0=str(square.pk), **NEW)
    assert Visit.objects.get(day=date(2024, 3, 1)).site == square
    assert Site.objects.count() == 2
    again = send()
    post(kaisa, again, "columns", **columns(again))
    assert again.report["unknown"] == [], "the match is kept for next time"


def test_a_new_place_needs_a_municipality(kaisa, send):
    batch = send()
    post(kaisa, batch, "columns", **columns(batch))
    answer = post(kaisa, batch, "decide", all_new="on", municipality="999")
    assert "municipality" in answer.context["decide_form"].errors
    assert batch.state == "checked"


def test_likely_doubles_are_shown_and_left_out(kaisa, send, cast):
    site = make_site(cast, name="Tori")
    make_site(cast, name="Katu")
    make_met(make_visit(cast, site, day=date(2024, 3, 1), status="done"), 10)
    batch = send()
    post(kaisa, batch, "columns", **columns(batch))
    assert "Tori" in kaisa.get(page_of(batch)).content.decode()
    post(kaisa, batch, "decide")
    assert Count.objects.total("met") == 13


def test_a_file_that_cannot_be_read_says_why(kaisa, send):
    batch = send(b"PK\x03\x04 broken", "a.xlsx")
    assert batch.state == "refused"
    assert batch.report["refused"] in kaisa.get(page_of(batch)).content.decode()


@pytest.mark.parametrize("over", [{"file": ""}, {"source": ""}, {"token": "x"}])
def test_a_form_with_a_hole_keeps_what_was_written(kaisa, cast, over):
    form = {"token": uuid.uuid4(), "source": "Oma nimi", "team": cast.team.pk}
    form |= {"file": SimpleUploadedFile("a.csv", ROWS.encode())} | over
    answer = kaisa.post(URL, form)
    assert answer.status_code == 200 and answer.context["form"].errors
    assert not ImportBatch.objects.exists()


def test_an_empty_file_is_said_at_the_field(kaisa, cast):
    form = {"token": uuid.uuid4(), "source": "S", "team": cast.team.pk}
    answer = kaisa.post(URL, form | {"file": SimpleUploadedFile("a.csv", b"")})
    assert answer.context["form"].errors["file"]


def test_dropping_leaves_nothing(kaisa, send):
    batch = send()
    post_url = reverse("encounters:import_drop", args=[batch.pk])
    kaisa.post(post_url)
    assert not ImportBatch.objects.exists()
    assert not list(files._folder().glob(batch.stored_as))
    assert kaisa.get(page_of(batch)).status_code == 404


def test_a_finished_import_cannot_be_dropped(kaisa, send):
    batch = send()
    post(kaisa, batch, "columns", **columns(batch))
    post(kaisa, batch, "decide", **NEW)
    post(kaisa, batch, "drop")
    assert ImportBatch.objects.get().state == "done"


def test_a_large_file_goes_to_the_worker(
    kaisa, send, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(
        "rinnalla.encounters.importing.files.is_small", lambda name: False
    )
    with django_capture_on_commit_callbacks(execute=True):
        batch = send()
    assert batch.state == "received"
    page = kaisa.get(page_of(batch)).content.decode()
    assert "hx-get" in page, "the page looks again by itself"
    said = DBTaskResult.objects.get().args_kwargs["kwargs"]
    tasks.work_on.func(**said)
    batch.refresh_from_db()
    assert batch.state == "read"
    tasks.work_on.func(**said)
    assert ImportBatch.objects.get().state == "read", "a step is done once"


def test_a_step_that_stands_still_can_be_begun_again(kaisa, send):
    batch = send()
    post(kaisa, batch, "columns", **columns(batch))
    sites = {"choices": {}, "municipality": "297", "kind": "street"}
    choices = {place["key"]: "new" for place in batch.report["unknown"]}
    sites["choices"] = choices
    taken = actions.decide(None, batch, sites=sites, takes_doubles=False)
    past, plan = actions._read(taken)
    actions._make_places(taken, plan)
    taken.rows_total = len(plan.new)
    actions._stage_some(taken, plan, [(plan.new[0], None)], actions._Inserts())
    assert not Visit.objects.seen().exists(), "staged is not seen"
    assert post(kaisa, batch, "again").status_code == 302
    assert ImportBatch.objects.get().state == "staging", "it may still be alive"
    ImportBatch.objects.update(moved_at=clock.now() - timedelta(minutes=5))
    assert kaisa.get(page_of(batch)).context["stands_still"]
    post(kaisa, batch, "again")
    assert batch.state == "done"
    assert Visit.objects.count() == 2 and Count.objects.total("met") == 15


def test_two_imports_of_one_source_do_not_run_at_once(kaisa, send):
    batch, other = send(), send()
    for one in (batch, other):
        post(kaisa, one, "columns", **columns(one))
    ImportBatch.objects.filter(pk=other.pk).update(state="staging")
    post(kaisa, batch, "decide", **NEW)
    assert batch.state == "checked"


def test_what_nobody_finished_goes_by_rule(send):
    batch = send()
    assert actions.delete_left(clock.today(), dry_run=True) == 0
    ImportBatch.objects.update(moved_at=clock.now() - timedelta(days=8))
    assert actions.delete_left(clock.today() - timedelta(days=7)) == 1
    assert not ImportBatch.objects.exists()
    assert not list(files._folder().glob(batch.stored_as))


def test_a_file_no_import_knows_goes_by_rule(send):
    batch = send()
    kept = files._folder() / batch.stored_as
    stray = kept.with_name("stray.csv")
    stray.write_text(ROWS)
    for path in (kept, stray):
        os.utime(path, (0, 0))
    actions.delete_left(clock.today() - timedelta(days=7), dry_run=True)
    assert stray.exists()
    actions.delete_left(clock.today() - timedelta(days=7))
    assert kept.exists() and not stray.exists()


def test_two_forms_in_one_moment_leave_one_import_and_one_file(cast):
    token, kept = uuid.uuid4(), set(files._folder().glob("*"))
    said = {"source_name": "S", "team": cast.team, "token": token}

    class Slow(SimpleUploadedFile):
        """While this one is stored, the other is taken."""

        def chunks(self, *_args):
            actions.receive(
                cast.kaisa, upload=SimpleUploadedFile("a.csv", b"x"), **said
            )
            yield b"x"

    actions.receive(cast.kaisa, upload=Slow("a.csv", b"x"), **said)
    assert ImportBatch.objects.count() == 1
    assert len(set(files._folder().glob("*")) - kept) == 1


def test_another_sheet_can_be_read(kaisa, send):
    file = BytesIO()
    header = ["Paikka", "Päivä", "Kohdattu"]
    months = [("Ohje", ["Vain tekstiä"], [])] + [
        (name, header, [["Tori", date(2024, month, 1), 10 * month]])
        for month, name in ((1, "Tammi"), (2, "Helmi"))
    ]
    write_xlsx(file, months)
    batch = send(file.getvalue(), "a.xlsx")
    assert batch.report["sheets"] == [[1, "Tammi"], [2, "Helmi"]]
    assert batch.report["sample_columns"]["Päivä"] == ["1.1.2024"]
    assert batch.report["sample_columns"]["Kohdattu"] == ["10"]
    assert "Helmi" in kaisa.get(page_of(batch)).content.decode()
    post(kaisa, batch, "sheet", sheet="2")
    post(kaisa, batch, "columns", **columns(batch))
    assert batch.report["met"] == 20
    for wrong in ("0", "9", "x", ""):
        assert post(kaisa, batch, "sheet", sheet=wrong).status_code == 302
    assert (batch.state, batch.sheet) == ("checked", 2)


def test_formulas_are_told(kaisa, send):
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Paikka", "Päivä", "Kohdatut"])
    sheet.write_row(1, 0, ["Tori", "1.3.2024"])
    sheet.write_formula(1, 2, "=6+6", None, 12)
    book.close()
    batch = send(file.getvalue(), "a.xlsx")
    assert "C2" in kaisa.get(page_of(batch)).content.decode()


def bad_strings(folder):
    for path in sorted((folder / "bad-input").glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            yield entry["s"] if isinstance(entry, dict) else entry


def test_bad_strings_in_cells_columns_names_and_files(kaisa, send, shared_data, cast):
    strings = list(bad_strings(shared_data))
    file = BytesIO()
    rows = [[text, text, text] for text in strings]
    write_xlsx(file, [("x", ["Paikka", "Päivä", "Kohdatut"], rows)])
    batch = send(file.getvalue(), "a.xlsx")
    post(kaisa, batch, "columns", **columns(batch))
    assert batch.report["fault_count"] > len(strings) and not Visit.objects.exists()
    assert kaisa.get(page_of(batch)).status_code == 200
    wide = BytesIO()
    write_xlsx(wide, [("x", strings[::4], [strings[::4]])])
    batch = send(wide.getvalue(), "b.xlsx")
    assert kaisa.get(page_of(batch)).status_code == 200
    for text in strings[::8]:
        form = {"token": text, "source": text, "team": text}
        form["file"] = SimpleUploadedFile(f"x{text}.csv"[:80], ROWS.encode())
        assert kaisa.post(URL, form).status_code in (200, 400)
        assert kaisa.get(URL, {"page": text}).status_code == 200


def test_bad_strings_as_places_are_stored_or_refused(kaisa, send, shared_data):
    good = [text for text in bad_strings(shared_data) if text.strip()]
    rows = [[text, date(2024, 1, 1 + n % 28), 1] for n, text in enumerate(good[:150])]
    file = BytesIO()
    write_xlsx(file, [("x", ["Paikka", "Päivä", "Kohdatut"], rows)])
    batch = send(file.getvalue(), "a.xlsx")
    post(kaisa, batch, "columns", **columns(batch))
    assert batch.state == "checked"
    assert {f["column"] for f in batch.report["faults"]} <= {"Paikka", "Päivä"}
    assert kaisa.get(page_of(batch)).status_code == 200


def test_a_source_named_after_a_person_asks_once(kaisa, cast):
    form = {"token": uuid.uuid4(), "source": "Pekka Virtanen", "team": cast.team.pk}
    file = SimpleUploadedFile("a.csv", ROWS.encode())
    answer = kaisa.post(URL, form | {"file": file})
    assert "source" in answer.context["form"].errors
    assert not ImportSource.objects.exists()


def test_the_sample_keeps_nothing_that_may_name_a_person(send):
    rows = "Paikka;Päivä;Kohdatut;Muuta\nTori;1.3.2024;4;131052-908T soita 040 1234567"
    batch = send(f"{rows}\nTori;2.3.2024;5;Matti Virtanen".encode())
    kept = str(batch.report)
    assert "•••" in kept
    assert not any(word in kept for word in ("131052", "040", "Virtanen"))


FAULTY = "Paikka;Päivä;Väki\nTori;1.3.2024;noin 40\nKatu;2.3.2024;\n"


def test_a_fault_says_where_it_is_and_what_to_do(kaisa, send):
    batch = send(FAULTY)
    post(kaisa, batch, "columns", **columns(batch, Väki="met"))
    faults = [tuple(told.values()) for told in batch.report["faults"]]
    assert faults == [
        (2, "Väki", "Tässä on muutakin kuin luku. Kirjoita vain 40."),
        (3, "Väki", "Solu on tyhjä. Kirjoita luku, tai 0 jos ei ketään."),
    ]


def test_a_corrected_file_begins_with_the_same_source_and_columns(kaisa, send, cast):
    batch = send(FAULTY, source="Katutiimin vihko", team=cast.other_team.pk)
    post(kaisa, batch, "columns", **columns(batch, Väki="met"))
    again = f"{URL}?after={batch.pk}"
    assert again in kaisa.get(page_of(batch)).content.decode()
    form = kaisa.get(again).context["form"]
    assert form["source"].value() == "Katutiimin vihko"
    assert form["team"].value() == cast.other_team.pk
    kaisa.post(
        again,
        {
            "token": uuid.uuid4(),
            "source": "Katutiimin vihko",
            "team": cast.other_team.pk,
            "file": SimpleUploadedFile("luvut.csv", FAULTY.encode()),
        },
    )
    corrected = ImportBatch.objects.get()
    assert corrected.pk != batch.pk, "the faulty one waits for nobody any more"
    assert corrected.mapping["met"] == "Väki"


@pytest.mark.parametrize("after", ["", "0", "x", "9" * 30, "\0", "1&after=2"])
def test_an_odd_link_is_a_new_import(kaisa, after):
    assert kaisa.get(URL, {"after": after}).status_code == 200


def test_a_likely_double_shows_both_figures_before_it_is_chosen(kaisa, send, cast):
    site = make_site(cast, name="Tori")
    make_met(make_visit(cast, site, day=date(2024, 3, 1), status="done"), 31)
    batch = send("Paikka;Päivä;Kohdatut\nTori;1.3.2024;30\n")
    post(kaisa, batch, "columns", **columns(batch))
    text = kaisa.get(page_of(batch)).content.decode()
    assert "Tori 1.3.2024: täällä kohdattu 31, tiedostossa 30." in text
    assert "kaksi käyntiä" in text
