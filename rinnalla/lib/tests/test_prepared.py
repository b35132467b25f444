"""Questions worked out once answer like the queries they were made from."""

from uuid import uuid4

import pytest
from django.db.models import Count as HowMany
from django.db.models import Sum

from rinnalla import testing
from rinnalla.encounters.models import Count
from rinnalla.lib.prepared import Prepared


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
