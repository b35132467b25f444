"""What the keeper of the fault tests' server does itself: makes and looks at rows."""

import re
import secrets
from datetime import timedelta

from django.core.management import call_command
from django.db import transaction
from django.db.models import Count as HowMany
from django.db.models import Q, Sum
from django.test import Client

from rinnalla import testing
from rinnalla.access.models import Worker
from rinnalla.encounters.models import Count, Encounter
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone import notices, sealing
from rinnalla.phone.guards import digest_of_token
from rinnalla.phone.models import Device, Fact, Quarantined
from rinnalla.planning.models import Site, Visit
from rinnalla.statistics.actions import recount_stale
from rinnalla.statistics.models import DayCount

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def prepare():
    """Tables, facts, the cast and a place."""
    call_command("migrate", verbosity=0)
    call_command("load_facts", verbosity=0)
    testing.make_site(testing.make_cast())


def make_phone():
    """A phone of Aino's, taken into use: {device, token}."""
    return _phone_of(_aino())


def make_phones(number):
    """So many phones, each of a worker of its own with a started visit.

    One person has few phones: what the door says of them is worked out anew each time.
    """
    with transaction.atomic():
        workers = [_another() for _ in range(number)]
        return [_phone_of(worker) | {"visit": _visit_of(worker)} for worker in workers]


def _aino():
    return Worker.objects.get(name="Aino Aalto")


def _another():
    """A new worker of Aino's team."""
    aino, name = _aino(), secrets.token_hex(6)
    return Worker.objects.create(
        name=f"Tekijä {name}",
        email=f"{name}@example.fi",
        role=aino.role,
        organisation=aino.organisation,
        team=aino.team,
    )


def _phone_of(worker):
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        name="Puhelin",
        worker=worker,
        enrolled_by=worker,
        enrolled_on=clock.today(),
        token_digest=digest_of_token(token),
    )
    return {"device": str(device.pk), "token": token}


def key():
    """The key phones seal to: {id, public}."""
    current = sealing.current_key()
    return {"id": current.id, "public": current.public}


def make_key():
    """From now on phones seal to a new key; its number."""
    return sealing.make_key().id


def make_visit(status="under_way"):
    """A visit of Aino's today, already begun unless told otherwise; its number."""
    return _visit_of(_aino(), status)


def _visit_of(worker, status="under_way"):
    site = Site.objects.get()
    visit = Visit.objects.create(
        site=site,
        team=site.team,
        organisation=worker.organisation,
        day=clock.today(),
        status=status,
        started_at=clock.cut(clock.now()) if status == "under_way" else None,
        solo_reason="familiar_place",
    )
    visit.workers.set([worker])
    return str(visit.pk)


def figures(visit):
    """What stands on a visit, from its rows: {met, guided, status}."""
    visit = Visit.objects.get(pk=visit)
    totals = totals_of(visit)
    return {"met": totals.met, "guided": totals.guided, "status": visit.status}


def rows(visit):
    """How many taps and meetings a visit has, whatever they add up to."""
    taps = Count.objects.filter(visit=visit).count()
    return taps + Encounter.objects.filter(visit=visit).count()


def door(device):
    """What the door remembers of a phone."""
    kept = Device.objects.get(pk=device)
    waiting = Quarantined.objects.filter(device=device, resolved_at=None)
    return {
        "received": kept.received,
        "lost": kept.lost,
        "highest": kept.highest,
        "unsent": kept.unsent,
        "facts": Fact.objects.filter(device=device).count(),
        "quarantined": sorted(waiting.values_list("reason", flat=True)),
    }


def revoke(device):
    """Take a phone out of use, as a coordinator does."""
    Device.objects.filter(pk=device).update(revoked_at=clock.now())


def notices_later(device):
    """What the worker is told when this phone has been silent for four days."""
    long_ago = clock.now() - timedelta(days=4)
    Device.objects.filter(pk=device).update(last_contact=long_ago)
    return notices.for_device(Device.objects.get(pk=device))


def everything():
    """What stands on every visit and what the door remembers of every phone."""
    taps = Count.objects.values_list("visit").annotate(
        n=HowMany("pk"), met=Sum("number")
    )
    kept = Encounter.objects.values_list("visit").annotate(
        n=HowMany("pk"),
        guided=HowMany("pk", filter=Q(is_undone=False)),
    )
    waiting = Quarantined.objects.values_list("device").annotate(n=HowMany("pk"))
    facts = (
        Fact.objects.exclude(device=None)
        .values_list("device")
        .annotate(n=HowMany("pk"))
    )
    phones = Device.objects.values_list("pk", "received", "lost", "highest")
    return {
        "taps": {str(visit): [n, met] for visit, n, met in taps.order_by()},
        "meetings": {str(visit): [n, met] for visit, n, met in kept.order_by()},
        "facts": {str(device): n for device, n in facts.order_by()},
        "quarantined": {str(device): n for device, n in waiting.order_by()},
        "phones": {str(pk): said for pk, *said in phones},
    }


def stored(ids):
    """Which of these facts are on the server."""
    there = Fact.objects.filter(pk__in=ids, result=Fact.Result.STORED)
    return [str(pk) for pk in there.values_list("pk", flat=True)]


def leader():
    """The month as the leader's page and the counts behind it say it, recounted."""
    recount_stale()
    sums = DayCount.objects.aggregate(met=Sum("met"), guided=Sum("guided"))
    client = Client(headers={"host": "localhost", "accept-language": "en"})
    client.force_login(Worker.objects.get(name="Leena Lehto"), backend=BACKEND)
    page = client.get("/figures/").content.decode()
    words = re.sub(r"<[^>]+>|\s+", " ", page).replace("\N{NO-BREAK SPACE}", "")
    return {"met": sums["met"] or 0, "guided": sums["guided"] or 0, "page": words}
