"""The month card: what it says, to whom, and how it refuses."""

from datetime import date

import pytest
import time_machine

from rinnalla.encounters.models import Count
from rinnalla.planning.actions import mark_stale
from rinnalla.statistics import actions
from rinnalla.statistics.models import Drawing, MonthTotal
from rinnalla.testing import make_guided, make_met, make_site, make_visit

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture
def march():
    with time_machine.travel("2026-03-20 12:00", tick=False):
        yield


@pytest.fixture
def visit(cast):
    """A visit in March and one in February, counted."""
    before = make_visit(cast, day=date(2026, 2, 12), status="done")
    make_met(before, 352)
    visit = make_visit(cast, before.site, status="done", staff=2, minutes=120)
    make_met(visit, 338)
    make_met(visit, 74, how="estimated")
    make_guided(visit, 8, topics=["benefits"], counts_as_met=False)
    actions.mark_all()
    actions.recount_stale()
    return visit


def page(client, path="/figures/month/2026-03/", **headers):
    answer = client.get(path, **headers)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_it_works_a_leader_reads_the_month(cast, visit, sign_in):
    html = page(sign_in(cast.leena), "/figures/month/2026-02/")

    assert "352" in html
    assert "helmikuussa" in html


def test_the_running_month_is_not_compared(cast, visit, sign_in):
    html = page(sign_in(cast.leena), "/figures/")

    assert "Ihmisiä on maaliskuussa kohdattu tähän mennessä 412 kertaa." in html
    assert "74 on arvioita" in html


def test_a_past_month_is_compared_with_the_one_before(cast, visit, sign_in):
    with time_machine.travel("2026-04-20 12:00"):
        html = page(sign_in(cast.leena))

    assert (
        "Ihmisiä kohdattiin maaliskuussa 412 kertaa, 60 enemmän kuin helmikuussa."
        in html
    )


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("sv", "Människor möttes 412 gånger i mars, 60 fler än i februari."),
        ("en", "People were met 412 times in March, 60 more than in February."),
    ],
)
def test_in_swedish_and_english(cast, visit, sign_in, language, headline):
    with time_machine.travel("2026-04-20 12:00"):
        client = sign_in(cast.leena)
        client.cookies["language"] = language
        assert headline in page(client)


def test_a_tap_is_seen_a_moment_later(cast, visit, sign_in):
    client = sign_in(cast.leena)
    assert "<b>8</b><span>ohjattu henkilökohtaisesti</span>" in page(client)
    make_met(visit, 12)
    make_guided(visit, 2, counts_as_met=False)
    mark_stale(visit.site, visit.day)

    html = page(client)

    assert "424 kertaa" in html
    assert "<b>10</b><span>ohjattu henkilökohtaisesti</span>" in html


def test_topics_wait_until_the_month_has_closed(cast, visit, sign_in):
    client = sign_in(cast.leena)
    assert "5.4.2026" in page(client)
    assert "Etuudet" not in page(client)

    with time_machine.travel("2026-04-05 12:00"):
        actions.publish_closed()
        html = page(sign_in(cast.leena))

    assert "Yleisin aihe oli etuudet, 8 kertaa." in html


def test_what_came_after_publishing_is_said(cast, visit, sign_in):
    with time_machine.travel("2026-04-05 12:00"):
        actions.publish_closed()
        page(sign_in(cast.leena))
        make_guided(visit, 1, topics=["legal"])
        mark_stale(visit.site, visit.day)
        html = page(sign_in(cast.leena))

    assert "1 ohjaus on kirjattu tämän julkaisemisen jälkeen." in html
    assert "Ohjauksia oli 8." in html and "Oikeudellinen asia</th>" not in html


def test_small_numbers_are_not_in_the_page_nor_in_its_files(cast, visit, sign_in):
    make_guided(visit, 9, topics=["housing"])
    make_guided(visit, 12, topics=["debt"])
    make_guided(visit, 3, topics=["legal"])
    actions.recount(visit.site_id, visit.day.replace(day=1))
    with time_machine.travel("2026-04-05 12:00"):
        actions.publish_closed()
        client = sign_in(cast.leena)
        html = page(client)
        csv = client.get("/figures/month/2026-03/?file=csv").content.decode()

    assert "[c]" in html and "[c]" in csv
    assert "Näytetyistä aiheista yleisin oli velka, 12 kertaa." in html
    legal = [line for line in csv.splitlines() if "Oikeudellinen" in line]
    assert legal and "[c]" in legal[0] and ";3;" not in legal[0]


def test_the_chart_is_drawn_by_the_worker_and_then_shown(cast, visit, sign_in):
    client = sign_in(cast.leena)
    assert "<svg" not in figure_of(page(client))
    assert Drawing.objects.waiting().count() == 2

    actions.draw_waiting()

    html = page(client)
    assert "<svg" in figure_of(html)
    assert 'role="img"' in figure_of(html)


def figure_of(html):
    return html.split('<figure class="rn-chart', 1)[1].split("</figure>", 1)[0]


def test_what_is_missing_is_named(cast, visit, sign_in):
    make_visit(cast, visit.site, day=date(2026, 3, 17))
    mark_stale(visit.site, visit.day)

    html = page(sign_in(cast.leena))

    assert "1 käynti on kirjaamatta" in html
    assert "Leipätupa 17.3." in html


def test_a_late_record_of_a_sealed_month_is_marked(cast, visit, sign_in):
    actions.seal_before(date(2026, 3, 1), lambda before: None)
    late = make_visit(cast, visit.site, day=date(2026, 2, 20), status="done")
    make_met(late, 8)
    mark_stale(late.site, late.day)

    html = page(sign_in(cast.leena), "/figures/month/2026-02/")

    assert "360" in html
    assert 'title="tarkistettu"' in html


def test_links_narrow_to_a_team_and_a_municipality(cast, visit, sign_in):
    other = make_site(cast, name="Tori", team=cast.other_team, municipality_id="749")
    there = make_visit(cast, other, status="done")
    make_met(there, 5)
    actions.recount(other.pk, date(2026, 3, 1))
    client = sign_in(cast.leena)

    assert "417 kertaa" in page(client)
    url = f"/figures/month/2026-03/?team={cast.other_team.pk}"
    assert "5 kertaa" in page(client, url)
    assert "412 kertaa" in page(client, "/figures/month/2026-03/?municipality=297")


def test_a_teams_page_says_that_topics_are_of_the_whole_area(cast, visit, sign_in):
    with time_machine.travel("2026-04-05 12:00"):
        actions.publish_closed()
        html = page(sign_in(cast.leena), f"/figures/month/2026-03/?team={cast.team.pk}")

    assert "Koko alue, maaliskuu 2026. Ohjauksia oli 8." in html
    assert "Luvut koskevat koko aluetta, eivät vain tätä tiimiä." in html


def test_the_total_and_the_base_of_per_cents_are_explained(cast, visit, sign_in):
    make_guided(visit, 9, topics=["housing", "debt"])
    make_guided(visit, 12, topics=["work"])
    actions.recount(visit.site_id, visit.day.replace(day=1))
    with time_machine.travel("2026-04-05 12:00"):
        actions.publish_closed()
        html = page(sign_in(cast.leena))

    assert "<strong>Kohdattu</strong> = Kohtaamiset, kaikki käynnit yhteensä" in html
    assert "% maininnoista" in html
    assert "Prosentti on osuus 38 maininnasta, ei 29 ohjatusta: [z] = " in html
    assert "[z] = lukua ei ole" in html, "no visit was cancelled among so few"


def test_an_empty_month_says_so(cast, sign_in):
    html = page(sign_in(cast.leena), "/figures/month/2025-03/")

    assert "Ajalta maaliskuu 2025 ei ole kirjauksia." in html
    assert "[x] = ei kerätty" in html
    assert "Tältä ajalta ei ole kirjattu ohjauksia." in html
    assert "Kuvio tulee tähän, kun ensimmäinen kohtaaminen on kirjattu." in html
    assert "rn-chart" not in html, "a chart of nothing tells nothing"


def test_a_worker_of_another_team_sees_only_their_own(cast, visit, sign_in):
    html = page(sign_in(cast.outi))

    assert "412" not in html
    assert "0 kertaa" in html


def test_a_worker_cannot_ask_for_another_team(cast, visit, sign_in):
    html = page(sign_in(cast.outi), f"/figures/month/2026-03/?team={cast.team.pk}")

    assert "412" not in html


def test_a_partner_sees_only_its_own_visits_and_no_topics(cast, visit, sign_in):
    theirs = make_visit(cast, visit.site, status="done", organisation=cast.parish)
    make_met(theirs, 7)
    make_guided(theirs, 6, topics=["benefits"])
    actions.recount(visit.site_id, date(2026, 3, 1))
    with time_machine.travel("2026-04-20 12:00"):
        actions.publish_closed()
        html = page(sign_in(cast.reijo))

    assert "13 kertaa" in html
    assert "Etuudet" not in html and "Aihe" not in html


def test_a_partners_first_tap_is_seen_at_once(cast, visit, sign_in):
    theirs = make_visit(cast, visit.site, status="done", organisation=cast.parish)
    make_met(theirs, 7)
    mark_stale(theirs.site, theirs.day)

    assert "7 kertaa" in page(sign_in(cast.reijo))


def test_a_partner_without_an_agreement_sees_only_counts(cast, visit, sign_in):
    theirs = make_visit(cast, visit.site, status="done", organisation=cast.ngo)
    make_met(theirs, 9)
    actions.recount(visit.site_id, date(2026, 3, 1))
    client = sign_in(cast.paula)

    html = page(client)

    assert "9 kertaa" in html
    assert "Lyhyesti" not in html and "/figures/places/" not in html
    assert "Leipätupa" not in html


def test_an_administrator_sees_no_figures(cast, visit, sign_in):
    assert sign_in(cast.hannu).get("/figures/").status_code == 403


def test_nobody_comes_in_without_signing_in(client, visit):
    assert client.get("/figures/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/figures/month/2026-13/",
        "/figures/month/1026-01/",
        "/figures/month/٢٠٢٦-03/",
        "/figures/month/2026-03%00/",
        "/figures/?team=99999",
        "/figures/?team=-1",
        "/figures/?team=1'--",
        "/figures/?municipality=%00",
        "/figures/?municipality=999",
        "/figures/?municipality=99999999999999999999",
    ],
)
def test_an_odd_address_is_not_found(cast, visit, sign_in, path):
    assert sign_in(cast.leena).get(path).status_code == 404


def test_the_page_asks_the_database_a_fixed_number_of_times(
    cast, visit, sign_in, django_assert_max_num_queries
):
    client = sign_in(cast.leena)
    page(client)
    for at in range(12):
        site = make_site(cast, name=f"Paikka {at}")
        MonthTotal.objects.create(
            site=site, month=date(2026, 3, 1), organisation=cast.county, met=5
        )
    with django_assert_max_num_queries(24):
        page(client)


def test_a_count_without_a_kind_of_its_own_changes_nothing(cast, visit, sign_in):
    Count.objects.create(visit=visit, kind="same_queue", number=1)
    mark_stale(visit.site, visit.day)

    assert "412 kertaa" in page(sign_in(cast.leena))
