"""The demo's events: a watch list ahead, and the night where people wrote."""

from datetime import UTC, datetime

import pytest
import time_machine

from rinnalla.encounters.models import Count, Voice, VoiceBoard
from rinnalla.lib import text_guard
from rinnalla.planning.models import Event
from rinnalla.shell.actions import load_demo
from rinnalla.shell.demo.events import NIGHT, THOUGHTS
from rinnalla.statistics.actions import refresh

NOVEMBER = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture
def november(db, settings):
    settings.DEMO = True
    with time_machine.travel(NOVEMBER, tick=False):
        load_demo(months=2)
        yield


def test_it_works(november):
    night = Event.objects.get(name=NIGHT)
    assert (night.state, night.visit.status) == ("going", "done")
    assert night.visit.counts.total(Count.Kind.TALK) == 50
    board = VoiceBoard.objects.get(event=night)
    assert board.voices.count() == 31
    assert board.themes.count() == 5
    assert Event.objects.ahead().count() == 4


def test_again_it_is_the_same(november):
    load_demo(months=2)
    assert Event.objects.count() == 5
    assert Voice.objects.count() == 31


def test_talks_change_no_figure(november):
    met = Event.objects.get(name=NIGHT).visit.counts.total(Count.Kind.MET)
    refresh()
    assert Event.objects.get(name=NIGHT).visit.counts.total(Count.Kind.MET) == met


@pytest.mark.parametrize("thought", [t for ts in THOUGHTS.values() for t in ts])
def test_no_thought_names_anybody(thought):
    assert not text_guard.refusals(thought) + text_guard.warnings(thought)
