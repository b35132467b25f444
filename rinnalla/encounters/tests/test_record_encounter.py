"""A guided person: one tap is valid, details are codes and come field by field."""

from uuid import uuid4

import pytest

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters import actions
from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.encounters.totals import totals_of
from rinnalla.planning.models import StaleMonth


@pytest.fixture
def visit(cast):
    return testing.make_visit(cast, status="under_way")


@pytest.fixture
def detail(visit):
    """Tell more of one meeting."""
    return lambda by, stub, **told: testing.tell(
        by, visit, "encounter_detail", encounter=stub, **told
    )


def test_it_works(cast, visit, detail):
    stub = testing.tell(cast.aino, visit, "encounter")
    totals = totals_of(visit)
    assert (totals.guided, totals.met) == (1, 1)
    assert Encounter.objects.unfinished().exists()
    detail(cast.aino, stub, topics=["debt"], methods=["guidance"])
    assert not Encounter.objects.unfinished().exists()
    said = AuditEvent.objects.values_list("action", flat=True)
    assert list(said) == ["encounters.recorded"] * 2
    assert StaleMonth.objects.count() == 2


@pytest.mark.parametrize("told", [{"topics": ["debt"]}, {"methods": ["guidance"]}])
def test_with_one_of_the_two_it_still_waits(cast, visit, told):
    testing.tell(cast.aino, visit, "encounter", **told)
    assert Encounter.objects.unfinished().count() == 1


def test_one_field_leaves_the_others(cast, visit, detail):
    stub = testing.tell(cast.aino, visit, "encounter", topics=["debt"])
    detail(cast.aino, stub, methods=["guidance"])
    detail(cast.kaisa, stub, age_band="30_44")
    kept = Encounter.objects.get()
    assert (kept.topics, kept.methods, kept.age_band) == (
        ["debt"],
        ["guidance"],
        "30_44",
    )


def test_it_is_not_met_where_the_queue_is_counted_first(cast, visit):
    visit.site.guided_counts_as_met = False
    visit.site.save()
    testing.tell(cast.aino, visit, "encounter")
    assert (totals_of(visit).guided, totals_of(visit).met) == (1, 0)


def test_the_same_id_is_refused(cast, visit):
    stub = testing.tell(cast.aino, visit, "encounter")
    with pytest.raises(actions.Refused):
        testing.tell(cast.aino, visit, "encounter", id=stub)


def test_no_field_can_name_a_person():
    allowed = {"id", "visit", "device", "at", "tickets", "topics", "methods"}
    allowed |= {"next_step", "age_band", "familiarity", "target_groups", "items"}
    allowed |= {"origin", "has_language_barrier", "is_undone", "counts_as_met"}
    assert {field.name for field in Encounter._meta.fields} == allowed


# --- undo ---


def test_undo_of_a_tap_is_a_row(cast, visit):
    key = testing.tell(cast.aino, visit, number=10, device=uuid4())
    testing.tell(cast.aino, visit, "undo", of=key)
    assert totals_of(visit).met == 0
    tap = Count.objects.get(pk=key)
    assert tap.undone_by.number == -10 and tap.undone_by.device == tap.device


def test_undo_of_a_guided_person(cast, visit):
    stub = testing.tell(cast.aino, visit, "encounter")
    testing.tell(cast.aino, visit, "undo", of=stub)
    assert totals_of(visit).guided == totals_of(visit).met == 0


def test_undo_is_once_and_not_undone(cast, visit):
    tap = testing.tell(cast.aino, visit)
    undone_by = testing.tell(cast.aino, visit, "undo", of=tap)
    for of in (tap, undone_by, uuid4()):
        with pytest.raises(actions.Refused):
            testing.tell(cast.aino, visit, "undo", of=of)
    assert totals_of(visit).met == 0


# --- a mark to come back to ---


def test_a_mark_has_hints_and_no_figure(cast, visit):
    testing.tell(cast.aino, visit, "mark", topic="debt")
    mark = Mark.objects.get()
    assert mark.topic == "debt" and mark.at.minute % 5 == 0
    assert not StaleMonth.objects.exists()
