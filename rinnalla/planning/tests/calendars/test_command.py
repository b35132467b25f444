"""manage.py calendar_feed"""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rinnalla.lib import clock
from rinnalla.planning.calendars import actions
from rinnalla.planning.models import CalendarFeed
from rinnalla.planning.tests.calendars.reading import by_python
from rinnalla.testing import make_visit


def told(*arguments):
    out = StringIO()
    call_command("calendar_feed", *arguments, stdout=out)
    return out.getvalue()


def test_it_works(cast):
    visit = make_visit(cast, day=clock.today() + timedelta(days=1))
    text = told("--worker", "aino@example.fi")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert list(by_python(text.encode())) == [str(visit.pk)]
    assert not CalendarFeed.objects.exists()


def test_the_team_and_json(cast):
    make_visit(cast, day=clock.today(), workers=[cast.kaisa])
    answer = json.loads(told("--worker", "AINO@example.fi", "--team", "--json"))
    assert answer["visits"] == 1
    assert by_python(answer["calendar"].encode())


def test_a_lost_phone(cast):
    actions.make_feed(cast.aino, CalendarFeed.Kind.OWN)
    actions.make_feed(cast.aino, CalendarFeed.Kind.TEAM)
    who = ("--worker", "aino@example.fi", "--close")
    assert told(*who, "--dry-run").strip() == "closed 2"
    assert CalendarFeed.objects.count() == 2
    assert json.loads(told(*who, "--json"))["closed"] == 2
    assert not CalendarFeed.objects.exists()


def test_nobody_by_that_name(cast):
    with pytest.raises(CommandError):
        told("--worker", "nobody@example.fi")
