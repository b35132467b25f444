"""Addresses and words of requests go by rule."""

from datetime import date

import pytest
import time_machine

from rinnalla.planning.models import OutreachRequest, PageFeedback
from rinnalla.planning.public import feedback_actions
from rinnalla.planning.requests import actions
from rinnalla.planning.requests.retention import RULES
from rinnalla.planning.tests.requests.asked import make_request

DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False) as moved:
        yield moved


def run(name, today):
    (rule,) = [rule for rule in RULES if rule.name == f"planning.{name}"]
    will = rule.run(today, dry_run=True)
    done = rule.run(today)
    assert will == done
    assert rule.run(today) == 0
    return done


def test_it_works(cast):
    actions.close(cast.aino, make_request())
    assert run("request_contacts", date(2026, 11, 30)) == 0
    assert run("request_contacts", date(2026, 12, 1)) == 1
    assert OutreachRequest.objects.get().contact is None


def test_an_open_request_keeps_its_address(cast):
    make_request()
    assert run("request_contacts", date(2027, 3, 1)) == 0


def test_words_go_with_the_single_records(cast):
    make_request()
    assert run("request_words", date(2027, 12, 31)) == 0
    assert run("request_words", date(2028, 1, 1)) == 1
    row = OutreachRequest.objects.get()
    assert (row.why, row.contact, row.asker) == ("", None, "Rantalan seurakunta")


def test_held_ones_go_in_a_month(cast):
    make_request(is_held=True)
    make_request()
    assert run("held_requests", date(2026, 12, 24)) == 1
    assert OutreachRequest.objects.count() == 1


def test_answered_feedback_goes(cast):
    import uuid

    row = feedback_actions.give(key=uuid.uuid4(), text="Nappi.", language="fi")
    assert run("feedback", date(2027, 6, 1)) == 0
    feedback_actions.answer(cast.kaisa, row, answer="Korjattu.")
    assert run("feedback", date(2027, 6, 1)) == 1
    assert not PageFeedback.objects.exists()
