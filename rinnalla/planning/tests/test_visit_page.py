"""One visit on the desk: the plan, how it stands, what was recorded in figures."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock


def show(client, visit):
    return client.get(reverse("planning:visit", args=[visit.pk]))


def test_it_works(cast, sign_in):
    visit = testing.make_visit(
        cast,
        workers=[cast.aino, cast.kaisa],
        partner=cast.parish,
        arrive_before_minutes=15,
        identifier="vest",
        has_car=True,
        kit=["cards"],
        has_student=True,
    )
    testing.make_card(visit.site, safety_note="Mene parina.")
    text = show(sign_in(cast.aino), visit).content.decode()
    for said in (
        *("Leipätupa", "12.3.2026", "klo 10.00–12.00", "15 minuuttia ennen"),
        *("Aino Aalto, Kaisa Koski", "Rantalan seurakunta", "Opiskelija", "Liivi"),
        *("Auto", "Apua ja tukea -kortit", "Mene parina."),
    ):
        assert said in text, said


def test_what_was_recorded(cast, sign_in):
    visit = testing.make_visit(cast, status="done", minutes=110)
    testing.make_met(visit, 12)
    testing.make_met(visit, -1)
    testing.make_guided(visit, 2)
    testing.make_guided(visit, 1, counts_as_met=False)
    text = " ".join(show(sign_in(cast.aino), visit).content.decode().split())
    assert "<dt>Kohdattu</dt><dd>13</dd>" in text
    assert "<dt>Ohjattu</dt><dd>3</dd>" in text
    assert "110 minuuttia" in text


@pytest.mark.parametrize(
    ("who", "days", "said", "opens"),
    [
        ("aino", 0, "voi korjata", True),
        ("aino", 1, "voi korjata", True),
        ("aino", 2, "Kysy koordinaattorilta", False),
        ("kaisa", 2, "Koordinaattori voi korjata vielä", True),
    ],
)
def test_an_ended_visit_says_until_when_it_is_corrected(
    cast, sign_in, who, days, said, opens
):
    visit = testing.make_visit(cast, status="done", minutes=110)
    with time_machine.travel(clock.at(visit.day + timedelta(days), 12), tick=False):
        text = show(sign_in(getattr(cast, who)), visit).content.decode()
    assert said in text and "13.3.2026" in text
    assert (reverse("planning:visit_reopen", args=[visit.pk]) in text) == opens
    assert (reverse("encounters:tally", args=[visit.pk]) in text) == opens


def test_today_one_may_start(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    start = reverse("planning:visit_start", args=[visit.pk])
    assert start in show(sign_in(cast.aino), visit).content.decode()
    visit.day = date(2026, 3, 12)
    visit.save()
    assert start not in show(sign_in(cast.aino), visit).content.decode()


def test_why_alone_is_said_in_words(cast, sign_in):
    visit = testing.make_visit(cast, solo_reason="pair_ill")
    assert "Pari sairastui" in show(sign_in(cast.aino), visit).content.decode()


def test_a_lost_code_breaks_nothing(cast, sign_in):
    visit = testing.make_visit(cast, type="gone", kit=["gone"], identifier="gone")
    assert show(sign_in(cast.aino), visit).status_code == 200


def test_a_partner_opens_its_own_organisations_visits(cast, sign_in):
    visit = testing.make_visit(cast, organisation=cast.parish)
    assert show(sign_in(cast.reijo), visit).status_code == 200


def test_without_an_agreement_only_visits_one_takes_part_in(cast, sign_in):
    visit = testing.make_visit(cast, organisation=cast.ngo)
    assert show(sign_in(cast.paula), visit).status_code == 404
    visit.workers.add(cast.paula)
    assert show(sign_in(cast.paula), visit).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("outi", 404), ("leena", 403), ("hannu", 403), ("reijo", 404), ("paula", 404)],
)
def test_whose_visits(cast, sign_in, who, status):
    visit = testing.make_visit(cast)
    assert show(sign_in(getattr(cast, who)), visit).status_code == status


def test_rows_of_an_unfinished_import_are_not_here(cast, sign_in):
    visit = testing.make_visit(cast, is_seen=False)
    assert show(sign_in(cast.aino), visit).status_code == 404


@pytest.mark.parametrize(
    "key",
    ["x", "0", "%00", "00000000-0000-0000-0000-000000000000", "1" * 400],
)
def test_unknown(cast, sign_in, key):
    assert sign_in(cast.aino).get(f"/planning/visits/{key}/").status_code == 404


def test_signed_out(client, cast):
    assert show(client, testing.make_visit(cast)).status_code == 302
