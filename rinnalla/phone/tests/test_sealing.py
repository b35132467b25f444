"""Keys: made when asked for, kept to ourselves, changed without losing what is out."""

import json
import shutil
import stat
from io import StringIO

import pytest
from django.core.management import call_command

from rinnalla.encounters.totals import totals_of
from rinnalla.phone import sealing
from rinnalla.phone.tests.doors import fact_of, sealed


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    return settings.KEY_DIR / "phone"


def keys(*arguments):
    out = StringIO()
    call_command("phone_keys", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_it_works(own_folder):
    first = sealing.public_key()
    assert first == sealing.public_key() and len(first["id"]) == 16
    assert len(sealing.urlsafe_b64decode(first["public"] + "=")) == 65
    [path] = own_folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_folder.stat().st_mode) == 0o700


def test_what_was_sealed_to_an_older_key_still_opens(visit, sending):
    fact = sending.numbered(fact_of(visit))
    old = sealed(fact)
    assert keys("rotate")["changed"]
    assert sealing.current_key().id != old["key"]
    assert sending(old) == ["stored"] and totals_of(visit).met == 1
    assert sending.reply["key"] == sealing.current_key().id
    assert sending(sealed(fact)) == ["duplicate"]


def test_a_folder_that_went_away_is_made_anew(own_folder):
    """Asked for with every sealed fact, it is not looked up each time."""
    assert sealing.current_key().id == sealing.current_key().id
    shutil.rmtree(own_folder)
    assert sealing.all_keys() == []
    assert sealing.current_key().id and len(list(own_folder.iterdir())) == 1


def test_a_dry_run_changes_nothing():
    sealing.current_key()
    before = keys("list")
    assert keys("rotate", "--dry-run") == before
    assert [key["is_current"] for key in before["keys"]] == [True]


def test_a_key_of_another_installation_opens_nothing(visit, sending, own_folder):
    told = sealed(sending.numbered(fact_of(visit)))
    for path in own_folder.iterdir():
        path.unlink()
    assert sending(told) == ["quarantined"]


def test_the_list_in_words():
    out = StringIO()
    call_command("phone_keys", "list", stdout=out)
    assert "no key yet" in out.getvalue()
    call_command("phone_keys", "rotate", stdout=out)
    assert "given out now" in out.getvalue()
