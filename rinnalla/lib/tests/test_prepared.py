"""Questions worked out once answer like the queries they were made from."""

from uuid import uuid4

import pytest
from django.db.models import Count as HowMany
from django.db.models import Sum
from django.forms import model_to_dict

from rinnalla import testing
from rinnalla.encounters.models import Count, Encounter, Mark
from rinnalla.lib import clock
from rinnalla.lib.prepared import Prepared, insert


def summed(visits, devices):
    rows = Count.objects.filter(visit__in=visits, device__in=devices, number__gt=0)
    return rows.values_list("visit", "device").annotate(n=Sum("number"))


@pytest.mark.django_db
def test_it_works(cast, django_assert_num_queries):
    phones = [uuid4(), uuid4(), uuid4()]
    visits = [testing.make_visit(cast) for _number in range(3)]
    for number, visit in enumerate(visits, 1):
        for phone in phones:
            testing.make_met(visit, number, device=phone)
    ask = Prepared(summed)
    for some in ([visits[0].pk], [visit.pk for visit in visits[1:]]):
        for heard in (phones[:1], phones[1:]):
            expected = sorted(map(tuple, summed(some, heard)))
            with django_assert_num_queries(1):
                found = sorted(map(tuple, ask(some, heard)))
            assert found == expected and len(found) == len(some) * len(heard)


@pytest.mark.django_db
def test_of_nothing_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Prepared(summed)([], [uuid4()]) == []


@pytest.mark.django_db
def test_another_number_is_never_taken_for_the_first(cast):
    """The SQL is kept, the numbers are not."""
    one, two = testing.make_visit(cast), testing.make_visit(cast)
    testing.make_met(one, 1)
    ask = Prepared(
        lambda visits: (
            Count.objects.filter(visit__in=visits)
            .values_list("visit")
            .annotate(n=HowMany("pk"))
        )
    )
    assert [tuple(row) for row in ask([one.pk])] == [(one.pk, 1)]
    assert ask([two.pk]) == []


@pytest.mark.django_db
def test_new_rows_go_in_with_one_statement(cast, django_assert_num_queries):
    visit = testing.make_visit(cast)
    for number in (1, 3):
        taps = [Count(visit=visit, kind="met", number=4) for _tap in range(number)]
        with django_assert_num_queries(1):
            insert(taps)
        for tap in taps:
            kept = Count.objects.get(pk=tap.pk)
            assert model_to_dict(kept) == model_to_dict(tap)
    marks = [Mark(visit=visit, at=clock.now()), Mark(visit=visit, at=clock.now())]
    insert(marks)
    assert {mark.at for mark in Mark.objects.all()} == {mark.at for mark in marks}
    met = Encounter(visit=visit, topics=["debt"], has_language_barrier=True)
    insert([met])
    kept = Encounter.objects.get()
    assert kept.topics == ["debt"] and kept.has_language_barrier
