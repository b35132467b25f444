"""The coordinator reads, searches and strikes the team's own words."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rinnalla.access.models import AuditEvent, Municipality
from rinnalla.encounters.models import Observation
from rinnalla.lib import clock
from rinnalla.planning.models import TeamNote
from rinnalla.testing import make_site, make_visit

PAGE = "/encounters/texts"
LOOSE = {"visit": None}


@pytest.fixture
def visit(cast):
    return make_visit(cast)


def write(where, text, **over):
    fields = {"visit": where, "site": where.site, "day": where.day, "text": text}
    return Observation.objects.create(**fields | over)


def strike(client, row, **more):
    return client.post(reverse("encounters:strike_text", args=[row.pk]), more)


def test_it_works(visit, cast, sign_in):
    row = write(visit, "Moni kysyi sähkölaskusta.", phenomena=["price_rise"])
    client = sign_in(cast.kaisa)
    assert "sähkölaskusta" in client.get(PAGE).content.decode()
    answer = strike(client, row)
    assert answer.status_code == 200
    assert "sähkölaskusta" not in answer.content.decode()
    row.refresh_from_db()
    assert (row.text, row.phenomena) == ("", ["price_rise"])
    event = AuditEvent.objects.get(action="text.struck")
    assert (event.object_kind, event.object_id) == ("Observation", str(row.pk))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ["Havainnot", "13 kuukauden", "1 teksti", "Pyyhi pysyvästi"]),
        ("sv", ["Iakttagelser", "13 månader", "1 text", "Stryk för gott"]),
        ("en", ["Observations", "13 months", "1 text", "Strike out for good"]),
    ],
)
def test_every_language(visit, cast, sign_in, client, language, words):
    write(visit, "jono")
    client.cookies["language"] = language
    page = sign_in(cast.kaisa).get(PAGE).content.decode()
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("words", ["ÄMPÄRI", "ämpäri", "Ämpäri", "mpär"])
def test_searching_in_either_case(visit, cast, sign_in, words):
    write(visit, "Ämpäri jaettiin jonossa")
    write(visit, "Hiljaista oli")
    answer = sign_in(cast.kaisa).post(PAGE, {"words": words})
    assert [row.text for row in answer.context["page"]] == ["Ämpäri jaettiin jonossa"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("hinta", "Hintojen nousu näkyy"),
        ("hinnat", "Hintojen nousu näkyy"),
        ("häätö", "Kaksi häädön uhkaa"),
        ("asunnottomuus", "Puhuttiin asunnottomuudesta"),
        ("asunnottomuudesta", "Asunnottomuus lisääntyy"),
        ("jono", "Leipäjonossa oli kylmä"),
        ("hinta nousu", "Hintojen nousu näkyy"),
        ("haato", "Kaksi häädön uhkaa"),
    ],
)
def test_bent_words_are_found(visit, cast, sign_in, words, text):
    write(visit, text)
    write(visit, "Muuten rauhallista")
    answer = sign_in(cast.kaisa).post(PAGE, {"words": words})
    assert [row.text for row in answer.context["page"]] == [text]


@pytest.mark.parametrize("words", ["hinaaja", "asunto", "hinta lasku", "nuotio"])
def test_other_words_are_not(visit, cast, sign_in, words):
    write(visit, "Hintojen nousu näkyy, asukkaat kysyivät")
    answer = sign_in(cast.kaisa).post(PAGE, {"words": words})
    assert not answer.context["page"].object_list


@pytest.mark.parametrize(
    "words",
    [
        *(
            "Leipätupa",
            "leipätuvan",
            "Kuopio",
            "kuopiossa",
            "maaliskuu",
            "maaliskuussa",
        ),
        *(
            "mars",
            "March 2026",
            "12.3.",
            "12.3.2026",
            "3/2026",
            "2026",
            "leipätupa jono",
        ),
    ],
)
def test_a_place_or_a_month_is_found(cast, sign_in, words):
    write(make_visit(cast, day=date(2026, 3, 12)), "jono")
    puisto = make_site(
        cast, name="Puisto", municipality=Municipality.objects.get(pk="140")
    )
    write(make_visit(cast, puisto, day=date(2025, 11, 2)), "jono")
    answer = sign_in(cast.kaisa).post(PAGE, {"words": words})
    assert [row.site.name for row in answer.context["page"]] == ["Leipätupa"]


def test_search_keeps_its_words_after_striking(visit, cast, sign_in):
    rows = [write(visit, f"jono {n}") for n in range(2)]
    write(visit, "muuta")
    answer = strike(sign_in(cast.kaisa), rows[0], words="jono")
    assert [row.text for row in answer.context["page"]] == ["jono 1"]


def test_words_sought_never_stand_in_an_address(visit, cast, sign_in):
    write(visit, "jono oli pitkä")
    answer = sign_in(cast.kaisa).get(PAGE, {"words": "pitkä"})
    assert answer.context["words"] == ""
    page = sign_in(cast.kaisa).post(PAGE, {"words": "pitkä"}).content.decode()
    assert "?words" not in page and 'method="get"' not in page


def test_striking_twice_is_striking_once(visit, cast, sign_in):
    row = write(visit, "jono")
    client = sign_in(cast.kaisa)
    assert [strike(client, row).status_code for _ in range(2)] == [200, 200]
    assert AuditEvent.objects.filter(action="text.struck").count() == 1


def search(client, **over):
    """The page that answers a search, and how many times the database was asked."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(PAGE, {"words": "jono"} | over)
    return len(answer.context["page"].object_list), len(asked)


def test_no_query_a_row(visit, cast, sign_in):
    client = sign_in(cast.kaisa)
    for number in range(3):
        write(visit, f"jono {number}")
    client.get(PAGE)
    shown, few = search(client)
    assert shown == 3
    for number in range(22):
        write(visit, f"jono {number}")
    for page, shown in ((1, 20), (2, 5)):
        assert search(client, page=page) == (shown, few)
    assert few <= 12


@pytest.mark.parametrize("page", ["0", "-3", "99999999999999", "x", "2\x00"])
def test_a_bad_page_number_shows_the_first(visit, cast, sign_in, page):
    write(visit, "jono")
    answer = sign_in(cast.kaisa).post(PAGE, {"words": "", "page": page})
    assert answer.status_code == 200
    assert answer.context["page"].number == 1


@pytest.mark.parametrize("words", ["\x00", "%", "_", "x" * 500, "'; --"])
def test_strange_words_are_no_fault(visit, cast, sign_in, words):
    write(visit, "jono")
    answer = sign_in(cast.kaisa).post(PAGE, {"words": words})
    assert answer.status_code == 200


def test_other_teams_words_do_not_exist(cast, sign_in):
    theirs = make_site(cast, name="Muu", team=cast.other_team)
    there = make_visit(cast, site=theirs)
    row = write(there, "heidän jononsa")
    loose = write(there, "paikalla nähtyä", **LOOSE)
    client = sign_in(cast.kaisa)
    assert client.get(PAGE).context["page"].paginator.count == 0
    assert [strike(client, r).status_code for r in (row, loose)] == [404, 404]
    assert Observation.objects.exclude(text="").count() == 2


def test_words_at_the_teams_place_without_a_visit_are_found(visit, cast, sign_in):
    write(visit, "paikalla nähtyä", **LOOSE)
    assert sign_in(cast.kaisa).get(PAGE).context["page"].paginator.count == 1


def test_only_coordinators(visit, cast, sign_in):
    row = write(visit, "jono")
    for worker in (cast.aino, cast.leena, cast.hannu, cast.reijo, cast.paula):
        client = sign_in(worker)
        assert client.get(PAGE).status_code == 403
        assert strike(client, row).status_code == 403
    row.refresh_from_db()
    assert row.text == "jono"


def test_striking_is_never_a_get(visit, cast, sign_in):
    row = write(visit, "jono")
    address = reverse("encounters:strike_text", args=[row.pk])
    assert sign_in(cast.kaisa).get(address).status_code == 405


def test_a_number_no_row_can_have_is_not_found(cast, sign_in):
    client = sign_in(cast.kaisa)
    assert client.post(f"/encounters/texts/{10**30}/strike").status_code == 404


def test_empty_says_so(cast, sign_in):
    answer = sign_in(cast.kaisa).get(PAGE)
    assert "rn-empty" in answer.content.decode()


# --- A team's notes are found and struck too -----------------------------------


def noted(site, text, **over):
    fields = {"team": site.team, "site": site, "written_on": clock.today()}
    return TeamNote.objects.create(text=text, **fields | over)


def test_notes_are_searched_and_struck(visit, cast, sign_in):
    row = noted(visit.site, "Sininen pipo odottaa portilla.")
    noted(visit.site, "Avain hyllyssä.")
    client = sign_in(cast.kaisa)
    page = client.post(PAGE, {"words": "pipo"}).content.decode()
    assert "Sininen pipo" in page and "Avain" not in page
    url = reverse("encounters:strike_note", args=[row.pk])
    page = client.post(url, {"words": "pipo"}).content.decode()
    assert "Sininen pipo" not in page
    assert not TeamNote.objects.filter(pk=row.pk).exists()
    event = AuditEvent.objects.get(action="note.struck")
    assert (event.object_kind, event.object_id) == ("TeamNote", str(row.pk))
    assert "on jo pyyhkinyt" in client.post(url).content.decode()


def test_another_teams_note_is_not_found(visit, cast, sign_in):
    far = make_site(cast, name="Puisto", team=cast.other_team)
    row = noted(far, "Vieras lappu.")
    client = sign_in(cast.kaisa)
    assert "Vieras lappu." not in client.get(PAGE).content.decode()
    client.post(reverse("encounters:strike_note", args=[row.pk]))
    assert TeamNote.objects.filter(pk=row.pk).exists()


def test_a_worker_does_not_strike_by_the_coordinators_page(visit, cast, sign_in):
    row = noted(visit.site, "Avain hyllyssä.")
    url = reverse("encounters:strike_note", args=[row.pk])
    assert sign_in(cast.aino).post(url).status_code == 403
