"""What the tests of the month start from."""

from datetime import date, time

from rinnalla import testing
from rinnalla.planning.models import Rhythm


def make_rhythm(cast, weekday="WE", people=(), **over):
    """A place gone to every week 9-12, looked after by these people."""
    fields = {"name": "Rantatupa", "kind": "day_centre", "required_staffing": 1}
    site = testing.make_site(cast, **fields | over)
    site.responsible.set(people)
    return Rhythm.objects.create(
        site=site,
        rule=f"FREQ=WEEKLY;BYDAY={weekday}",
        since=date(2026, 1, 1),
        starts=time(9),
        ends=time(12),
    )
