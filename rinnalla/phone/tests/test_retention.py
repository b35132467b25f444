"""After 90 days nobody can tell which phone sent what."""

from datetime import timedelta
from uuid import uuid4

from rinnalla.lib import clock
from rinnalla.phone.models import Fact
from rinnalla.phone.retention import RULES


def test_it_works(db):
    today, [rule] = clock.today(), RULES
    for age in (90, 91):
        Fact.objects.create(
            id=uuid4(), device=uuid4(), digest="x", day=today - timedelta(days=age)
        )
    assert rule.run(today, dry_run=True) == 1
    assert rule.run(today) == 1
    assert rule.run(today) == 0
    assert Fact.objects.filter(device=None).count() == 1
