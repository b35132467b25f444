"""The demo's team has notes at its places and for today's shift."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from rinnalla.lib import clock, text_guard
from rinnalla.planning.models import TeamNote
from rinnalla.shell.actions import load_demo
from rinnalla.shell.demo.notes import ON_PLACES, ON_SHIFT

NOVEMBER = datetime(2026, 11, 10, 9, tzinfo=UTC)
TEXTS = [text for notes in (*ON_PLACES.values(), ON_SHIFT) for text, _ in notes]


@pytest.fixture
def november(db, settings):
    settings.DEMO = True
    with time_machine.travel(NOVEMBER, tick=False) as moved:
        load_demo(months=1)
        yield moved


def test_it_works(november):
    assert TeamNote.objects.open_promises().count() == 3
    assert TeamNote.objects.filter(day=clock.today()).count() == len(ON_SHIFT)
    november.shift(timedelta(days=1))
    load_demo(months=1)
    assert TeamNote.objects.exclude(site=None).count() == len(TEXTS) - len(ON_SHIFT)
    assert TeamNote.objects.filter(day=clock.today()).count() == len(ON_SHIFT)


@pytest.mark.parametrize("text", TEXTS)
def test_no_note_names_anybody(text):
    assert not text_guard.refusals(text) + text_guard.warnings(text)
