"""A guided person: one tap is valid, details are codes and come field by field."""

from uuid import uuid4

import pytest

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters import actions
from rinnalla.encounters.models import Encounter
from rinnalla.encounters.totals import totals_of
from rinnalla.planning.models import StaleMonth


@pytest.fixture
def visit(cast):
    return testing.make_visit(cast, status="under_way")


def test_it_works(cast, visit):
    stub = actions.record_encounter(cast.aino, visit)
    totals = totals_of(visit)
    assert (totals.guided, totals.met, stub.is_complete) == (1, 1, False)
    actions.detail_encounter(cast.aino, stub, topics=["debt"], methods=["guidance"])
    assert Encounter.objects.get().is_complete
    said = AuditEvent.objects.values_list("action", flat=True)
    assert set(said) == {"encounters.met", "encounters.detailed"}
    assert StaleMonth.objects.count() == 2


def test_one_field_leaves_the_others(cast, visit):
    stub = actions.record_encounter(cast.aino, visit, topics=["debt"])
    other = Encounter.objects.get(pk=stub.pk)
    actions.detail_encounter(cast.aino, stub, methods=["guidance"])
    actions.detail_encounter(cast.kaisa, other, age_band="30_44")
    kept = Encounter.objects.get()
    assert (kept.topics, kept.methods, kept.age_band) == (
        ["debt"],
        ["guidance"],
        "30_44",
    )


def test_it_is_not_met_where_the_queue_is_counted_first(cast, visit):
    visit.site.guided_counts_as_met = False
    visit.site.save()
    actions.record_encounter(cast.aino, visit)
    assert (totals_of(visit).guided, totals_of(visit).met) == (1, 0)


def test_the_same_id_is_refused(cast, visit):
    stub = actions.record_encounter(cast.aino, visit)
    with pytest.raises(actions.Refused):
        actions.record_encounter(cast.aino, visit, id=stub.pk)


def test_no_field_can_name_a_person():
    allowed = {"id", "visit", "device", "at", "tickets", "topics", "methods"}
    allowed |= {"next_step", "age_band", "familiarity", "target_groups", "items"}
    allowed |= {"origin", "has_language_barrier", "is_undone", "counts_as_met"}
    assert {field.name for field in Encounter._meta.fields} == allowed


# --- undo ---


def test_undo_of_a_tap_is_a_row(cast, visit):
    tap = actions.record_count(cast.aino, visit, number=10, device=uuid4())
    actions.undo(cast.aino, visit, of=tap.pk)
    assert totals_of(visit).met == 0
    assert tap.undone_by.number == -10 and tap.undone_by.device == tap.device


def test_undo_of_a_guided_person(cast, visit):
    stub = actions.record_encounter(cast.aino, visit)
    actions.undo(cast.aino, visit, of=stub.pk)
    assert totals_of(visit).guided == totals_of(visit).met == 0


def test_undo_is_once_and_not_undone(cast, visit):
    tap = actions.record_count(cast.aino, visit)
    actions.undo(cast.aino, visit, of=tap.pk)
    for of in (tap.pk, tap.undone_by.pk, uuid4()):
        with pytest.raises(actions.Refused):
            actions.undo(cast.aino, visit, of=of)
    assert totals_of(visit).met == 0
