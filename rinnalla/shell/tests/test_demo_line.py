"""In the demo every page says that its figures are invented; elsewhere none does."""

import pytest

from rinnalla.phone import shell_page

LINE = "luvut ovat keksittyjä"
PAGES = {
    "aino": ["/planning/visits/", "/planning/places/"],
    "kaisa": ["/planning/visits/", "/encounters/texts", "/nope"],
    "leena": ["/figures/", "/figures/definitions/"],
    "hannu": ["/access/", "/nights"],
}
CASES = [(name, path) for name, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize(("name", "path"), CASES)
def test_it_works(cast, sign_in, settings, name, path):
    client = sign_in(getattr(cast, name))
    assert LINE not in client.get(path).content.decode()
    settings.DEMO = True
    assert LINE in client.get(path).content.decode()


def test_it_stands_in_the_field_app(db):
    told = {"version": "", "is_offline": True, "county_name": ""}
    assert LINE in shell_page.html("fi", is_demo=True, **told)
    assert LINE not in shell_page.html("fi", is_demo=False, **told)


def test_stranger_reads_it_first(db, client, settings):
    settings.DEMO = True
    assert LINE in client.get("/account/login/").content.decode()
