"""Sealing, late facts and the nightly proof."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rinnalla.encounters.models import Count, Encounter
from rinnalla.planning.actions import mark_stale
from rinnalla.statistics import actions
from rinnalla.statistics.models import (
    Correction,
    DayCount,
    MonthTotal,
    SealedMonth,
)
from rinnalla.testing import make_guided, make_met, make_visit

MARCH = date(2026, 3, 1)


def purge(before):
    """Delete the raw facts as retention does; visits stay."""
    Count.objects.filter(visit__day__lt=before).delete()
    Encounter.objects.filter(visit__day__lt=before).delete()


def seal():
    return actions.seal_before(date(2026, 4, 1), purge)


@pytest.fixture
def visit(cast):
    visit = make_visit(cast, status="done")
    make_met(visit, 12)
    make_guided(visit, 2, topics=["benefits"])
    actions.recount(visit.site_id, MARCH)
    return visit


def read(site):
    counts = MonthTotal.objects.filter(site=site).summed("month")
    late = Correction.objects.filter(site=site).summed("month")
    return [sum(row[name] for row in (*counts, *late)) for name in ("met", "guided")]


def test_purge_then_a_late_fact_gives_the_old_figures_and_one_and_no_alarm(visit):
    seal()
    assert not Encounter.objects.exists()
    assert read(visit.site) == [14, 2]

    make_guided(visit, 1)
    mark_stale(visit.site, visit.day)
    alarms = actions.prove_counts()

    assert alarms == []
    assert read(visit.site) == [15, 3]
    assert MonthTotal.objects.get().met == 14, "the sealed counts stand as they were"


def test_a_late_fact_is_noted_once_however_often_it_is_counted(visit):
    seal()
    make_met(visit, 4)
    for _ in range(3):
        mark_stale(visit.site, visit.day)
        actions.recount_stale()

    assert Correction.objects.count() == 1
    assert read(visit.site) == [18, 2]


def test_a_late_visit_on_another_day_is_noted_too(cast, visit):
    seal()
    late = make_visit(cast, visit.site, day=date(2026, 3, 20), status="done")
    make_met(late, 6)
    mark_stale(visit.site, late.day)

    assert actions.prove_counts() == []
    note = Correction.objects.get()
    assert (note.day, note.visits, note.met) == (late.day, 1, 6)


def test_a_late_fact_taken_back_is_noted_as_taken_away(visit):
    seal()
    meeting = make_guided(visit, 1)[0]
    mark_stale(visit.site, visit.day)
    actions.recount_stale()
    meeting.is_undone = True
    meeting.save()
    mark_stale(visit.site, visit.day)

    assert actions.prove_counts() == []
    assert read(visit.site) == [14, 2]


def test_sealing_twice_changes_nothing(visit):
    assert seal() == 1
    assert seal() == 0
    assert actions.prove_counts() == []
    assert read(visit.site) == [14, 2]


def test_a_late_fact_outlives_the_next_purge(visit):
    seal()
    make_guided(visit, 1)
    mark_stale(visit.site, visit.day)
    seal()

    assert not Encounter.objects.exists()
    assert actions.prove_counts() == []
    assert read(visit.site) == [15, 3]


def test_newer_months_stay_open(cast, visit):
    make_met(make_visit(cast, visit.site, day=date(2026, 4, 2)), 1)
    actions.recount(visit.site_id, date(2026, 4, 1))

    seal()

    assert SealedMonth.objects.get().month == MARCH
    assert Count.objects.get().number == 1


def test_a_changed_sealed_figure_is_an_alarm(visit):
    seal()
    MonthTotal.objects.update(met=15)

    assert [alarm["what"] for alarm in actions.prove_counts()] == ["broken"]


def test_a_changed_open_figure_is_an_alarm(visit):
    DayCount.objects.update(met=13)

    alarms = actions.prove_counts()

    assert alarms == [{"site": visit.site_id, "month": "2026-03-01", "what": "differs"}]


def test_a_fact_nobody_marked_is_an_alarm(visit):
    make_met(visit, 1)

    assert [alarm["what"] for alarm in actions.prove_counts()] == ["differs"]


def test_a_month_that_was_never_counted_is_an_alarm(cast, visit):
    make_met(make_visit(cast, visit.site, day=date(2026, 5, 1)), 1)

    assert [alarm["month"] for alarm in actions.prove_counts()] == ["2026-05-01"]


def test_the_command_says_it_and_stops_on_an_alarm(visit):
    out = StringIO()
    call_command("prove_counts", stdout=out)
    assert "1" in out.getvalue()

    DayCount.objects.update(met=13)
    with pytest.raises(CommandError):
        call_command("prove_counts", "--json", stdout=StringIO())


def test_months_are_sealed_one_at_a_time(cast, visit):
    """The phones get their turn between two months; a purge reaches no open month."""
    old = make_visit(cast, visit.site, day=date(2026, 1, 8), status="done")
    make_met(old, 7)
    actions.recount(old.site_id, date(2026, 1, 1))
    asked = []

    def purge_noted(before):
        asked.append(before)
        purge(before)

    assert actions.seal_before(date(2026, 4, 1), purge_noted) == 2
    assert asked == [date(2026, 2, 1), date(2026, 4, 1)]
    assert actions.seal_before(date(2026, 4, 1), purge_noted) == 0
    assert len(asked) == 2, "nothing is left to purge"
    assert actions.prove_counts() == []
