"""A little of everything in every room, so that pages have rows, links and forms."""

import pytest
from django.test import Client

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.phone.tests.phones import make_phone, text_waits, wait
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


def walk(cast, role):
    """The client of a role and everything it can reach."""
    client = Client(raise_request_exception=False)
    if role:
        client.force_login(getattr(cast, role), backend=BACKEND)
    return client, Spider(client).walk(["/", "/account/login/"])
