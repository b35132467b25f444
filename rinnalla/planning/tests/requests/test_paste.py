"""A pasted e-mail is read for its facts and not kept."""

from datetime import date

import pytest
import time_machine

from rinnalla.planning.models import OutreachRequest
from rinnalla.planning.requests.reading import read
from rinnalla.testing import make_site

LETTER = """\
Lähettäjä: Maija Mäkinen <maija.makinen@rantala.example.fi>
Vastaanottaja: etsiva@example.fi
Aihe: Ruokajako

Hei!

Rantalan seurakunnan ruokajaossa Leipätuvalla käy paljon uusia ihmisiä. Moni ei tiedä,
mistä kysyä asunnosta. Voisitteko tulla Kuopioon 26.11. aamupäivällä paikalle?
Pekka Virtanen tarvitsisi apua heti. Minut tavoittaa numerosta 040 123 4567.

Terveisin
Maija Mäkinen, diakoni
"""


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False):
        yield


def test_it_works(cast):
    make_site(cast)
    found = read(LETTER)
    assert found["asker"] == "Rantalan seurakunta"
    assert found["place"] == "Leipätupa"
    assert found["municipality"] == "297"
    assert found["wished_day"] == date(2026, 11, 26)
    assert found["email"] == "maija.makinen@rantala.example.fi"
    assert "paljon uusia ihmisiä" in found["why"]


def test_no_person_stays_in_the_reason(cast):
    why = read(LETTER)["why"]
    for word in ("Pekka", "Maija", "040", "@", "Aihe"):
        assert word not in why


def test_the_page_fills_in_the_form_and_stores_nothing(cast, sign_in):
    make_site(cast)
    client = sign_in(cast.aino)
    page = client.post("/planning/requests/paste", {"letter": LETTER}).content.decode()
    assert 'value="Rantalan seurakunta"' in page
    assert 'action="/planning/requests/new"' in page
    assert "Pekka" not in page
    assert not OutreachRequest.objects.exists()


@pytest.mark.parametrize("letter", ["", "a", "32.13. 0.0.", "\ud800 x@y", "x" * 20_000])
def test_a_letter_that_says_nothing(cast, letter):
    assert set(read(letter)) <= {"why"}


def test_an_old_day_is_not_wished(cast):
    assert "wished_day" not in read("Kävitte meillä 12.3.2025, kiitos siitä.")
