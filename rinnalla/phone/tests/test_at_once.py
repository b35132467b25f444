"""Two phones and a resend at the very same moment: nothing lost, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections

from rinnalla import testing
from rinnalla.encounters.models import Count
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.actions import take_facts


@pytest.fixture
def visit(transactional_db):
    """A visit that other connections see; SQLite in memory has only one writer."""
    if connection.vendor == "sqlite":
        pytest.skip("needs a database that several connections write to at once")
    cast = testing.make_cast()
    return testing.make_visit(
        cast, status="under_way", day=clock.today(), started_at=clock.cut(clock.now())
    )


def tap(visit, device, **body):
    told = {"id": str(uuid4()), "device": str(device), "visit": str(visit.pk)}
    body = {"kind": "met", "number": 1} | body
    return told | {"kind": "count", "body": body}


def at_once(visit, *batches):
    """Send the batches at the same moment, each over a connection of its own."""
    start = Barrier(len(batches))

    def send(batch):
        start.wait(10)
        try:
            answers = take_facts(None, {visit.pk: visit}, batch)
        finally:
            connections.close_all()
        return [answer["result"] for answer in answers]

    with ThreadPoolExecutor(len(batches)) as phones:
        return list(phones.map(send, batches))


def test_it_works(visit):
    """The same batch from a phone that lost the answer and sends again meanwhile."""
    for _round in range(10):
        batch = [tap(visit, uuid4()) for _number in range(5)]
        results = at_once(visit, batch, batch, batch)
        assert sorted(sum(results, [])) == ["duplicate"] * 10 + ["stored"] * 5
    assert totals_of(visit).met == Count.objects.count() == 50


def test_one_shared_queue_stays_even(visit):
    one, two = uuid4(), uuid4()
    switch = tap(visit, one) | {"body": {"kind": "same_queue", "total": 1}}
    take_facts(None, {visit.pk: visit}, [switch])
    for _round in range(10):
        at_once(visit, [tap(visit, one)], [tap(visit, two), tap(visit, two)])
    totals = totals_of(visit)
    assert (totals.by_device[one], totals.by_device[two]) == (10, 20)
    assert totals.met == 20
