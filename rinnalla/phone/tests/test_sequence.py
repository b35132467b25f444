"""A phone numbers what it gives: a gap that does not close is asked for, then said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rinnalla.lib import clock
from rinnalla.phone.door import ranges
from rinnalla.phone.door.actions import sender_of, take
from rinnalla.phone.door.reading import MAKE, Batch, Readers, read_fact
from rinnalla.phone.models import Device, Fact
from rinnalla.phone.tests.doors import fact_of

NUMBERS = st.sets(st.integers(1, 60))


def spread(pairs):
    return {n for first, last in pairs for n in range(first, last + 1)}


@given(NUMBERS, NUMBERS)
def test_ranges_hold_what_was_put_in(some, more):
    held = ranges.with_numbers(ranges.with_numbers([], some), more)
    assert spread(held) == some | more
    assert all(a[1] + 1 < b[0] for a, b in zip(held, held[1:], strict=False))


@given(NUMBERS, st.integers(0, 60))
def test_what_lacks_is_the_rest(some, highest):
    held = ranges.with_numbers([], some)
    assert spread(ranges.lacking(held, highest)) == set(range(1, highest + 1)) - some


@given(NUMBERS, NUMBERS)
def test_within_is_what_both_have(some, others):
    both = ranges.within(ranges.with_numbers([], some), ranges.with_numbers([], others))
    assert spread(both) == some & others and ranges.size(both) == len(some & others)


def test_it_works(visit, sending, phone):
    """Number 2 is asked for, found again, and nothing lacks any more."""
    one, two, three = [sending.numbered(fact_of(visit)) for _number in range(3)]
    sending(one, three)
    assert sending.reply["missing"] == [[2, 2]]
    assert sending(two) == ["stored"]
    assert sending.reply["missing"] == []
    phone.refresh_from_db()
    assert (phone.received, phone.highest, phone.lost) == ([[1, 3]], 3, [])


def test_what_waits_on_the_phone_does_not_lack(visit, sending):
    one, _two, three = [sending.numbered(fact_of(visit)) for _number in range(3)]
    sending(one, three, unsent=3)
    assert sending.reply["missing"] == []


def test_what_nobody_has_is_noted(visit, sending, phone):
    one, _two, three = [sending.numbered(fact_of(visit)) for _number in range(3)]
    sending(one, three)
    sending(gone=[[2, 2]])
    phone.refresh_from_db()
    assert phone.lost == [[2, 2]] and phone.lost_noted_at is not None
    assert sending.reply["missing"] == []


def test_what_is_there_cannot_be_lost(visit, sending, phone):
    sending(fact_of(visit), gone=[[1, 1], [5, 9]])
    phone.refresh_from_db()
    assert phone.lost == [] and phone.lost_noted_at is None


def test_a_loss_that_is_found_again_is_none(visit, sending, phone):
    one, two, three = [sending.numbered(fact_of(visit)) for _number in range(3)]
    sending(one, three)
    sending(gone=[[2, 2]])
    sending(two)
    phone.refresh_from_db()
    assert phone.lost == [] and phone.received == [[1, 3]]


def test_a_phone_that_forgot_its_counter_is_told(visit, sending):
    """Its storage went: the server's count is higher, the gap is asked for."""
    sending(fact_of(visit), fact_of(visit), highest=5, unsent=5)
    sending(highest=0, unsent=0)
    assert sending.reply["highest"] == 5 and sending.reply["missing"] == [[3, 5]]


def test_a_server_restored_from_a_backup_asks_again(visit, sending, phone):
    """Yesterday's database comes back: what came since is asked for and stored."""
    old = [sending.numbered(fact_of(visit)) for _number in range(2)]
    new = [sending.numbered(fact_of(visit)) for _number in range(2)]
    sending(*old)
    before = {"received": [[1, 2]], "highest": 2}
    sending(*new)
    visit.counts.filter(pk__in=[fact["id"] for fact in new]).delete()
    Fact.objects.filter(pk__in=[fact["id"] for fact in new]).delete()
    type(phone).objects.filter(pk=phone.pk).update(**before)
    sending()
    assert sending.reply["missing"] == [[3, 4]]
    assert sending(*new) == ["stored"] * 2
    assert visit.counts.count() == 4 and sending.reply["missing"] == []


def test_a_beat_tells_of_contact_and_little_else(visit, sending, phone):
    assert sending(unsent=7) == []
    phone.refresh_from_db()
    assert phone.unsent == 7 and phone.app_version == "1.0"
    assert phone.last_contact == clock.cut(phone.last_contact)
    assert str(visit.pk) in sending.reply["totals"] and sending.reply["etag"]
    assert sending.reply["key"] and sending.reply["now"]


@pytest.mark.parametrize("number", [2**31, 0, -3, 1.5, "7", None])
def test_a_number_that_is_none_is_left_out(visit, sending, phone, number):
    assert sending(fact_of(visit, seq=number)) == ["stored"]
    phone.refresh_from_db()
    assert phone.received == []


def test_two_requests_that_read_the_phone_at_once(visit, phone):
    """Both knew the phone before either had written: neither forgets the other."""
    requests = [Device.objects.get(pk=phone.pk) for _request in range(2)]
    for seq, row in enumerate(requests, 1):
        fact = read_fact(fact_of(visit, seq=seq), Readers(MAKE))
        batch = Batch(1, None, None, seq, 1, [[1, 1]], "1.0", None, [])
        take(sender_of(row, None), [fact], batch, clock.now())
    phone.refresh_from_db()
    assert (phone.received, phone.highest, phone.lost) == ([[1, 2]], 2, [])


def test_few_questions_to_the_database(visit, sending, django_assert_max_num_queries):
    sending(fact_of(visit))
    with django_assert_max_num_queries(16):
        sending(fact_of(visit))
    with django_assert_max_num_queries(18):
        sending(*[fact_of(visit) for _number in range(50)])
