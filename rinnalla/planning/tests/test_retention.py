"""Prints and guests' links grown old go; the others stay."""

from datetime import timedelta

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.models import GuestLink, MadeFile
from rinnalla.planning.retention import RULES

PRINTS, LINKS = RULES


def make_print(key, days_ago):
    asked = clock.now() - timedelta(days=days_ago)
    return MadeFile.objects.create(kind="card", key=key, asked_at=asked)


def make_link(cast, nonce, days_ago):
    link, _ = actions.make_guest_link(cast.aino, testing.make_visit(cast), nonce=nonce)
    over = clock.now() - timedelta(days=days_ago)
    GuestLink.objects.filter(pk=link.pk).update(expires_at=over)


def test_old_prints_go(db):
    make_print("old", 32)
    make_print("new", 29)
    assert PRINTS.run(clock.today(), dry_run=True) == 1
    assert MadeFile.objects.count() == 2
    assert PRINTS.run(clock.today()) == 1
    assert [file.key for file in MadeFile.objects.all()] == ["new"]
    assert PRINTS.run(clock.today()) == 0


def test_old_links_go(cast):
    make_link(cast, "old", 32)
    make_link(cast, "new", 1)
    assert LINKS.run(clock.today()) == 1
    assert GuestLink.objects.count() == 1
