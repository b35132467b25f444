"""A little of everything in every room, so that pages have rows, links and forms."""

import uuid
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rinnalla import testing
from rinnalla.access import invitations
from rinnalla.encounters.models import Observation, VoiceBoard
from rinnalla.encounters.voices import actions as voices
from rinnalla.lib import clock
from rinnalla.phone.tests.phones import make_phone, text_waits, wait
from rinnalla.planning import actions
from rinnalla.planning.booking import actions as booking
from rinnalla.planning.calendars import actions as calendars
from rinnalla.planning.duty import actions as duty
from rinnalla.planning.models import AlarmCall, Decision, Event, PublicLine
from rinnalla.planning.notes import actions as notes
from rinnalla.planning.public import feedback_actions as feedback
from rinnalla.planning.rhythm import actions as rhythms
from rinnalla.planning.safety import actions as safety
from rinnalla.planning.safety.watching import Watch
from rinnalla.planning.tests.month.making import make_rhythm
from rinnalla.planning.tests.requests.asked import make_request
from rinnalla.planning.tests.safety.people import late_alarm
from rinnalla.tests.spider import Spider

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Who walks, by the cast's names; None has not signed in.
ROLES = ["aino", "kaisa", "leena", "reijo", "paula", "hannu", None]


@pytest.fixture
def small_county(cast):
    """A site with its card and visits planned, under way and done."""
    site = testing.make_site(cast)
    testing.make_card(site)
    today = clock.today()
    testing.make_visit(cast, site, day=today)
    begun = {"status": "under_way", "started_at": clock.cut(clock.now())}
    under_way = testing.make_visit(cast, site, day=today, **begun)
    testing.make_met(under_way, 12)
    testing.make_guided(under_way, 2)
    testing.make_met(testing.make_visit(cast, site, status="done"), 30)
    theirs = testing.make_visit(cast, site, organisation=cast.parish, day=today)
    theirs.workers.set([cast.reijo])
    late_alarm(cast.aino, is_home_visit=True, place="Rantakatu 5")
    late_alarm(testing.make_worker("Ossi Orava", "worker", cast.county, cast.team))
    phone = make_phone(cast.aino, unsent=2, highest=4, lost=[[1, 1]])
    make_phone(team=cast.team)
    for reason in ("revoked", "other_version"):
        wait(cast, reason, under_way, device=phone)
    text_waits(cast, under_way)
    for state in ("done", "refused", "staging", "read", "checked"):
        testing.make_import(cast, state)
    testing.make_event(cast, under_way)
    return cast


@pytest.fixture
def every_state(small_county):
    """The same, with a row of each state that shows a form, and links of letters."""
    cast, today = small_county, clock.today()
    site = testing.make_site(cast, name="Rantatori", needed_kit=["leaflets"])
    tomorrow = today + timedelta(days=1)
    done = testing.make_visit(cast, site, day=today, status="done")
    testing.make_met(done, 3), testing.make_guided(done)
    Observation.objects.create(
        visit=done, site=site, day=today, text="Hinnat nousivat.", phenomena=[]
    )
    off = {"status": "cancelled", "cancel_reason": "weather"}
    called_off = testing.make_visit(cast, site, day=today, **off)
    begun = actions.street_visit(cast.aino, key=uuid.uuid4(), site=site)
    coming = testing.make_visit(cast, site, day=today, kit=["leaflets"])
    actions.make_guest_link(cast.aino, coming, nonce="n")
    actions.retire_site(cast.kaisa, testing.make_site(cast, name="Vanha tori"))
    put_rhythm(cast, tomorrow)
    ask_things(cast, site)
    wait(cast, "revoked", done), wait(cast, "revoked", done)
    Event.objects.create(team=cast.team, name="Messut", day=tomorrow)
    told = {"key": uuid.uuid4(), "sector": "parish", "matter": "visit"}
    duty.count_call(cast.aino, **told)
    hours = {"day": tomorrow, "starts": time(9), "ends": time(11)}
    duty.set_turns(cast.aino, worker=cast.aino, partner=None, weeks=1, **hours)
    booking.open_times(cast.aino, site, weeks=2, **hours)
    calendars.make_feed(cast.aino, "own")
    told = {"key": uuid.uuid4(), "team": cast.team, "text": "Tuodaan esitteet."}
    notes.write(cast.aino, site=site, is_promise=True, **told)
    told = {"kind": "threat", "day": today, "text": "Uhkailtiin.", "site": site}
    safety.note_incident(cast.aino, key=uuid.uuid4(), **told)
    elsewhere = Client()
    elsewhere.force_login(cast.aino, backend=BACKEND)
    elsewhere.get(reverse("access:me"))
    stuck = testing.make_import(cast, "checking")
    stuck.moved_at = clock.now() - timedelta(days=1)
    stuck.save()
    invited = testing.make_worker("Tuuli Tamminen", "worker", cast.county, cast.team)
    invited.set_unusable_password()
    invited.save()
    cast.doors = doors(cast, site, invited)
    states = [
        reverse("planning:visit", args=[visit.pk])
        for visit in (done, called_off, begun, coming)
    ]
    cast.chosen = {"aino": states, "kaisa": [*chosen(site), *states]}
    return cast


def put_rhythm(cast, day):
    """A place gone to every week, with a day left out."""
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    rhythm = make_rhythm(cast, names[day.weekday()])
    later = day + timedelta(days=7)
    rhythms.change_day(cast.kaisa, rhythm, day=later, reason="staff_ill")


def ask_things(cast, site):
    """Requests and feedback that wait, one of each held back; an open page."""
    make_request()
    make_request(is_held=True)
    for is_held in (False, True):
        told = {"text": "Nappi ei näy.", "language": "fi", "is_held": is_held}
        feedback.give(key=uuid.uuid4(), **told)
    PublicLine.objects.create(site=site, code="abc2345", sign="blue_vest")


def doors(cast, site, invited):
    """The addresses that stand in letters and on posters only."""
    Watch().turn(clock.now(), 0)
    call = AlarmCall.objects.filter(kind="call").first()
    board = VoiceBoard.objects.first()
    booked = booking.book(site, site.slots.latest("day"), nonce="n")
    return [
        reverse("planning:safety_answer", args=[safety.token_of(call)]),
        reverse("encounters:say", args=["fi", voices.secret_of(board.pk)]),
        f"/open/fi/book/{booking.make_link(cast.aino, site, nonce='n')}",
        f"/open/fi/booking/{booking.secret_of_booking(booked, 'n')}",
        invitations.path_to(invited),
    ]


def chosen(site):
    """Pages a coordinator comes to by choosing and pressing, by no link."""
    return [
        reverse(f"statistics:review_{answer}", args=[site.pk])
        for answer in Decision.values
    ]


def walk(cast, role, of_each=1):
    """The client of a role and everything it can reach, also by links of letters."""
    client = Client(raise_request_exception=False)
    if role:
        client.force_login(getattr(cast, role), backend=BACKEND)
    starts = ["/", "/account/login/", *getattr(cast, "doors", ())]
    starts += getattr(cast, "chosen", {}).get(role, [])
    return client, Spider(client, of_each).walk(starts)
