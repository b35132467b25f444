"""The page Työn rytmi: what a leader reads of promised days, faces and requests."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from rinnalla.lib import clock
from rinnalla.planning.models import Return
from rinnalla.statistics.tests.rhythm.asked import make_asked
from rinnalla.statistics.tests.rhythm.kept import make_rhythm, page, reckon, visit_of
from rinnalla.statistics.tests.test_print import printed
from rinnalla.testing import make_site

JANUARY = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel("2026-04-20 12:00", tick=False):
        yield


@pytest.fixture
def year(cast):
    """Forty promised days, 36 kept by familiar faces; returns; requests."""
    rhythm = make_rhythm(cast, JANUARY, JANUARY + timedelta(days=39))
    for number in range(36):
        slot = JANUARY + timedelta(days=number)
        visit_of(cast, rhythm, slot, is_familiar=number > 2)
    off = {"status": "cancelled", "cancel_reason": "staff_ill"}
    visit_of(cast, rhythm, JANUARY + timedelta(days=36), **off)
    visit_of(cast, rhythm, JANUARY + timedelta(days=37), away=1, move_reason="weather")
    visit_of(cast, rhythm, JANUARY + timedelta(days=38), status="planned")
    for number in range(30):
        Return.objects.create(
            team=cast.team, month=date(2026, 2, 1), is_on_time=number > 2
        )
        received = clock.at(date(2026, 2, 2), 9)
        make_asked(received, answered=1 + number % 5, team=cast.team)
    reckon()
    return rhythm


def test_it_works(cast, year, sign_in):
    html = page(sign_in(cast.leena))
    said = "Vuonna 2026 tähän mennessä luvatuista 40 päivästä on pidetty 36."
    assert said in html
    assert ">90,0 %</b>" in html
    assert "Tuttu kasvo oli mukana 91,7 %:lla vuoden 2026 käynneistä." in html
    assert "90,0 % vuoden 2026 turvailmoituksista päättyi" in html
    assert "vastattiin 3,0 työtunnissa, yhdeksään kymmenestä 5,0" in html
    assert "Peruttu: " in html and "Siirretty: " in html
    assert "Leipätupa 8.2.: käyntiä ei ole päätetty." in html
    for code in ("I6", "I7", "I10", "I17", "I18", "I19"):
        assert f"/figures/definitions/#{code}" in html


def test_no_worker_is_on_it(cast, year, sign_in):
    html = page(sign_in(cast.leena))
    for worker in (cast.aino, cast.kaisa, cast.outi):
        assert worker.name not in html


def test_it_is_found_from_the_figures(cast, year, sign_in):
    assert 'href="/figures/rhythm/"' in page(sign_in(cast.leena), "/figures/")


def test_every_indicator_is_explained(cast, sign_in):
    html = page(sign_in(cast.leena), "/figures/definitions/")
    for code in ("I6", "I7", "I10", "I17", "I18", "I19"):
        assert f'id="{code}"' in html


def test_an_empty_year_says_so(cast, sign_in):
    html = page(sign_in(cast.leena), "/figures/rhythm/2024/")
    assert "Mikään rytmi ei luvannut päiviä vuonna 2024." in html
    assert "Kuvio tulee tähän" in html
    assert "[z]" in html


def test_a_home_is_told_by_its_number(cast, sign_in):
    home = make_site(cast, kind="home", name="Mäkikatu 3")
    rhythm = make_rhythm(cast, JANUARY, JANUARY, site=home)
    visit_of(cast, rhythm, JANUARY, status="planned")
    html = page(sign_in(cast.leena))
    assert f"Kotikäynti · {home.pk} 1.1.: käyntiä ei ole päätetty." in html
    assert "Mäkikatu" not in html


def test_another_team_has_its_own(cast, year, sign_in):
    html = page(sign_in(cast.outi))
    assert "Mikään rytmi ei luvannut" in html
    assert "Leipätupa" not in html
    assert '<td class="rn-num">30</td>' not in html


def test_a_municipality_has_no_returns(cast, year, sign_in):
    html = page(sign_in(cast.leena), "/figures/rhythm/?municipality=297")
    assert "luvatuista 40 päivästä" in html
    assert "turvailmoituksista" not in html


def test_partners_and_administrators_have_none(cast, sign_in):
    assert sign_in(cast.reijo).get("/figures/rhythm/").status_code == 404
    assert sign_in(cast.hannu).get("/figures/rhythm/").status_code == 403


@pytest.mark.parametrize("year", ["1999", "2100", "x", "99999999999999999999"])
def test_an_odd_year_is_not_found(cast, sign_in, year):
    assert sign_in(cast.leena).get(f"/figures/rhythm/{year}/").status_code == 404


def test_files_say_the_same(cast, year, sign_in):
    client = sign_in(cast.leena)
    csv = client.get("/figures/rhythm/2026/?file=csv").content.decode()
    assert "tammikuu;Luvattu;31;" in csv
    book = client.get("/figures/rhythm/2026/?file=xlsx").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert ["tammikuu", 31, 31, 0, 0, 0] in sheet.to_python()
    about = client.get("/figures/rhythm/2026/?file=about").json()
    assert any(name.startswith("I7 ") for name in about["definitions"])


def test_the_print_is_two_sheets_at_most(cast, year, sign_in):
    with time_machine.travel("2026-12-31 12:00", tick=False):
        pdf = printed(sign_in(cast.leena), "/figures/rhythm/2026/")
    assert len(pdf.pages) <= 2


def test_no_more_queries_for_more_places(cast, year, sign_in):
    client = sign_in(cast.leena)

    def asked():
        page(client)  # orders the chart of what it shows, once
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    before = asked()
    for number in range(5):
        site = make_site(cast, name=f"Tori {number}")
        more = make_rhythm(cast, JANUARY, JANUARY + timedelta(days=9), site)
        visit_of(cast, more, JANUARY, status="planned")
        make_asked(clock.at(date(2026, 2, 3), 9), answered=1)
    reckon()
    assert asked() == before


def test_the_place_tells_its_own(cast, year, sign_in):
    html = page(sign_in(cast.leena), f"/figures/places/{year.site_id}/2026/")
    assert "Rytmi piti" in html
    assert "Tuttu kasvo" in html
