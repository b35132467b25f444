"""I19: prisons' requests answered in 48 hours; few are protected, and for good."""

from datetime import date

import pytest
import time_machine

from rinnalla.lib import clock
from rinnalla.planning.retention import RULES
from rinnalla.statistics.indicators import INDICATORS
from rinnalla.statistics.rhythm.figures import from_prisons, prison_closes_on
from rinnalla.statistics.tests.rhythm.asked import make_asked
from rinnalla.statistics.tests.rhythm.kept import page

FRIDAY = clock.at(date(2025, 5, 2), 12)


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel("2026-03-20 12:00", tick=False) as moment:
        yield moment


def ask(number, *, hours=1, **over):
    for _one in range(number):
        make_asked(FRIDAY, answered=hours, **{"sector": "prison"} | over)


def test_it_works(db):
    ask(4, hours=48)
    ask(1, hours=48.1)
    ask(1, hours=None)
    ask(3, sector="parish")
    ask(1, is_held=True)
    assert from_prisons([2025])[2025] == {"prison": 6, "prison_in_time": 4}


def test_few_are_protected_and_none_is_none(db):
    assert from_prisons([2025])[2025] == {"prison": 0, "prison_in_time": 0}
    ask(4)
    assert from_prisons([2025])[2025] == {"prison": "c", "prison_in_time": "c"}
    assert INDICATORS["I19"].figure(from_prisons([2025])[2025]) is None
    ask(16)
    assert INDICATORS["I19"].figure(from_prisons([2025])[2025]) == 100


def test_an_open_year_says_nothing(db, march):
    march.move_to("2026-02-04 12:00")
    assert from_prisons([2025]) == {}
    assert prison_closes_on(2025) == date(2026, 2, 5)


def test_nothing_joins_a_year_that_has_been_given(db, march):
    """Held requests of a year are decided on before it is given."""
    march.move_to("2025-12-31 12:00")
    rule = {rule.name: rule for rule in RULES}["planning.held_requests"]
    held = make_asked(clock.now(), sector="prison", is_held=True)
    march.move_to(clock.at(prison_closes_on(2025), 3))
    rule.run(clock.today())
    assert not type(held).objects.filter(pk=held.pk).exists()


def test_the_page_shows_the_mark_and_never_the_number(cast, sign_in):
    ask(3)
    html = page(sign_in(cast.leena), "/figures/rhythm/2025/")
    fold = html[html.index("48 tunnissa") :]
    assert "[c]" in fold
    row = fold[fold.index("<tbody>") : fold.index("</tbody>")]
    assert "3</td>" not in row


def test_it_is_given_for_the_whole_area_only(cast, sign_in):
    ask(9, team=cast.team)
    path = "/figures/rhythm/2025/"
    for narrower in (f"{path}?team={cast.team.pk}", f"{path}?municipality=297"):
        assert "48 tunnissa" not in page(sign_in(cast.leena), narrower)
    assert "48 tunnissa" not in page(sign_in(cast.aino), path)
