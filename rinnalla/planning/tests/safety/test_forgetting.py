"""What time deletes of getting home, and who can be called at all."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rinnalla.access.models import Worker
from rinnalla.lib import clock
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import Alarm, CheckIn, IncidentNote, SafetyPass
from rinnalla.planning.retention import RULES
from rinnalla.planning.safety import actions
from rinnalla.planning.safety.reading import everybody_for
from rinnalla.planning.tests.safety.people import late_alarm, set_out

RULE = {rule.name: rule for rule in RULES}
DAY = timedelta(days=1)


def age(row, days):
    """Let a check-in have ended so many days ago."""
    CheckIn.objects.filter(pk=row.pk).update(ended_at=clock.now() - days * DAY)


def test_it_works(team):
    old, new = set_out(team.aino), set_out(team.kaisa)
    age(old, 15), age(new, 13)
    rule = RULE["planning.check_ins"]
    assert rule.run(clock.today(), dry_run=True) == 1
    assert CheckIn.objects.count() == 2
    assert rule.run(clock.today()) == 1
    assert CheckIn.objects.get() == new
    assert rule.run(clock.today()) == 0


def test_an_open_alarm_is_never_deleted(team):
    alarm = late_alarm(team.aino)
    actions.home_safe(team.aino, alarm.check_in)
    age(alarm.check_in, 400)
    assert RULE["planning.check_ins"].run(clock.today()) == 0
    actions.take(team.kaisa, alarm)
    actions.close(team.kaisa, alarm, how="safe")
    age(alarm.check_in, 400)
    assert RULE["planning.check_ins"].run(clock.today()) == 1
    assert not Alarm.objects.exists()


def test_who_is_still_out_is_never_deleted(team):
    set_out(team.aino)
    assert RULE["planning.check_ins"].run(clock.today() + 400 * DAY) == 0


def test_dangers_go_after_they_were_passed_on(team):
    told = {"kind": "fall", "day": clock.today(), "text": "Jää."}
    notes = [
        actions.note_incident(team.aino, key=uuid.uuid4(), **told) for _two in (1, 2)
    ]
    actions.pass_on(team.kaisa, notes[0], reference="")
    assert RULE["planning.incidents"].run(clock.today() + 20 * DAY) == 1
    assert IncidentNote.objects.get() == notes[1]
    waiting = RULE["planning.incidents_waiting"]
    assert waiting.run(clock.today() + 364 * DAY) == 0
    assert waiting.run(clock.today() + 367 * DAY) == 1


def test_passes_go_when_they_are_over(team):
    actions.make_pass(team.aino, make_phone(team.aino).pk, "lumi")
    assert RULE["planning.passes"].run(clock.today()) == 0
    assert RULE["planning.passes"].run(clock.today() + 3 * DAY) == 1
    assert not SafetyPass.objects.exists()


@pytest.mark.parametrize(
    "over",
    [
        {"closed_at": clock.now(), "how": "safe"},
        {"closed_at": clock.now()},
        {"how": "safe"},
        {"taken_at": clock.now()},
    ],
)
def test_the_database_lets_no_alarm_end_by_itself(team, over):
    alarm = late_alarm(team.aino)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.filter(pk=alarm.pk).update(**over)


def test_a_team_without_others_calls_every_coordinator(team):
    out = {team.outi.pk}
    everybody = everybody_for(team.other_team.pk, team.county.pk, out)
    assert everybody - out == {team.kaisa.pk, team.niilo.pk}
    Worker.objects.filter(role="coordinator").update(is_active=False)
    assert team.leena.pk in everybody_for(team.other_team.pk, team.county.pk, out)


def test_a_partner_reaches_the_own_house(team):
    other = Worker.objects.get(pk=team.paula.pk)
    other.organisation = team.parish
    other.save()
    out = {team.reijo.pk}
    assert everybody_for(None, team.parish.pk, out) == {other.pk, team.reijo.pk}


def test_whose_house_has_left_is_not_called(team):
    team.county.ends_on = clock.today() - DAY
    team.county.save()
    assert everybody_for(team.team.pk, team.county.pk, set()) <= {
        team.reijo.pk,
        team.paula.pk,
    }
