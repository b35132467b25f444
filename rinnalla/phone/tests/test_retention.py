"""What time forgets of phones, and what it must not."""

from datetime import timedelta
from uuid import uuid4

import pytest

from rinnalla.lib import clock
from rinnalla.phone import actions
from rinnalla.phone.models import Device, Dismissal, EnrolCode, Fact, Quarantined
from rinnalla.phone.retention import RULES
from rinnalla.phone.tests.phones import make_phone


def rule_of(name):
    [rule] = [rule for rule in RULES if rule.name == f"phone.{name}"]
    return rule


def deletes(name, number):
    """A dry run tells, a run does, a second run finds nothing."""
    rule, today = rule_of(name), clock.today()
    assert rule.run(today, dry_run=True) == number
    assert rule.run(today) == number
    assert rule.run(today) == 0


def ago(days):
    return clock.now() - timedelta(days=days)


def test_it_works(db):
    """After 90 days nobody can tell which phone sent what."""
    for age in (90, 91):
        day = clock.today() - timedelta(days=age)
        Fact.objects.create(id=uuid4(), device=uuid4(), digest="x", day=day)
    deletes("devices", 1)
    assert Fact.objects.filter(device=None).count() == 1


def test_phones_out_of_use_are_forgotten(cast):
    make_phone(cast.aino, revoked_at=ago(92))
    make_phone(cast.aino, revoked_at=ago(80))
    make_phone(cast.aino, last_contact=ago(200))
    deletes("out_of_use", 1)


def test_phones_of_who_left_are_forgotten_when_silent(cast):
    make_phone(cast.aino, last_contact=ago(92))
    make_phone(cast.aino, last_contact=ago(80))
    cast.aino.is_active = False
    cast.aino.save()
    deletes("out_of_use", 1)


def waiting(phone, **over):
    return Quarantined.objects.create(
        device=phone, reason="revoked", sealed=b"", on=clock.today(), **over
    )


def test_a_phone_something_waits_of_stays(cast):
    phone = make_phone(cast.aino, revoked_at=ago(92))
    row = waiting(phone)
    deletes("out_of_use", 0)
    row.resolved_at = clock.now()
    row.save()
    deletes("out_of_use", 1)
    row.refresh_from_db()
    assert row.device is None


def test_what_waits_is_never_forgotten(cast):
    waiting(None)
    waiting(None, resolved_at=ago(89))
    waiting(None, resolved_at=ago(92))
    deletes("decided", 1)
    assert Quarantined.objects.waiting().count() == 1


@pytest.mark.parametrize(("age", "number"), [(89, 0), (91, 1)])
def test_notices_that_were_put_away(cast, age, number):
    day = clock.today() - timedelta(days=age)
    Dismissal.objects.create(notice="a", by=cast.aino, on=day)
    deletes("notices", number)


def test_old_codes(cast):
    actions.make_code(cast.aino, nonce="1", name="a", worker=cast.aino)
    actions.make_code(cast.aino, nonce="2", name="b", worker=cast.aino)
    EnrolCode.objects.filter(name="a").update(expires_at=ago(3))
    deletes("codes", 1)
    assert not Device.objects.exists()
