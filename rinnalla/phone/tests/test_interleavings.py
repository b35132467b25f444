"""Two phones on one visit, any order, any doubling: the total is the sum of rows."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rinnalla import testing
from rinnalla.encounters.models import Count
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.actions import take_facts

PHONES = [UUID(int=1, version=4), UUID(int=2, version=4)]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["met", "ten", "guided", "undo", "again", "total", "switch"]),
        st.integers(0, 1),
        st.integers(0, 40),
    ),
    max_size=30,
)


class Model:
    """What two people with a pencil would write down."""

    def __init__(self):
        self.own = [0, 0]
        self.guided = 0
        self.is_same_queue = False
        self.undoable = {}

    @property
    def met(self):
        return max(self.own) if self.is_same_queue else sum(self.own)


def play(visit, steps):
    """Send every step as a fact of its phone; the pencil's figures beside it."""
    model, sent = Model(), []
    for do, phone, number in steps:
        if do == "again" and sent:
            raw = sent[number % len(sent)]
            assert answer_to(visit, raw) == "duplicate"
            continue
        raw = fact_of(visit, model, do, phone, number)
        if raw is None:
            continue
        assert answer_to(visit, raw) == "stored"
        sent.append(raw)
    return model, sent


def answer_to(visit, raw):
    [answer] = take_facts(visit.workers.first(), {visit.pk: visit}, [raw])
    return answer["result"]


def fact_of(visit, model, do, phone, number):
    """The fact of a step, noted with the pencil too; None when it means nothing."""
    id = str(uuid4())
    raw = {"id": id, "device": str(PHONES[phone]), "visit": str(visit.pk)}
    if do in ("met", "ten", "total"):
        more = {"met": 1, "ten": 10, "total": number - model.own[phone]}[do]
        model.own[phone] += more
        model.undoable[id] = (phone, more, 0)
        told = {"total": number} if do == "total" else {"number": more}
        return raw | {"kind": "count", "body": {"kind": "met", **told}}
    if do == "guided":
        model.own[phone] += 1
        model.guided += 1
        model.undoable[id] = (phone, 1, 1)
        return raw | {"kind": "encounter", "body": {}}
    if do == "switch":
        model.is_same_queue = bool(number % 2)
        body = {"kind": "same_queue", "total": number % 2}
        return raw | {"kind": "count", "body": body}
    if do == "undo" and model.undoable:
        of = list(model.undoable)[number % len(model.undoable)]
        whose, more, guided = model.undoable.pop(of)
        model.own[whose] -= more
        model.guided -= guided
        return raw | {"kind": "undo", "body": {"of": of}}
    return None


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_it_works(cast, steps):
    with transaction.atomic():
        site = testing.make_site(cast, name=str(uuid4()))
        visit = testing.make_visit(
            cast, site, status="under_way", day=clock.today(), started_at=clock.now()
        )
        model, sent = play(visit, steps)
        totals = totals_of(visit)
        assert [totals.by_device[phone] for phone in PHONES] == model.own
        assert totals.guided == model.guided
        assert totals.met == model.met
        rows = Count.objects.filter(visit=visit, kind="met")
        assert sum(row.number for row in rows) + totals.met_as_guided == model.met
        again = take_facts(cast.aino, {visit.pk: visit}, sent[:50]) if sent else []
        assert {answer["result"] for answer in again} <= {"duplicate"}
        assert totals_of(visit).met == model.met
        transaction.set_rollback(True)
