"""What the street showed: phenomena and thresholds by quarter."""

from datetime import date

import pytest
import time_machine

from rinnalla.encounters.models import Observation
from rinnalla.statistics import actions
from rinnalla.testing import make_site


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel("2026-03-20 12:00", tick=False):
        yield


@pytest.fixture
def site(cast):
    site = make_site(cast)
    for day in (3, 10, 17):
        Observation.objects.create(
            site=site,
            day=date(2026, 2, day),
            phenomena=["price_rise", "new_faces"] if day == 3 else ["price_rise"],
            thresholds=["shame"],
            text="Leipä loppui kesken.",
        )
    actions.recount(site.pk, date(2026, 2, 1))
    return site


def page(client, path="/figures/phenomena/"):
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_it_works_the_quarters_phenomena_most_often_first(cast, site, sign_in):
    html = page(sign_in(cast.leena))

    assert "Havaitut ilmiöt: useimmin hintojen nousu, 3 kertaa." in html
    assert "Häpeä tai leima" in html


def test_what_was_written_is_not_shown(cast, site, sign_in):
    assert "Leipä loppui" not in page(sign_in(cast.leena))


def test_an_empty_quarter_says_so(cast, site, sign_in):
    html = page(sign_in(cast.leena), "/figures/phenomena/2025-05/")

    assert "Tältä ajalta ei ole havaintoja." in html


def test_another_team_does_not_see_it(cast, site, sign_in):
    assert "Hintojen nousu" not in page(sign_in(cast.outi))


def test_partners_and_administrators_have_none(cast, site, sign_in):
    assert sign_in(cast.reijo).get("/figures/phenomena/").status_code == 404
    assert sign_in(cast.hannu).get("/figures/phenomena/").status_code == 403


def test_an_odd_month_is_not_found(cast, sign_in):
    assert sign_in(cast.leena).get("/figures/phenomena/x/").status_code == 404
