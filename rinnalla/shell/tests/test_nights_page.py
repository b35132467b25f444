"""The proof that time deletes, as the administrator reads it."""

from datetime import timedelta

import pytest

from rinnalla.lib import clock
from rinnalla.shell import actions
from rinnalla.shell.models import NightRun
from rinnalla.shell.nightly import PROOF, Step


@pytest.fixture
def read(cast, sign_in):
    client = sign_in(cast.hannu)
    return lambda query="": client.get(f"/nights{query}").content.decode()


def test_it_works(read):
    actions.note_night([Step(PROOF), Step("encounters.texts", rows=37)])
    page = read()
    assert "37 riviä poistettu" in page
    assert "omat sanat" in page.lower()


def test_before_the_first_night(read):
    assert "rn-empty" in read()


def test_alarm_and_fault_are_said(read):
    actions.note_night([Step(PROOF, rows=2), Step("shell.jobs", fault="OSError")])
    page = read()
    assert "OSError" in page
    assert "rn-night" in page
    assert "riviä poistettu" not in page


def test_rule_of_the_past_is_still_shown(read):
    actions.note_night([Step("gone.rule", rows=3)])
    assert "gone.rule" in read()


def test_older_nights_are_on_the_next_page(read):
    now = clock.now()
    for day in range(20):
        NightRun.objects.create(
            at=now - timedelta(days=day), step="shell.jobs", rows=day
        )
    assert read().count("rn-night") == 14
    assert read("?page=2").count("rn-night") == 6
    assert read("?page=\x00").count("rn-night") == 14


@pytest.mark.parametrize("name", ["aino", "kaisa", "leena", "reijo"])
def test_only_the_administrator_reads(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get("/nights").status_code == 403
