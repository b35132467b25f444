"""A visit's facts in any order, in any batches, some twice: the same totals."""

from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rinnalla import testing
from rinnalla.encounters.models import Mark
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.models import Quarantined
from rinnalla.phone.tests.doors import Sending, fact_of
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import Visit

STEPS = ["met", "ten", "guided", "undo", "total", "switch", "mark", "detail"]


def said_by(visit, steps, phone):
    """What one phone writes down, step by step; and its own figure as it shows it."""
    facts, own, undoable = [], 0, []
    for step in steps:
        fact = fact_of(visit)
        if step in ("met", "ten"):
            more = 1 if step == "met" else 10
            fact["body"] = {"kind": "met", "number": more}
            undoable.append((fact["id"], more))
            own += more
        elif step == "guided":
            fact |= {"kind": "encounter", "body": {}}
            undoable.append((fact["id"], 1))
            own += 1
        elif step == "total":
            fact["body"] = {"kind": "met", "total": own + 3, "was": own}
            own += 3
        elif step == "switch":
            fact["body"] = {"kind": "same_queue", "total": 1, "was": 0}
        elif step == "mark":
            fact |= {"kind": "mark", "body": {}}
            undoable.append((fact["id"], 0))
        elif step == "undo" and undoable:
            of, more = undoable.pop()
            fact |= {"kind": "undo", "body": {"of": of}}
            own -= more
        elif step == "detail" and [f for f in facts if f["kind"] == "encounter"]:
            of = next(f for f in facts if f["kind"] == "encounter")
            told = {"encounter": of["id"], "topics": ["debt"]}
            fact |= {"kind": "encounter_detail", "body": told}
        else:
            continue
        facts.append(fact)
    return facts, own


def figures_of(visit):
    totals = totals_of(visit)
    marks = Mark.objects.filter(visit=visit).count()
    own = sorted(totals.by_device.values())
    return totals.met, totals.guided, marks, [n for n in own if n]


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_it_works(client, cast, data):
    with transaction.atomic():
        first = make_phone(cast.aino)
        second = make_phone(cast.kaisa)
        told, expected = told_by_two(cast, data, first, second)
        visit = told[0][1]
        in_any_order(client, data, told)
        met, guided, marks, own = figures_of(visit)
        assert (met, own) == expected
        assert Visit.objects.get(pk=visit.pk).status == "done"
        waiting = Quarantined.objects.waiting()
        assert not waiting.exists(), list(waiting.values("kind", "reason"))
        transaction.set_rollback(True)


def told_by_two(cast, data, *phones):
    """Two phones on one visit that one of them started and ended; what it comes to."""
    site = testing.make_site(cast, name=str(uuid4()))
    visit = testing.make_visit(cast, site, day=clock.today())
    told, figures, shares = [], [], False
    for number, phone in enumerate(phones):
        steps = data.draw(st.lists(st.sampled_from(STEPS), max_size=8))
        facts, own = said_by(visit, steps, phone)
        start, end = fact_of(visit, "visit_started"), fact_of(visit, "visit_ended")
        facts = [start, *facts, end] if number == 0 else facts
        facts = [fact | {"seq": seq} for seq, fact in enumerate(facts, 1)]
        told.append((phone, visit, facts))
        figures.append(own)
        shares = shares or "switch" in steps
    met = max(figures) if shares else sum(figures)
    return told, (met, sorted(n for n in figures if n))


def in_any_order(client, data, told):
    """Send everything in batches drawn at random, some of it several times."""
    sent = [(phone, fact) for phone, _visit, facts in told for fact in facts]
    order = data.draw(st.permutations(sent))
    again = data.draw(st.lists(st.sampled_from(sent), max_size=6))
    while whole := [*order, *again]:
        size = data.draw(st.integers(1, 6))
        batch, (order, again) = whole[:size], (whole[size:], [])
        for phone in {phone for phone, _fact in batch}:
            mine = [fact for whose, fact in batch if whose == phone]
            results = Sending(client, phone)(*mine)
            assert len(results) == len(mine)
    for phone, _visit, facts in told:
        assert set(Sending(client, phone)(*facts)) <= {"duplicate"}
