"""Two phones and a resend at the very same moment: nothing lost, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from rinnalla import testing
from rinnalla.encounters.models import Count
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.tests.doors import Sending, fact_of
from rinnalla.phone.tests.phones import make_phone


@pytest.fixture
def county(transactional_db):
    """A county that other connections see."""
    return testing.make_cast()


@pytest.fixture
def visit(county):
    return testing.make_visit(
        county, status="under_way", day=clock.today(), started_at=clock.cut(clock.now())
    )


def at_once(*sendings):
    """Send at the same moment, each (phone, facts) over a connection of its own."""
    start = Barrier(len(sendings))

    def send(sending):
        phone, facts = sending
        start.wait(10)
        try:
            return Sending(Client(), phone)(*facts)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(sendings)) as phones:
        return list(phones.map(send, sendings))


def test_it_works(county, visit):
    """The same batch from a phone that lost the answer and sends again meanwhile."""
    phone = make_phone(county.aino)
    for turn in range(10):
        batch = [fact_of(visit, seq=turn * 5 + n) for n in range(1, 6)]
        results = at_once((phone, batch), (phone, batch), (phone, batch))
        assert sorted(sum(results, [])) == ["duplicate"] * 10 + ["stored"] * 5
    assert totals_of(visit).met == Count.objects.count() == 50


def test_one_shared_queue_stays_even(county, visit):
    one, two = make_phone(county.aino), make_phone(county.kaisa)
    switch = fact_of(visit, "count", {"kind": "same_queue", "total": 1}, seq=1)
    Sending(Client(), one)(switch)
    for turn in range(10):
        taps = [fact_of(visit, seq=turn * 2 + n) for n in (1, 2)]
        at_once((one, [fact_of(visit, seq=turn + 2)]), (two, taps))
    totals = totals_of(visit)
    assert sorted(totals.by_device.values()) == [10, 20]
    assert totals.met == 20


def test_two_phones_start_one_visit(county):
    visit = testing.make_visit(county, day=clock.today())
    phones = [make_phone(county.aino), make_phone(county.kaisa)]
    told = [
        (phone, [fact_of(visit, "visit_started"), fact_of(visit)]) for phone in phones
    ]
    assert at_once(*told) == [["stored"] * 2] * 2
    assert totals_of(visit).met == 2


def test_two_phones_take_back_one_tap(county, visit):
    phones = [make_phone(county.aino), make_phone(county.kaisa)]
    tap = fact_of(visit)
    Sending(Client(), phones[0])(tap)
    told = [(phone, [fact_of(visit, "undo", {"of": tap["id"]})]) for phone in phones]
    assert at_once(*told) == [["stored"]] * 2
    assert totals_of(visit).met == 0


def test_one_phones_requests_remember_each_others_numbers(county, visit):
    """Three requests of one phone at one moment: every number is noted as here."""
    phone = make_phone(county.aino)
    for turn in range(10):
        told = [[fact_of(visit, seq=turn * 3 + n)] for n in (1, 2, 3)]
        at_once(*[(phone, facts) for facts in told])
    phone.refresh_from_db()
    assert (phone.received, phone.highest) == ([[1, 30]], 30)


def test_what_another_request_stored_is_not_called_lost(county, visit):
    """The phone's database went: it asks after numbers that come in meanwhile."""
    phone = make_phone(county.aino)
    for turn in range(10):
        told = [[fact_of(visit, seq=turn * 3 + n)] for n in (1, 2, 3)]
        at_once(*[(phone, facts) for facts in told])
        Sending(Client(), phone)(gone=[[1, 30]], highest=turn * 3 + 3)
    phone.refresh_from_db()
    assert phone.lost == [] and phone.lost_noted_at is None
