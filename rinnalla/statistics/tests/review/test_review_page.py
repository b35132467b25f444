"""One place's last twelve closed months, what others say, and the four answers."""

from datetime import date, time

import pytest

from rinnalla.encounters.models import Observation
from rinnalla.lib import clock
from rinnalla.lib.charts import render_svg
from rinnalla.planning.models import BookableSlot, OutreachRequest
from rinnalla.statistics import actions
from rinnalla.statistics.permissions import REVIEW_NEED
from rinnalla.statistics.review.heard import heard_of
from rinnalla.statistics.review.year import year_of
from rinnalla.statistics.scope import scope_of
from rinnalla.testing import make_met, make_site, make_visit


def url(site, end=""):
    return f"/figures/review/{site.pk}/{end}"


def page(client, site):
    answer = client.get(url(site))
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_it_works(cast, site, sign_in):
    html = page(sign_in(cast.aino), site)
    assert "1,3 ohjattua kenttätunnissa; tieto riittää sanomaan 1,0–1,6." in html
    assert "marraskuu 2025 – lokakuu 2026" in html
    for number in ("<dd>12</dd>", "<dd>48,0</dd>", "<dd>540</dd>", "<dd>60</dd>"):
        assert number in html
    assert "Tarve piti arvioida 1.11.2026 mennessä" in html


def test_the_year_is_in_four_parts(cast, site):
    scope = scope_of(cast.aino, site=site.pk, permission=REVIEW_NEED)
    grid = year_of(scope).unit.grid
    labels = [label for label, _cells in grid.rows]
    assert labels == ["marras–tammi", "helmi–huhti", "touko–heinä", "elo–loka"]
    assert [cells[0].value for _label, cells in grid.rows] == [3, 3, 3, 3]
    assert grid.foot[1][0].value == 12


def test_the_running_month_waits(cast, site, sign_in):
    late = make_visit(cast, site, day=date(2026, 11, 12), status="done")
    make_met(late, 1000)
    assert "1 540" not in page(sign_in(cast.aino), site)


def test_what_was_tapped_a_moment_ago_is_in(cast, site, sign_in):
    late = make_visit(cast, site, day=date(2026, 10, 30), status="done")
    make_met(late, 1000)
    actions.mark_all()
    assert "<dd>1 540</dd>" in page(sign_in(cast.aino), site)


def test_the_picture_says_what_the_table_says(cast, site):
    scope = scope_of(cast.aino, site=site.pk, permission=REVIEW_NEED)
    unit = year_of(scope).unit
    for drawing in (unit.chart.wide, unit.chart.narrow):
        values = drawing["data"]["values"]
        assert [value["label"] for value in values[:4]] == [
            label for label, _cells in unit.grid.rows
        ]
        assert values[-1]["text"] == "1,3 (1,0–1,6)"
        svg = render_svg(drawing)
        assert "1,3 (1,0–1,6)" in svg and "marras–tammi" in svg


def test_a_place_without_time_says_no_rate(cast, sign_in):
    html = page(sign_in(cast.aino), make_site(cast))
    assert "Tunnissa ohjatuista ei voi sanoa mitään" in html
    assert "[z]" in html


def test_a_part_without_visits_has_no_rate(cast, site):
    site.visits.filter(day__gte=date(2026, 8, 1)).update(minutes=None)
    actions.mark_all()
    actions.recount_stale()
    scope = scope_of(cast.aino, site=site.pk, permission=REVIEW_NEED)
    unit = year_of(scope).unit
    assert unit.grid.rows[3][1][4].text == "[z]"
    assert "[z]" in render_svg(unit.chart.wide)
    assert any("ei tiedetä" in note for note in unit.notes)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_table_is_given_as_a_file(cast, site, sign_in, kind):
    answer = sign_in(cast.aino).get(url(site), {"file": kind})
    assert answer["Content-Disposition"].endswith(f'-2026-10.{kind}"')
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
        assert "12 kuukautta;Kenttätuntia;48" in text
        assert "elo–loka;Käynnit;3" in text


def say(site, text, **over):
    return Observation.objects.create(
        site=site, day=date(2026, 10, 1), text=text, **over
    )


def test_what_others_say(cast, site, sign_in):
    theirs = {"organisation": cast.parish, "status": "done", "day": date(2026, 9, 9)}
    visit = make_visit(cast, site, **theirs)
    say(site, "Jono on lyhentynyt.", visit=visit, phenomena=["long_queue"])
    make_visit(cast, site, partner=cast.ngo, day=date(2026, 9, 2), status="done")
    OutreachRequest.objects.create(
        received_at=clock.now(),
        answer_due_at=clock.now(),
        channel="phone",
        asker="Rantalan kirjasto",
        place="Leipätuvan piha",
        digest="x",
    )
    OutreachRequest.objects.create(
        received_at=clock.now(),
        answer_due_at=clock.now(),
        channel="phone",
        asker="Leipätupa ry",
        place="leipätupa",
        digest="y",
    )
    for day in (date(2026, 11, 3), date(2026, 9, 3)):  # the latter waits for the night
        booked = {"day": day, "starts": time(9), "ends": time(10)}
        BookableSlot.objects.create(site=site, booked_at=clock.now(), **booked)
    html = page(sign_in(cast.aino), site)
    assert "Jono on lyhentynyt." in html
    assert "Rantalan seurakunta" in html and "Kulkijat ry" in html
    assert "Leipätupa ry" in html
    assert "Rantalan kirjasto" not in html, "another word, perhaps another place"
    assert "paikan väki varasi itse 1 ajan" in html


def test_a_partner_that_took_us_along_was_there(cast, site):
    done = {"status": "done", "day": date(2026, 9, 9)}
    make_visit(cast, site, organisation=cast.parish, partner=cast.county, **done)
    make_visit(cast, site, organisation=cast.parish, partner=cast.ngo, **done)
    make_visit(cast, site, partner=cast.county, **done)
    heard = heard_of(cast.aino, site, date(2025, 11, 1))
    assert heard.partners == [("Kulkijat ry", 1), ("Rantalan seurakunta", 2)]


def test_what_was_said_elsewhere_or_long_ago_is_not_heard(cast, site, sign_in):
    say(make_site(cast, name="Muualla"), "Toisessa paikassa.")
    Observation.objects.create(site=site, day=date(2025, 10, 31), text="Kauan sitten.")
    html = page(sign_in(cast.aino), site)
    assert "Toisessa" not in html and "Kauan" not in html
    assert "Kukaan ei ole kirjannut eikä pyytänyt mitään" in html


@pytest.mark.parametrize("who", ["aino", "kaisa"])
def test_one_chooses_first(cast, site, sign_in, who):
    client = sign_in(getattr(cast, who))
    answer = client.get(url(site), {"choose": "1", "answer": "continue"})
    assert answer.url == url(site, "continue")


@pytest.mark.parametrize("chosen", ["", "perhaps", "\x00", "x" * 400])
def test_nothing_chosen_asks_again(cast, site, sign_in, chosen):
    answer = sign_in(cast.aino).get(url(site), {"choose": "1", "answer": chosen})
    assert "Valitse yksi neljästä." in answer.content.decode()


def test_ending_a_place_is_the_coordinators(cast, site, sign_in):
    html = page(sign_in(cast.aino), site)
    assert html.count("disabled") == 2
    assert "Tästä päättää koordinaattori" in html
    assert "disabled" not in page(sign_in(cast.kaisa), site)


@pytest.mark.parametrize(
    ("who", "status"),
    [("outi", 404), ("leena", 403), ("reijo", 403), ("paula", 403), ("hannu", 403)],
)
def test_it_is_the_teams_alone(cast, site, sign_in, who, status):
    client = sign_in(getattr(cast, who))
    for end in ("", "continue", "change", "move", "stop", "?file=csv"):
        assert client.get(url(site, end)).status_code == status


def test_a_place_of_one_visit_is_not_reviewed(cast, sign_in):
    once = make_site(cast, is_ad_hoc=True)
    assert sign_in(cast.aino).get(url(once)).status_code == 404


def test_a_retired_place_is_read_only(cast, site, sign_in):
    type(site).objects.update(retired_on=date(2026, 11, 1))
    client = sign_in(cast.kaisa)
    assert "Miten jatketaan" not in page(client, site)
    assert client.get(url(site, "stop")).url == f"/planning/places/{site.pk}/"


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_odd_addresses(cast, site, sign_in, number):
    client = sign_in(cast.aino)
    for end in ("", "continue"):
        assert client.get(f"/figures/review/{number}/{end}").status_code == 404
    assert client.get(url(site, "perhaps")).status_code == 404


def test_the_page_asks_a_settled_number_of_times(
    cast, site, sign_in, django_assert_max_num_queries
):
    client = sign_in(cast.aino)
    for number in range(20):
        say(site, f"Havainto {number}.")
        make_visit(cast, site, day=date(2026, 9, 9), partner=cast.ngo, status="done")
    client.get(url(site))
    with django_assert_max_num_queries(32):
        page(client, site)
