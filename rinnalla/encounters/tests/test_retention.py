"""What time deletes: texts to the day, phones after 90 days, records when sealed."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine

from rinnalla.encounters import retention
from rinnalla.encounters.models import Count, Encounter, Mark, Observation
from rinnalla.lib import clock
from rinnalla.testing import make_guided, make_met, make_visit

RULES = {rule.name: rule for rule in retention.RULES}


@pytest.fixture
def visit(cast):
    """A visit on 12 March 2026 with one row of everything."""
    visit = make_visit(cast, status="done")
    device = uuid4()
    make_met(visit, 3, device=device)
    tap = make_met(visit, 1, device=device)
    Count.objects.create(visit=visit, kind="met", number=-1, undoes=tap)
    make_guided(visit, device=device)
    Mark.objects.create(visit=visit, at=clock.at(visit.day, 11), device=device)
    Observation.objects.create(
        visit=visit, site=visit.site, day=visit.day, text="jono", phenomena=["other"]
    )
    return visit


def run(name, moment, **how):
    with time_machine.travel(f"{moment} 03:00+02:00", tick=False):
        return RULES[name].run(clock.today(), **how)


def test_texts_go_after_thirteen_months_to_the_day(visit):
    assert run("encounters.texts", "2027-04-12") == 0
    assert run("encounters.texts", "2027-04-13", dry_run=True) == 1
    assert Observation.objects.get().text == "jono"
    assert run("encounters.texts", "2027-04-13") == 1
    row = Observation.objects.get()
    assert (row.text, row.phenomena) == ("", ["other"])
    assert run("encounters.texts", "2027-04-13") == 0


def test_phones_are_forgotten_after_ninety_days(visit):
    assert run("encounters.devices", "2026-06-10") == 0
    assert run("encounters.devices", "2026-06-11", dry_run=True) == 4
    assert Mark.objects.get().device
    assert run("encounters.devices", "2026-06-11") == 4
    for model in (Count, Encounter, Mark):
        assert not model.objects.exclude(device=None).exists()
    assert Count.objects.total("met") == 3


@pytest.mark.parametrize(
    ("today", "first_kept"),
    [
        (date(2027, 4, 30), date(2026, 3, 1)),
        (date(2027, 5, 1), date(2026, 4, 1)),
        (date(2028, 2, 29), date(2027, 1, 1)),
        (date(2026, 1, 31), date(2024, 12, 1)),
    ],
)
def test_records_are_kept_by_whole_months(today, first_kept):
    assert retention.raw_before(today) == first_kept


def test_the_last_day_of_a_long_month_is_no_fault(db):
    assert run("encounters.texts", "2027-03-31") == 0  # 31 February is no day


def test_records_are_purged_up_to_a_day(visit, cast):
    later = make_visit(cast, visit.site, day=date(2026, 4, 2))
    make_met(later, 7)
    assert retention.purge_raw(date(2026, 4, 1)) == 5
    assert Count.objects.get().visit == later
    assert not Encounter.objects.exists() and not Mark.objects.exists()
    assert Observation.objects.get().phenomena == ["other"]
    assert retention.purge_raw(date(2026, 4, 1)) == 0


def test_many_visits_are_purged_in_short_steps(cast, django_assert_max_num_queries):
    site = make_visit(cast).site
    for _ in range(120):
        make_met(make_visit(cast, site), 1)
    with django_assert_max_num_queries(40):
        assert retention.purge_raw(date(2026, 4, 1)) == 120


def test_every_rule_says_what_and_when():
    for rule in retention.RULES:
        assert rule.what and rule.after
