"""A visit knows whether somebody familiar with the place went; no worker is counted."""

from datetime import date

import pytest

from rinnalla import testing
from rinnalla.planning import actions, familiar
from rinnalla.planning.models import StaleMonth, Visit


@pytest.fixture
def site(cast):
    return testing.make_site(cast)


def been(cast, site, worker, times):
    """Visits of this worker, with somebody of another team, done in January."""
    for day in range(1, times + 1):
        went = {"workers": [worker, cast.outi], "day": date(2026, 1, day)}
        testing.make_visit(cast, site, status="done", **went)


def ended(cast, site, *workers, **over):
    visit = testing.make_visit(cast, site, workers=workers, **over)
    return actions.finish_visit(cast.aino, visit)


def test_it_works(cast, site):
    been(cast, site, cast.aino, 3)
    assert ended(cast, site, cast.aino).is_familiar is True
    assert ended(cast, site, cast.kaisa).is_familiar is False


def test_twice_is_not_enough(cast, site):
    been(cast, site, cast.aino, 2)
    assert ended(cast, site, cast.aino, cast.kaisa).is_familiar is False


def test_one_of_two_is_enough(cast, site):
    been(cast, site, cast.aino, 3)
    assert ended(cast, site, cast.kaisa, cast.aino).is_familiar is True


def test_the_times_of_two_are_not_added_up(cast, site):
    been(cast, site, cast.aino, 2)
    testing.make_visit(
        cast, site, workers=[cast.kaisa], status="done", day=date(2026, 1, 9)
    )
    assert ended(cast, site, cast.aino, cast.kaisa).is_familiar is False


@pytest.mark.parametrize(
    "over",
    [
        {"status": "cancelled", "cancel_reason": "weather"},
        {"status": "planned"},
        {"status": "done", "is_seen": False},
        {"status": "done", "day": date(2026, 3, 12)},
        {"status": "done", "day": date(2026, 4, 1)},
    ],
)
def test_only_earlier_visits_that_were_done_count(cast, site, over):
    been(cast, site, cast.aino, 2)
    fields = {"day": date(2026, 1, 9)} | over
    testing.make_visit(cast, site, workers=[cast.aino], **fields)
    assert ended(cast, site, cast.aino).is_familiar is False


def test_another_place_does_not_count(cast, site):
    been(cast, testing.make_site(cast, name="Tori"), cast.aino, 5)
    assert ended(cast, site, cast.aino).is_familiar is False


def test_nobody_known_to_have_gone_is_not_known(cast, site):
    visit = testing.make_visit(cast, site)
    visit.workers.clear()
    assert actions.finish_visit(cast.aino, visit).is_familiar is None


def test_it_stays_when_who_went_is_forgotten(cast, site):
    been(cast, site, cast.aino, 3)
    visit = ended(cast, site, cast.aino)
    actions.forget_workers(date(2027, 6, 1))
    visit.refresh_from_db()
    assert visit.is_familiar is True


def test_a_corrected_pair_is_asked_anew(cast, site):
    been(cast, site, cast.aino, 3)
    visit = ended(cast, site, cast.aino)
    actions.reopen_visit(cast.kaisa, visit)
    actions.change_visit(cast.kaisa, visit, workers=[cast.kaisa], solo_reason="x")
    assert actions.finish_visit(cast.kaisa, visit).is_familiar is False


def test_old_rows_are_told_as_new_ones_are(cast, site):
    """What is said of all at once is what each would have been told when it ended."""
    been(cast, site, cast.aino, 6)
    StaleMonth.objects.all().delete()
    one_by_one = {visit.pk: familiar.on_visit(visit) for visit in Visit.objects.all()}
    assert actions.note_familiar() == 6
    assert dict(Visit.objects.values_list("pk", "is_familiar")) == one_by_one
    assert sorted(one_by_one.values()) == [False] * 3 + [True] * 3
    assert StaleMonth.objects.count() == 1
    assert actions.note_familiar() == 0
