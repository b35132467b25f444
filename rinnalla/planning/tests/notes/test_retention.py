"""A team's notes go after thirty days, promises too."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning.models import TeamNote
from rinnalla.planning.retention import RULES


def note(cast, days, **over):
    written_on = clock.today() - timedelta(days=days)
    fields = {"team": cast.team, "day": written_on, "text": "Avain hyllyssä."}
    return TeamNote.objects.create(written_on=written_on, **fields | over)


def run(*, dry_run=False):
    rule = next(rule for rule in RULES if rule.name == "planning.notes")
    return rule.run(clock.today(), dry_run=dry_run)


def test_it_works(cast):
    kept = note(cast, 30)
    note(cast, 31)
    note(cast, 31, is_promise=True)
    assert run(dry_run=True) == 2
    assert TeamNote.objects.count() == 3
    assert run() == 2
    assert list(TeamNote.objects.all()) == [kept]
    assert run() == 0


def test_the_page_says_the_day_it_goes(cast):
    written = note(cast, 0)
    assert written.leaves_on == clock.today() + timedelta(days=31)


@pytest.mark.parametrize("where", ["both", "neither"])
def test_a_note_is_on_a_place_or_a_day(cast, where):
    site = testing.make_site(cast) if where == "both" else None
    day = clock.today() if where == "both" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        note(cast, 0, site=site, day=day)
