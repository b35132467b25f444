"""The desk page of one visit: what was recorded, never who recorded it."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import escape

from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Count, Encounter, Mark, Observation, WrapUp
from rinnalla.lib import clock
from rinnalla.testing import make_guided, make_met, make_visit


@pytest.fixture(autouse=True)
def the_same_evening():
    with time_machine.travel("2026-03-12 18:00+02:00", tick=False):
        yield


@pytest.fixture
def visit(cast):
    return make_visit(cast, status="done", minutes=125)


def address(visit):
    return reverse("encounters:visit", args=[visit.pk])


def fill(visit):
    device = uuid4()
    at = clock.at(visit.day, 10, 40)
    make_met(visit, 30, device=device, at=at)
    Count.objects.create(visit=visit, kind="topic", code="debt", number=2)
    make_guided(
        visit,
        device=device,
        at=at,
        topics=["housing"],
        methods=["joint_contact"],
        next_step="meet_here",
        age_band="30_44",
        tickets=2,
        has_language_barrier=True,
    )
    Mark.objects.create(visit=visit, device=device, at=at, topic="benefits")
    Observation.objects.create(
        visit=visit,
        site=visit.site,
        day=visit.day,
        phenomena=["price_rise"],
        thresholds=["digital_only"],
        text="Moni kysyi sähkölaskusta.",
    )
    WrapUp.objects.create(visit=visit, atmosphere="busy", safety="fine")
    return device


def test_it_works(visit, cast, sign_in):
    fill(visit)
    page = sign_in(cast.aino).get(address(visit)).content.decode()
    for words in (
        "31",
        "Velka",
        "Asumisen ongelmat",
        "Otettiin yhteyttä yhdessä",
        "Nähdään täällä",
        "30–44",
        "Hintojen nousu",
        "Vain verkossa",
        "sähkölaskusta",
        "Kiireinen",
        "10.40",
    ):
        assert escape(words) in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ["to 12.3.2026 klo 10–12", "Mitä tehtiin", "Korjaa lukuja"]),
        ("sv", ["tors 12.3.2026 kl. 10–12", "Vad gjordes", "Rätta siffrorna"]),
        ("en", ["Thu 12 Mar 2026 at 10–12", "What was done", "Correct the numbers"]),
    ],
)
def test_every_language(visit, cast, sign_in, client, language, words):
    fill(visit)
    client.cookies["language"] = language
    page = sign_in(cast.aino).get(address(visit)).content.decode()
    assert [word for word in words if word not in page] == []


def test_it_never_says_who(visit, cast, sign_in):
    device = fill(visit)
    page = sign_in(cast.kaisa).get(address(visit)).content.decode()
    assert cast.aino.name not in page and cast.aino.first_name not in page
    assert str(device) not in page


def test_partners_without_agreement_see_only_counts(cast, sign_in):
    visit = make_visit(cast, organisation=cast.ngo, workers=[cast.paula], status="done")
    fill(visit)
    answer = sign_in(cast.paula).get(address(visit))
    page = answer.content.decode()
    assert "31" in page and "Velka" in page
    assert "sähkölaskusta" not in page and "30–44" not in page
    assert "meetings" not in answer.context


def test_no_query_a_meeting(visit, cast, sign_in, django_assert_max_num_queries):
    for _ in range(45):
        make_guided(visit, topics=["debt"])
    client = sign_in(cast.aino)
    with django_assert_max_num_queries(16):
        answer = client.get(address(visit), {"page": 3})
    assert len(answer.context["meetings"]) == 5


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "\x00"])
def test_a_bad_page_shows_a_page(visit, cast, sign_in, page):
    make_guided(visit)
    assert sign_in(cast.aino).get(address(visit), {"page": page}).status_code == 200


def test_taking_a_meeting_back(visit, cast, sign_in):
    (row,) = make_guided(visit)
    where = reverse("encounters:take_back", args=[visit.pk, row.pk])
    client = sign_in(cast.aino)
    assert [client.post(where).status_code for _ in range(2)] == [302, 302]
    assert not Encounter.objects.kept().exists()
    assert AuditEvent.objects.filter(action="encounters.undone").count() == 1
    assert "Poistettu laskuista" in client.get(address(visit)).content.decode()


def test_a_sealed_visit_keeps_its_meetings(visit, cast, sign_in):
    (row,) = make_guided(visit)
    WrapUp.objects.create(visit=visit)
    where = reverse("encounters:take_back", args=[visit.pk, row.pk])
    with time_machine.travel("2026-03-25 09:00+02:00", tick=False):
        client = sign_in(cast.aino)
        client.post(where)
        assert Encounter.objects.kept().exists()
        assert where not in client.get(address(visit)).content.decode()
        sign_in(cast.kaisa).post(where)
    assert not Encounter.objects.kept().exists()


def test_a_meeting_of_another_visit_is_not_found(visit, cast, sign_in):
    (row,) = make_guided(make_visit(cast, visit.site))
    where = reverse("encounters:take_back", args=[visit.pk, row.pk])
    assert sign_in(cast.aino).post(where).status_code == 404
    assert Encounter.objects.kept().exists()


def test_whose_visits(visit, cast, sign_in):
    def get(worker):
        return sign_in(worker).get(address(visit)).status_code

    assert [get(w) for w in (cast.aino, cast.kaisa)] == [200, 200]
    assert [get(w) for w in (cast.leena, cast.hannu)] == [403, 403]
    assert [get(w) for w in (cast.outi, cast.reijo, cast.paula)] == [404, 404, 404]


def test_an_empty_visit_has_a_page(cast, sign_in):
    visit = make_visit(cast)
    assert sign_in(cast.aino).get(address(visit)).status_code == 200
