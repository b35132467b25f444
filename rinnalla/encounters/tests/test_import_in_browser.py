"""An import as a coordinator does it, each of its pages looked at by axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rinnalla.encounters.models import Count

ROWS = """Paikka;Päivä;Kohdatut;Ohjatut
Leipätupa;1.3.2024;77;1
Tori;2.3.2024;3;5
"""


def look(page):
    """Nothing for axe to find, and no sideways scroll."""
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_from_a_file_to_visits(cast, open_page, tmp_path, width):
    path = tmp_path / "luvut.csv"
    path.write_text(ROWS, encoding="utf-8")
    page = open_page("/encounters/imports/", cast.kaisa, width=width)
    look(page)
    page.get_by_label("Tiedosto", exact=True).set_input_files(path)
    page.get_by_label("Lähteen nimi").fill("Tiimin Excel")
    page.get_by_role("button", name="Lue tiedosto").click()
    expect(page.get_by_label("Kohdatut")).to_have_value("met")
    look(page)
    page.get_by_role("button", name="Tarkista rivit").click()
    expect(page.get_by_text("Ohjattu 5 on enemmän kuin kohdattu 3.")).to_be_visible()
    look(page)
    page.get_by_role("button", name=re.compile("^Tuo 2")).click()
    expect(page.get_by_text("Valitse, mikä paikka tämä on.").first).to_be_visible()
    look(page)
    page.get_by_label("Tee uudet paikat").check()
    page.get_by_label("Uusien paikkojen kunta").select_option("Kuopio")
    page.get_by_role("button", name=re.compile("^Tuo 2")).click()
    expect(page.get_by_text("Käynnit ovat tallessa.")).to_be_visible()
    look(page)
    assert Count.objects.total("met") == 80


@pytest.mark.browser
def test_the_page_looks_again_by_itself(cast, open_page, tmp_path, monkeypatch):
    from rinnalla.encounters.importing import tasks
    from rinnalla.encounters.models import ImportBatch

    monkeypatch.setattr(
        "rinnalla.encounters.importing.files.is_small", lambda name: False
    )
    path = tmp_path / "luvut.csv"
    path.write_text(ROWS, encoding="utf-8")
    page = open_page("/encounters/imports/", cast.kaisa)
    page.get_by_label("Tiedosto", exact=True).set_input_files(path)
    page.get_by_label("Lähteen nimi").fill("Tiimin Excel")
    page.get_by_role("button", name="Lue tiedosto").click()
    expect(page.get_by_text("Tiedostoa luetaan")).to_be_visible()
    look(page)
    batch = ImportBatch.objects.get()
    tasks.do_step(batch.pk, batch.state)
    expect(page.get_by_text("Mikä sarake on mikä?")).to_be_visible(timeout=10_000)
