"""Planned, under way, done, cancelled: every way through keeps its promises."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.planning import actions
from rinnalla.planning.models import StaleMonth, Visit

STEPS = {
    "start": lambda who, visit: actions.start_visit(
        who, visit, solo_reason="familiar_place"
    ),
    "finish": actions.finish_visit,
    "cancel": lambda who, visit: actions.cancel_visit(who, visit, reason="weather"),
    "reopen": actions.reopen_visit,
}
# From where each step leads where; a step missing here is out of step.
LEADS = {
    ("planned", "start"): "under_way",
    ("planned", "finish"): "done",
    ("planned", "cancel"): "cancelled",
    ("planned", "reopen"): "planned",
    ("under_way", "start"): "under_way",
    ("under_way", "finish"): "done",
    ("under_way", "reopen"): "under_way",
    ("done", "finish"): "done",
    ("done", "reopen"): "under_way",
    ("cancelled", "cancel"): "cancelled",
    ("cancelled", "reopen"): "planned",
}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=8))
def test_any_order_of_steps(cast, steps):
    """The status is one of the drawn arrows; what does not fit changes nothing."""
    with transaction.atomic():
        visit = testing.make_visit(cast)
        for step in steps:
            take(cast, visit.pk, step)
        transaction.set_rollback(True)


def take(cast, key, step):
    before = row(key)
    audited, marked = AuditEvent.objects.count(), StaleMonth.objects.count()
    expected = LEADS.get((before["status"], step))
    visit = Visit.objects.get(pk=key)
    if expected is None:
        with pytest.raises(actions.OutOfStep):
            STEPS[step](cast.kaisa, visit)
        assert row(key) == before
        return
    answer = STEPS[step](cast.kaisa, visit)
    after = row(key)
    assert answer.status == after["status"] == expected
    has_moved = after["status"] != before["status"]
    assert AuditEvent.objects.count() == audited + has_moved
    assert StaleMonth.objects.count() == marked + has_moved
    promises(after)


def promises(row):
    """What is true of a visit whatever the way it came."""
    status = row["status"]
    assert (status == "cancelled") == bool(row["cancel_reason"])
    if status == "done":
        assert row["ended_at"] is not None
        assert row["staff"] >= 1
        assert row["minutes"] is None or row["minutes"] >= 0
    for moment in (row["started_at"], row["ended_at"]):
        assert moment is None or (moment.minute % 5, moment.second) == (0, 0)


def row(key):
    return Visit.objects.filter(pk=key).values().get()
