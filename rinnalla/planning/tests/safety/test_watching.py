"""Turns of the watch at any hour: mail away, clocks that jump, faults apart."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.models import Alarm, AlarmCall, CheckIn
from rinnalla.planning.safety import actions, ladder, reading, sending, watching
from rinnalla.planning.safety.watching import Watch
from rinnalla.planning.tests.safety import mail as mail_server
from rinnalla.planning.tests.safety.people import (
    call_for_help,
    late_alarm,
    make_ladder,
    set_out,
)
from rinnalla.shell.models import Beat
from rinnalla.shell.watch import Loop, Ticker

MINUTE = timedelta(minutes=1)


def turn(watch=None, *, later=0):
    """One turn so many minutes from now."""
    now = clock.now() + later * MINUTE
    with time_machine.travel(now, tick=False):
        (watch or Watch()).turn(now, 0)


def told():
    """Who has been written to, in order."""
    return [letter.to[0].split("@")[0] for letter in mail.outbox]


def test_it_works(team):
    set_out(team.aino, minutes=10, pair=team.ossi)
    turn(later=9)
    assert told() == []
    turn(later=10)
    assert sorted(told()) == ["aino", "ossi"]
    turn(later=10)
    turn(later=14)
    assert len(told()) == 2
    turn(later=15)
    assert told()[2:] == ["kaisa"]
    turn(later=20)
    assert told()[3:] == ["niilo"]


def test_at_last_everybody_again_and_again(team):
    late_alarm(team.aino, pair=team.ossi)
    watch = Watch()
    for minute in range(0, 61, 5):
        turn(watch, later=minute)
    assert told().count("kaisa") >= 5
    assert Alarm.objects.get().closed_at is None


def test_first_to_take_it_owns_it_and_the_others_hear(team):
    alarm = late_alarm(team.aino, minutes=6)
    turn()
    assert set(told()) == {"aino", "kaisa", "niilo"}
    actions.take(team.niilo, alarm)
    with pytest.raises(actions.Taken):
        actions.take(team.kaisa, alarm)
    turn()
    assert told()[3:] == ["kaisa"]
    assert "Niilo" in mail.outbox[-1].body
    assert "http" not in mail.outbox[-1].body


def test_closed_it_is_told_and_then_quiet(team):
    alarm = late_alarm(team.aino, minutes=6)
    watch = Watch()
    turn(watch)
    actions.take(team.niilo, alarm)
    actions.close(team.niilo, alarm, how="safe")
    turn(watch)
    assert told()[3:] == ["kaisa"] and "suljettu" in mail.outbox[-1].body
    for minute in (1, 60, 600):
        turn(watch, later=minute)
    assert len(told()) == 4


def test_home_before_anybody_looked_still_needs_somebody(team):
    alarm = late_alarm(team.aino)
    turn()
    actions.home_safe(team.aino, alarm.check_in)
    for minute in (0, 30, 90):
        turn(later=minute)
    assert told() == ["kaisa", "aino", "kaisa"] or told() == ["aino", "kaisa", "kaisa"]
    assert Alarm.objects.get().closed_at is None


def test_a_call_for_help_is_not_rested_by_home_safe(team):
    alarm = call_for_help(team.aino, place="Tori")
    actions.home_safe(team.aino, alarm.check_in)
    turn(later=3)
    assert {"kaisa", "niilo", "ossi"} <= set(told())
    assert CheckIn.objects.get().sealed_place is not None


def test_lateness_that_was_taken_becomes_a_call_for_help(team):
    alarm = late_alarm(team.aino, minutes=6)
    turn()
    actions.take(team.niilo, alarm)
    turn()
    mail.outbox.clear()
    for _press in range(2):
        row = actions.call_for_help(team.aino)
    assert row.owner is None and row.pk == alarm.pk
    turn()
    turn()
    assert sorted(told()) == ["kaisa", "niilo"]
    assert all("Apua" in letter.body for letter in mail.outbox)
    turn(later=2)
    assert told()[2:] == ["ossi"]
    assert AuditEvent.objects.filter(action="safety.called_for_help").count() == 1


def test_lateness_nobody_took_becomes_a_call_for_help_at_once(team):
    late_alarm(team.aino, minutes=6)
    turn()
    mail.outbox.clear()
    actions.call_for_help(team.aino)
    turn()
    assert sorted(told()) == ["kaisa", "niilo"]


def test_who_holds_it_hears_of_home_safe(team):
    alarm = late_alarm(team.aino, minutes=6)
    actions.take(team.niilo, alarm)
    turn()
    mail.outbox.clear()
    actions.home_safe(team.aino, alarm.check_in)
    turn()
    assert told() == ["niilo"] and "kaikki on hyvin" in mail.outbox[0].body


def test_the_same_one_may_take_it_again(team):
    alarm = late_alarm(team.aino, minutes=6)
    actions.take(team.niilo, alarm)
    with time_machine.travel(clock.now() + 31 * MINUTE, tick=False):
        actions.take(team.niilo, alarm)
        turn()
        turn(later=29)
    assert "kaisa" not in told() and "ossi" not in told()


def test_whom_a_late_letter_reaches_hears_of_the_closing(team):
    alarm = late_alarm(team.aino, minutes=6)
    watch = Watch()
    actions.write_calls(
        alarm,
        {ladder.Call("call", 0, team.kaisa.pk)},
        {team.kaisa.pk: ["mail"]},
        clock.now(),
    )
    call = AlarmCall.objects.get()
    actions.take(team.niilo, alarm)
    actions.close(team.niilo, alarm, how="safe")
    batch = sending.Batch("mail", {call.pk}, None, 0)
    watch.sender.batches.append(batch)
    watch.note = lambda *_told: None
    turn(watch)
    watch.sender.batches.remove(batch)
    actions.note_sent({call.pk}, clock.now())
    turn(watch)
    assert told() == ["kaisa"] and "suljettu" in mail.outbox[0].body


def tables_asked(act):
    """The tables of which one row was asked for, in order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    found = [
        re.search(r'FROM "planning_(alarm|checkin)" WHERE', one["sql"]) for one in asked
    ]
    return [one[1] for one in found if one]


def test_a_check_in_is_held_before_its_alarm(team):
    """In one order everywhere, or two at once wait for each other for ever."""
    alarm = late_alarm(team.aino, minutes=6)
    help = tables_asked(lambda: actions.call_for_help(team.aino, alarm.check_in))
    actions.take(team.niilo, alarm)
    alarm = Alarm.objects.get()
    close = tables_asked(lambda: actions.close(team.niilo, alarm, how="safe"))
    for order in (help, close):
        assert "alarm" in order[1:]
        assert order.index("checkin") < order.index("alarm")


def test_the_subject_tells_nothing_and_the_letter_little(team):
    late_alarm(team.aino, place="Rantakatu 5", is_home_visit=True)
    turn()
    letter = next(one for one in mail.outbox if one.to == [team.kaisa.email])
    assert letter.subject == "Rinnalla: avaa tämä heti"
    assert "Kotikäynti" in letter.body and "Rantakatu" not in letter.body
    assert "Aalto" not in letter.body


def test_each_reads_in_the_own_language(team):
    team.kaisa.language = "sv"
    team.kaisa.save()
    late_alarm(team.aino)
    turn()
    letter = next(one for one in mail.outbox if one.to == [team.kaisa.email])
    assert letter.subject == "Rinnalla: öppna det här genast"


@pytest.fixture
def away(settings):
    settings.EMAIL_BACKEND = mail_server.HERE
    mail_server.AWAY["is_so"] = True
    yield mail_server.AWAY
    mail_server.AWAY["is_so"] = False


def test_mail_down_for_an_hour_loses_nobody(team, away):
    """Three alarms, one that comes in the middle; a watch that is started anew."""
    home = {"place": "Rantakatu 5", "is_home_visit": True}
    late = late_alarm(team.aino, pair=team.ossi, **home)
    help = call_for_help(team.kaisa, place="Tori")
    set_out(team.niilo, minutes=30)
    watch = Watch()
    for minute in range(60):
        turn(Watch() if minute == 40 else watch, later=minute)
    assert told() == [] and Alarm.objects.open().count() == 3
    assert not AlarmCall.objects.exclude(sent_at=None).exists()
    away["is_so"] = False
    turn(watch, later=61)
    third = Alarm.objects.exclude(pk__in=[late.pk, help.pk]).get()
    for alarm in (late, help, third):
        calls = alarm.calls.filter(kind="call")
        asked = set(calls.values_list("worker", flat=True))
        reached = calls.filter(sent_at__isnull=False)
        assert asked == set(reached.values_list("worker", flat=True)), alarm
        assert asked - reading.facts_of(alarm).out, "never the worker alone"
    assert not Alarm.objects.exclude(closed_at=None).exists()


def test_a_watch_that_was_away_catches_up(team):
    set_out(team.aino, minutes=1, pair=team.ossi)
    turn(later=120)
    assert {"aino", "ossi", "kaisa", "niilo"} <= set(told())
    assert told().count("kaisa") == 2


def test_a_clock_set_back_does_not_hold_a_call(team, away):
    late_alarm(team.aino)
    watch = Watch()
    turn(watch, later=300)
    away["is_so"] = False
    turn(watch, later=1)
    assert "kaisa" in told()


class Slow(Ticker):
    """A ticker whose seconds are told."""

    seconds = 0.0

    def elapsed(self):
        return self.seconds


def test_time_goes_on_when_the_clock_is_set_back():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        ticker = Slow()
        begin = ticker.now()
        traveller.shift(-3600)
        ticker.seconds = 600
        assert ticker.now() == begin + timedelta(seconds=600)
        traveller.shift(3600 * 3)
        assert ticker.now() == clock.now()


def test_a_clock_that_was_wrong_at_the_start_raises_nothing_early():
    real = clock.now()
    with time_machine.travel(real + timedelta(hours=3), tick=False) as traveller:
        ticker = Slow()
        traveller.move_to(real, tick=False)
        ticker.seconds = 20
        assert ticker.now() == real


def test_a_clock_set_back_is_followed_in_the_end():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        ticker = Slow()
        ticker.seconds = 3600
        ticker.now()
        ticker.seconds += 11 * 3600
        assert ticker.now() > clock.now()
        ticker.seconds += 2 * 3600
        assert ticker.now() == clock.now()
        traveller.shift(60)
        assert ticker.now() == clock.now()


def test_one_broken_alarm_does_not_hold_up_the_next(team, monkeypatch):
    broken, well = late_alarm(team.aino), late_alarm(team.ossi)
    facts_of = watching.facts_of

    def facts(alarm):
        if alarm.pk == broken.pk:
            raise ValueError
        return facts_of(alarm)

    monkeypatch.setattr(watching, "facts_of", facts)
    loop = Loop()
    loop.turn()
    assert AlarmCall.objects.filter(alarm=well, sent_at__isnull=False).exists()
    assert not Beat.objects.exists()


def test_a_well_turn_beats(team):
    Loop().turn()
    assert Beat.objects.get().pk == "watch"


# --- Any order of whatever people, servers and clocks do -------------------------


class Evening(RuleBasedStateMachine):
    """People go out, stay, come home, call; the watch is killed; the clock jumps."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.watch = clock.now(), Watch()
        self.closed_by_people = set()

    @initialize()
    def begin(self):
        cast = make_ladder(testing.make_cast())
        self.people = [cast.aino, cast.kaisa, cast.niilo, cast.ossi]

    @rule(
        who=some.integers(0, 3), along=some.integers(0, 3), minutes=some.integers(1, 90)
    )
    def go_out(self, who, along, minutes):
        worker = self.people[who]
        with self.at_this_hour():
            if CheckIn.objects.of(worker) is None:
                set_out(worker, minutes=minutes, people=[self.people[along]])

    @rule(who=some.integers(0, 3))
    def come_home(self, who):
        row = CheckIn.objects.of(self.people[who])
        if row:
            with self.at_this_hour():
                actions.home_safe(self.people[who], row)

    @rule(who=some.integers(0, 3), minutes=some.integers(1, 60))
    def stay(self, who, minutes):
        row = CheckIn.objects.of(self.people[who])
        if row:
            with self.at_this_hour():
                actions.extend(
                    self.people[who], row, due_at=self.now + minutes * MINUTE
                )

    @rule(who=some.integers(0, 3))
    def call(self, who):
        row = CheckIn.objects.of(self.people[who])
        late = row and row.alarms.open().filter(kind="overdue").first()
        with self.at_this_hour():
            alarm = actions.call_for_help(self.people[who])
        assert not late or (alarm == late and alarm.owner is None)

    @rule(who=some.integers(0, 3), closes=some.booleans())
    def answer(self, who, closes):
        for alarm in Alarm.objects.open():
            try:
                with self.at_this_hour(), transaction.atomic():
                    actions.take(self.people[who], alarm)
                    if closes:
                        actions.close(self.people[who], alarm, how="safe")
                        self.closed_by_people.add(alarm.pk)
            except (actions.OwnAlarm, actions.Taken):
                continue

    @rule(minutes=some.integers(1, 45))
    def time_passes(self, minutes):
        self.now += minutes * MINUTE

    @rule(minutes=some.integers(1, 300))
    def clock_jumps_back(self, minutes):
        self.now -= minutes * MINUTE

    @rule(is_away=some.booleans())
    def mail_goes_or_comes(self, is_away):
        mail_server.AWAY["is_so"] = is_away

    @rule()
    def watch_is_killed(self):
        self.watch = Watch()

    def at_this_hour(self):
        return time_machine.travel(self.now, tick=False)

    @invariant()
    def nobody_is_forgotten(self):
        """After any turn: who is late has an alarm; it asks others until held."""
        with self.at_this_hour():
            self.watch.turn(self.now, 0)
        late = CheckIn.objects.out().filter(due_at__lte=self.now)
        assert not late.without_alarm().exists()
        closed = set(Alarm.objects.exclude(closed_at=None).values_list("pk", flat=True))
        assert closed == self.closed_by_people
        for alarm in Alarm.objects.open():
            self.asks_somebody_else(alarm)

    def asks_somebody_else(self, alarm):
        facts = reading.facts_of(alarm)
        if ladder.is_held(facts, self.now) or ladder.is_stood_down(facts, self.now):
            return
        if facts.everybody - facts.out:
            first = 0 if facts.is_overdue else ladder.HELP_ROUND
            asked = alarm.calls.filter(kind="call", round__gte=first)
            asked = asked.exclude(worker__in=facts.out)
            assert asked.exists()

    def teardown(self):
        mail_server.AWAY["is_so"] = False
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)


def play(examples, steps):
    from hypothesis.stateful import run_state_machine_as_test

    few = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Evening, settings=few)


def test_any_evening(db, away):
    """None lost, none closed by itself, never the worker alone."""
    play(examples=8, steps=12)


@pytest.mark.proof
def test_any_of_many_evenings(db, away):
    play(examples=80, steps=30)
