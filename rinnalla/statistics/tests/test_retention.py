"""The rule that seals old months and lets their single records go."""

from datetime import date

import pytest
import time_machine

from rinnalla.encounters.models import Encounter
from rinnalla.planning.actions import mark_stale
from rinnalla.statistics import actions
from rinnalla.statistics.models import Correction, MonthTotal, SealedMonth
from rinnalla.statistics.retention import RULES
from rinnalla.testing import make_guided, make_met, make_visit

TODAY = date(2027, 6, 15)


@pytest.fixture
def visits(cast):
    """One visit long ago, one lately."""
    old = make_visit(cast, day=date(2026, 3, 12), status="done")
    new = make_visit(cast, old.site, day=date(2027, 5, 12), status="done")
    for visit in (old, new):
        make_met(visit, 10)
        make_guided(visit, 2)
    actions.mark_all()
    actions.recount_stale()
    return old, new


def test_it_works_old_records_go_and_their_figures_stay(visits):
    (rule,) = RULES

    assert rule.run(TODAY) > 0

    assert Encounter.objects.count() == 2
    assert sum(MonthTotal.objects.values_list("met", flat=True)) == 24
    assert SealedMonth.objects.get().month == date(2026, 3, 1)
    assert rule.run(TODAY) == 0


def test_a_dry_run_changes_nothing(visits):
    (rule,) = RULES

    assert rule.run(TODAY, dry_run=True) > 0
    assert Encounter.objects.count() == 4 and not SealedMonth.objects.exists()


def test_a_late_fact_after_the_real_purge_adds_one_and_is_no_alarm(visits):
    old, _new = visits
    RULES[0].run(TODAY)
    with time_machine.travel("2027-06-16 12:00"):
        make_guided(old, 1)
        mark_stale(old.site, old.day)
        assert actions.prove_counts() == []

    assert Correction.objects.get().met == 1
    assert MonthTotal.objects.get(month=date(2026, 3, 1)).met == 12
