"""Recounting a site's month afresh from its facts."""

from datetime import date

import pytest

from rinnalla.encounters.models import Count, WrapUp
from rinnalla.planning.actions import mark_stale
from rinnalla.planning.models import StaleMonth
from rinnalla.statistics import actions
from rinnalla.statistics.models import DayCount, MonthCount, MonthTotal
from rinnalla.testing import make_guided, make_met, make_site, make_visit

MARCH = date(2026, 3, 1)


@pytest.fixture
def visit(cast):
    return make_visit(cast, status="done", staff=2, minutes=120)


def counted(visit):
    actions.recount(visit.site_id, MARCH)
    return MonthTotal.objects.get(site=visit.site, month=MARCH)


def test_it_works_a_visit_is_counted(visit):
    make_met(visit, 12)
    make_guided(visit, 2, topics=["benefits", "debt"], age_band="30_44")

    total = counted(visit)

    assert (total.visits, total.met, total.guided) == (1, 14, 2)
    assert (total.minutes, total.timed_guided) == (240, 2)
    assert (total.pair_required, total.pair_kept) == (1, 1)
    day = DayCount.objects.get(site=visit.site, day=visit.day)
    assert (day.met, day.guided) == (14, 2)
    counts = MonthCount.objects.filter(month=MARCH)
    assert set(counts.values_list("dimension", "category", "value")) == {
        ("topic", "benefits", 2),
        ("topic", "debt", 2),
        ("age_band", "30_44", 2),
    }


def test_counting_again_changes_nothing(visit):
    make_met(visit, 12)
    make_guided(visit, 2)

    first = counted(visit).met
    assert counted(visit).met == first == 14
    assert DayCount.objects.count() == 1


def test_an_undone_tap_and_meeting_are_not_counted(visit):
    tap = make_met(visit, 10)
    Count.objects.create(visit=visit, kind="met", number=-10, undoes=tap)
    make_guided(visit, 1, is_undone=True)

    total = counted(visit)

    assert (total.met, total.guided) == (0, 0)


def test_a_guided_person_counted_in_the_queue_already_is_met_once(visit):
    make_met(visit, 5)
    make_guided(visit, 1, counts_as_met=False)

    assert counted(visit).met == 5


def test_rows_of_an_unfinished_import_are_not_counted(visit):
    hidden = make_visit_like(visit, is_seen=False)
    make_met(hidden, 100)
    make_met(visit, 1)

    assert counted(visit).met == 1


def make_visit_like(visit, **over):
    fields = {"day": visit.day, "status": "done", "organisation": visit.organisation}
    return type(visit).objects.create(site=visit.site, team=visit.team, **fields | over)


def test_estimates_are_told_apart(visit):
    make_met(visit, 30)
    make_met(visit, 20, how="estimated")
    make_met(visit, 10, how="from_organiser")

    total = counted(visit)

    assert (total.met, total.met_estimated, total.met_from_organiser) == (60, 20, 10)


def test_cancelled_open_and_other_visits_have_their_own_numbers(visit):
    make_visit_like(visit, status="cancelled", cancel_reason="weather")
    make_visit_like(visit, status="planned")
    make_visit_like(visit, is_outreach=False)

    total = counted(visit)

    assert (total.planned, total.visits, total.cancelled) == (4, 1, 1)
    assert (total.open_visits, total.other_visits) == (1, 1)
    assert MonthCount.objects.get(dimension="cancel_reason").category == "weather"


@pytest.mark.parametrize("kind", ["declined", "attended", "matter_opened"])
def test_a_visit_that_met_nobody_but_says_so_lacks_no_number(visit, kind):
    assert counted(visit).unrecorded == 1

    make_met(visit, 3, kind=kind)

    assert counted(visit).unrecorded == 0


def test_what_was_tapped_on_a_visit_called_off_is_in_no_figure(visit):
    off = make_visit_like(visit, status="cancelled", cancel_reason="weather")
    make_met(off, 7)
    make_guided(off, 2, topics=["debt"])
    make_met(visit, 1)

    total = counted(visit)

    assert (total.met, total.guided, total.cancelled) == (1, 0, 1)
    assert not MonthCount.objects.filter(dimension="topic").exists()


def test_a_visit_begun_by_mistake_was_never_to_be(visit):
    make_visit_like(visit, status="cancelled", cancel_reason="mistaken")

    total = counted(visit)

    assert (total.planned, total.cancelled) == (1, 0)


def test_nobody_reached_is_a_result(visit):
    WrapUp.objects.create(visit=visit, is_nobody_reached=True)

    total = counted(visit)

    assert (total.visits, total.nobody_reached, total.met) == (1, 1, 0)


def test_imported_columns_count_like_meetings(visit):
    make = Count.objects.create
    make(visit=visit, kind="guided", number=41)
    make(visit=visit, kind="topic", code="housing", number=9)
    make(visit=visit, kind="new", number=3)

    total = counted(visit)

    assert (total.guided, total.timed_guided) == (41, 41)
    assert set(MonthCount.objects.values_list("dimension", "category", "value")) == {
        ("topic", "housing", 9),
        ("familiarity", "new", 3),
    }


def test_partners_visits_have_a_row_of_their_own(cast, visit):
    make_met(visit, 5)
    make_met(make_visit_like(visit, organisation=cast.parish), 7)

    actions.recount(visit.site_id, MARCH)

    rows = MonthTotal.objects.order_by("met").values_list("organisation", "met")
    assert list(rows) == [(cast.county.pk, 5), (cast.parish.pk, 7)]


def test_a_moved_visit_leaves_nothing_behind(visit):
    make_met(visit, 5)
    counted(visit)
    visit.delete()

    actions.recount(visit.site_id, MARCH)

    assert not MonthTotal.objects.exists() and not DayCount.objects.exists()


def test_marked_months_are_recounted_and_the_marks_go(visit):
    make_met(visit, 5)
    mark_stale(visit.site, visit.day)
    mark_stale(visit.site, visit.day)

    assert actions.recount_stale() == 1
    assert not StaleMonth.objects.exists()
    assert MonthTotal.objects.get().met == 5


def test_a_page_catches_up_with_little_and_says_when_it_is_much(cast, visit):
    make_met(visit, 5)
    mark_stale(visit.site, visit.day)
    assert actions.catch_up([visit.site], [MARCH]) is False
    assert MonthTotal.objects.get().met == 5

    sites = [make_site(cast, name=f"Paikka {at}") for at in range(3)]
    for site in sites:
        mark_stale(site, visit.day)
    assert actions.catch_up(sites, [MARCH], most=2) is True
    assert StaleMonth.objects.count() == 3


def test_every_month_can_be_marked(visit):
    make_visit_like(visit, day=date(2025, 12, 31))

    assert actions.mark_all() == 2
    assert actions.recount_stale() == 2
    assert MonthTotal.objects.count() == 2


def test_a_recount_asks_the_database_a_fixed_number_of_times(
    visit, django_assert_max_num_queries
):
    for at in range(20):
        make_guided(make_visit_like(visit, day=date(2026, 3, at + 1)), 3)

    with django_assert_max_num_queries(18):
        actions.recount(visit.site_id, MARCH)


def test_hours_of_an_old_spreadsheet_are_everybodys(cast):
    visit = make_visit(cast, status="done", staff=None, minutes=210)
    make_guided(visit, 2)
    total = counted(visit)
    assert (total.minutes, total.timed_visits, total.timed_guided) == (210, 1, 2)
    assert total.pair_required == 0, "who was there is not known"


def test_on_the_net_no_pair_is_required(cast):
    chat = make_site(cast, name="Chat", kind="online", required_staffing=2)
    total = counted(make_visit(cast, chat, status="done", staff=1, minutes=60))
    assert (total.visits, total.pair_required) == (1, 0)
