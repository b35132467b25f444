"""The desk's page of a place's public line, and the poster."""

import pytest

from rinnalla.planning.models import MadeFile, PublicLine
from rinnalla.planning.tests.working import run_jobs
from rinnalla.testing import make_site


def path(site, name="public"):
    return f"/planning/places/{site.pk}/{name}"


def test_it_works(cast, sign_in):
    site = make_site(cast)
    client = sign_in(cast.aino)
    client.post(path(site), {"is_shown": "on", "sign": "blue_vest"})
    row = PublicLine.objects.get()
    assert row.is_shown and row.sign == "blue_vest"
    assert f"/open/fi/places/{row.code}" in client.get(path(site)).content.decode()


def test_where_exactly_is_said_to_anybody(cast, sign_in, client):
    site = make_site(cast)
    told = {"is_shown": "on", "sign": "", "where": "Kirkkokatu 3, ovi pihan puolella"}
    sign_in(cast.aino).post(path(site), told)
    code = PublicLine.objects.get().code
    page = client.get(f"/open/fi/places/{code}").content.decode()
    assert "Kirkkokatu 3, ovi pihan puolella" in page


def test_no_number_of_a_person_is_taken(cast, sign_in):
    told = {"is_shown": "on", "where": "Soita 040 123 4567"}
    page = sign_in(cast.aino).post(path(make_site(cast)), told).content.decode()
    assert "Soita 040 123 4567" in page
    assert not PublicLine.objects.exists()


def test_taken_off_the_address_stays(cast, sign_in):
    site = make_site(cast)
    client = sign_in(cast.kaisa)
    client.post(path(site), {"is_shown": "on", "sign": ""})
    code = PublicLine.objects.get().code
    client.post(path(site), {"sign": ""})
    row = PublicLine.objects.get()
    assert (row.code, row.is_shown) == (code, False)


def test_the_poster_is_an_accessible_print(cast, sign_in):
    site = make_site(cast)
    client = sign_in(cast.aino)
    client.post(path(site), {"is_shown": "on", "sign": "blue_vest"})
    client.get(path(site, "poster"))
    run_jobs()
    answer = client.get(path(site, "poster"))
    assert answer.content.startswith(b"%PDF")
    assert MadeFile.objects.count() == 1


@pytest.mark.parametrize("over", [{"kind": "home"}, {"is_ad_hoc": True}])
def test_a_home_cannot_be_opened(cast, sign_in, over):
    site = make_site(cast, **over)
    assert sign_in(cast.kaisa).get(path(site)).status_code == 404


def test_another_teams_worker_does_not_find_it(cast, sign_in):
    assert sign_in(cast.outi).get(path(make_site(cast))).status_code == 404


@pytest.mark.parametrize("who", ["leena", "reijo", "hannu"])
def test_who_may_not(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(path(make_site(cast))).status_code == 403


def test_no_poster_of_what_is_not_shown(cast, sign_in):
    assert sign_in(cast.aino).get(path(make_site(cast), "poster")).status_code == 404
