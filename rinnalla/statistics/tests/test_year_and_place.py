"""The year report and the page of one place."""

from datetime import date

import pytest
import time_machine

from rinnalla.access.models import Code
from rinnalla.lib.charts import TopicBar, topic_bars
from rinnalla.statistics import actions
from rinnalla.statistics.report import year_report
from rinnalla.statistics.scope import scope_of
from rinnalla.testing import make_guided, make_met, make_site, make_visit


@pytest.fixture(autouse=True)
def after_the_year():
    with time_machine.travel("2026-02-20 12:00", tick=False):
        yield


@pytest.fixture
def site(cast):
    """A food queue with a visit in every second month of 2025 and one in 2024."""
    site = make_site(cast)
    for month in (1, 3, 5, 7, 9, 11):
        visit = make_visit(cast, site, day=date(2025, month, 12), status="done")
        make_met(visit, 40)
        make_guided(visit, 6, topics=["benefits"], familiarity="new")
        make_guided(visit, 7, topics=["housing"], familiarity="returning")
    make_met(make_visit(cast, site, day=date(2024, 5, 5), status="done"), 300)
    actions.mark_all()
    actions.recount_stale()
    return site


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_it_works_the_year_is_compared_and_split(cast, site, sign_in):
    actions.publish_closed()

    html = page(sign_in(cast.leena), "/figures/year/2025/")

    assert (
        "Ihmisiä kohdattiin vuonna 2025 318 kertaa, 18 enemmän kuin "
        "vuonna 2024." in html
    )
    assert "Yleisin aihe oli asumisen ongelmat, 42 kertaa." in html
    assert "Uusia oli 46,2 %." in html


def test_a_place_has_its_own_year(cast, site, sign_in):
    actions.publish_closed()

    html = page(sign_in(cast.leena), f"/figures/places/{site.pk}/2025/")

    assert "Leipätupa: ihmisiä kohdattiin vuonna 2025 318 kertaa" in html
    assert "Asumisen ongelmat" in html


def test_a_quiet_place_is_shown_with_a_wider_area(cast, site, sign_in):
    quiet = make_site(cast, name="Kulma")
    visit = make_visit(cast, quiet, day=date(2025, 3, 3), status="done")
    make_guided(visit, 2, topics=["legal"])
    actions.recount(quiet.pk, date(2025, 3, 1))
    actions.publish_closed()

    html = page(sign_in(cast.leena), f"/figures/places/{quiet.pk}/2025/")
    assert "Kulma: luvut ovat yksin liian pieniä" in html


def test_the_running_year_is_not_compared(cast, site, sign_in):
    html = page(sign_in(cast.leena), "/figures/year/2026/")

    assert "tähän mennessä" in html


def test_the_running_year_says_when_its_topics_come(cast, site, sign_in):
    html = page(sign_in(cast.leena), "/figures/year/2026/")

    assert "Koko vuoden aiheet julkaistaan, kun vuosi on suljettu, 5.1.2027" in html
    assert "Suljettujen kuukausien aiheet ovat kuukausien sivuilla." in html


def test_the_chart_says_the_words_of_the_table(cast, site):
    actions.publish_closed()
    [topics] = [
        unit
        for unit in year_report(scope_of(cast.leena), 2025).units
        if unit.key == "topic"
    ]

    drawings = topics.chart.wide, topics.chart.narrow
    for values in (drawing["data"]["values"] for drawing in drawings):
        words = [bar["label"].replace("\n", " ") for bar in values]
        assert words == [label for label, _cells in topics.short.rows]


def bare(text):
    """The letters alone: a line may break after a hyphen."""
    return "".join(text.split())


@pytest.mark.parametrize("field", ["label_fi", "label_sv", "label_en"])
def test_every_label_of_a_chart_is_whole(db, field):
    codes = Code.objects.filter(list__in=["topic", "phenomenon", "threshold"])
    labels = list(codes.values_list(field, flat=True))
    assert len(labels) > 40

    bars = [TopicBar(label, 1, "1") for label in labels]
    for narrow in (False, True):
        drawn = topic_bars(bars, "", narrow=narrow)["data"]["values"]
        assert [bare(bar["label"]) for bar in drawn] == [bare(one) for one in labels]


def test_places_are_listed_by_name_with_figures_only(cast, site, sign_in):
    make_site(cast, name="Ei lukuja")

    html = page(sign_in(cast.leena), "/figures/places/")

    assert "Leipätupa" in html and "Ei lukuja" not in html


def test_another_teams_place_is_not_there(cast, site, sign_in):
    client = sign_in(cast.outi)

    assert client.get(f"/figures/places/{site.pk}/").status_code == 404
    assert "Leipätupa" not in page(client, "/figures/places/")


def test_a_partner_reaches_only_places_it_has_been_to(cast, site, sign_in):
    client = sign_in(cast.reijo)
    assert client.get(f"/figures/places/{site.pk}/").status_code == 404

    visit = make_visit(
        cast, site, day=date(2025, 3, 3), status="done", organisation=cast.parish
    )
    make_met(visit, 8)
    actions.recount(site.pk, date(2025, 3, 1))
    actions.publish_closed()

    html = page(client, f"/figures/places/{site.pk}/2025/")
    assert "8 kertaa" in html
    assert "Asumisen ongelmat" not in html


def test_a_partner_without_an_agreement_has_no_places(cast, site, sign_in):
    client = sign_in(cast.paula)

    assert client.get("/figures/places/").status_code == 404
    assert client.get(f"/figures/places/{site.pk}/").status_code == 404


def test_an_administrator_has_none(cast, site, sign_in):
    client = sign_in(cast.hannu)

    for path in ("year/2025/", "places/", f"places/{site.pk}/", "definitions/"):
        assert client.get(f"/figures/{path}").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["year/1066/", "year/99999999999999999999/", "places/0/", "places/1/1999/"],
)
def test_odd_addresses_are_not_found(cast, site, sign_in, path):
    assert sign_in(cast.leena).get(f"/figures/{path}").status_code == 404


def test_a_huge_page_number_shows_the_last_page(cast, site, sign_in):
    client = sign_in(cast.leena)

    for number in ("99999999999999999999", "-1", "x", "%00"):
        assert "Leipätupa" in page(client, f"/figures/places/?page={number}")


def test_every_indicator_is_explained(cast, sign_in):
    html = page(sign_in(cast.leena), "/figures/definitions/")

    for code in ("T1", "T2", "I1", "I2", "I3", "I4", "I5", "I8", "I9", "I11", "I12"):
        assert f'id="{code}"' in html


def test_an_open_year_shows_its_newest_closed_quarter(cast, site, sign_in):
    with time_machine.travel("2025-12-20 12:00", tick=False):
        actions.publish_closed()
        html = page(sign_in(cast.leena), "/figures/year/2025/")
    assert "Uusia oli 46,2 %." in html, "July to September: 12 new, 14 returning"


def test_months_without_records_are_said_to_be_missing(cast, site, sign_in):
    html = page(sign_in(cast.leena), "/figures/year/2025/")

    assert "Mitä puuttuu: joistakin kuukausista ei ole kirjauksia" in html
    assert "Kirjauksia ei ole: helmikuu, huhtikuu, kesäkuu" in html


def test_a_year_without_records_says_no_number(cast, site, sign_in):
    html = page(sign_in(cast.leena), "/figures/year/2023/")

    assert "Ajalta 2023 ei ole kirjauksia." in html
    assert "vuonna 2023 0 kertaa" not in html


def test_no_nought_stands_over_a_month_without_records(cast, site):
    report = year_report(scope_of(cast.leena), 2025)

    bars = report.charts[0].wide["data"]["values"]
    assert [bar["text"] for bar in bars[:4]] == ["53", "", "53", ""]


def test_visits_to_come_do_not_thin_out_the_cancelled_ones(cast, site, sign_in):
    for day in range(1, 16):
        make_visit(cast, site, day=date(2026, 2, day), status="done")
    off = {"status": "cancelled", "cancel_reason": "weather"}
    for day in (16, 17, 18, 24, 25):
        make_visit(cast, site, day=date(2026, 2, day), **off)
    for day in (21, 22, 23, 26, 27, 28):
        make_visit(cast, site, day=date(2026, 2, day))
    actions.mark_all()
    actions.recount_stale()

    html = page(sign_in(cast.leena), "/figures/month/2026-02/")

    assert "25,0 %" in html, "five of the twenty that were held or called off"
