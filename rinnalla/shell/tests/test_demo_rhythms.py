"""The demo's places have the rhythms their visits follow."""

from datetime import date

import pytest

from rinnalla import testing
from rinnalla.planning.models import Rhythm
from rinnalla.planning.rhythm import rules, words
from rinnalla.shell.demo import county
from rinnalla.shell.demo.actions import give_rhythm
from rinnalla.shell.demo.rhythm import days
from rinnalla.shell.demo.rhythms import fields_of, follows_rule, shape_of

FIRST, LAST = date(2026, 3, 1), date(2027, 2, 28)
RULED = [place for place in county.PLACES if follows_rule(place.rhythm)]


@pytest.mark.parametrize("place", RULED, ids=lambda place: place.name)
def test_the_rule_gives_the_days_of_the_demo(place):
    told = days(place.rhythm, (), FIRST, LAST)
    ruled = rules.days_of(shape_of(place.rhythm).rule, told[0], FIRST, LAST)
    assert set(told) <= set(ruled)
    # What is over falls on public holidays only.
    assert len(ruled) - len(told) <= 5


def test_the_same_rhythm_when_loaded_again(cast):
    site = testing.make_site(cast)
    for _ in range(2):
        give_rhythm(site, **fields_of(county.FOOD_QUEUE, FIRST))
    rhythm = Rhythm.objects.get()
    said = "Kuukauden toinen ja viimeinen torstai klo 10–12"
    assert words.say(rhythm) == said
