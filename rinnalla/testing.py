"""The cast and the rows tests start from; only tests use it.

The names tell the right: Aino works in the team, Kaisa coordinates it, Leena leads,
Outi is an outsider from another team, Reijo works for a partner with an agreement,
Paula for one without, Hannu runs the system.
"""

import uuid
from datetime import date, time
from types import SimpleNamespace

from rinnalla.access.models import Municipality, Organisation, Team, Worker
from rinnalla.access.roles import Role
from rinnalla.encounters.actions import Fact, Refused, record_facts
from rinnalla.encounters.models import Count, Encounter, ImportBatch, ImportSource
from rinnalla.encounters.voices.actions import let_write, open_board
from rinnalla.lib import clock
from rinnalla.planning.models import Event, Site, SiteCard, Visit

PASSWORD = "lumi-narskuu-saappaan-alla"


def make_worker(name, role, organisation, team=None, **over):
    """A signed-up worker with the cast's password."""
    worker = Worker(
        name=name,
        email=f"{name.split()[0].lower()}@example.fi",
        role=role,
        organisation=organisation,
        team=team,
        **over,
    )
    worker.set_password(PASSWORD)
    worker.save()
    return worker


def make_cast():
    """The county, two teams, two partners and seven people."""
    county = Organisation.objects.create(name="Järvi-Savo", sector="county")
    parish = Organisation.objects.create(
        name="Rantalan seurakunta", sector="parish", agreed_on=date(2025, 1, 15)
    )
    ngo = Organisation.objects.create(name="Kulkijat ry", sector="ngo")
    team = Team.objects.create(name="Keskinen", organisation=county)
    other = Team.objects.create(name="Pohjoinen", organisation=county)
    return SimpleNamespace(
        county=county,
        parish=parish,
        ngo=ngo,
        team=team,
        other_team=other,
        aino=make_worker("Aino Aalto", Role.WORKER, county, team),
        kaisa=make_worker("Kaisa Koski", Role.COORDINATOR, county, team),
        leena=make_worker("Leena Lehto", Role.LEADER, county),
        outi=make_worker("Outi Oja", Role.WORKER, county, other),
        reijo=make_worker("Reijo Ranta", Role.PARTNER, parish),
        paula=make_worker("Paula Puro", Role.PARTNER, ngo),
        hannu=make_worker("Hannu Hovi", Role.ADMINISTRATOR, county),
    )


def make_site(cast, **over):
    """A food queue of the team in Kuopio."""
    fields = {
        "name": "Leipätupa",
        "kind": "food_distribution",
        "municipality": Municipality.objects.get(code="297"),
        "team": cast.team,
    }
    return Site.objects.create(**fields | over)


def make_card(site, **over):
    """The first version of a site's card."""
    fields = {
        "version": 1,
        "why": "Kerralla kohdataan paljon ihmisiä.",
        "when": "Kuukauden toinen torstai klo 10–12.",
        "where": "Piha, josta jono kiertää.",
        "resources": "Kaksi omaa työntekijää.",
        "features": "Kaikki eivät halua tulla kohdatuksi.",
        "reviewed_on": date(2026, 1, 14),
    }
    return SiteCard.objects.create(site=site, **fields | over)


def make_visit(cast, site=None, workers=(), **over):
    """A planned visit of the team; give status, day or workers as needed."""
    site = site or Site.objects.filter(team=cast.team).first() or make_site(cast)
    fields = {
        "site": site,
        "team": site.team,
        "organisation": cast.county,
        "day": date(2026, 3, 12),
        "starts": time(10),
        "ends": time(12),
    }
    visit = Visit.objects.create(**fields | over)
    visit.workers.set(workers or [cast.aino])
    return visit


def make_met(visit, number, **over):
    """So many met on a visit, as one row."""
    return Count.objects.create(visit=visit, number=number, **{"kind": "met"} | over)


def make_guided(visit, times=1, **over):
    """So many meetings of guided people on a visit."""
    return [Encounter.objects.create(visit=visit, **over) for _ in range(times)]


def make_event(cast, visit=None, **over):
    """An announced event of today with a thing that lacks, a board and a thought."""
    fields = {"team": cast.team, "name": "Asunnottomien yö", "day": clock.today()}
    event = Event.objects.create(visit=visit, **fields | over)
    event.materials.create(code="tent")
    key = uuid.uuid4()
    asked = {"question": "Miltä yö näyttää?", "day": event.day, "event": event}
    board = open_board(cast.kaisa, key=key, team=cast.team, **asked)
    let_write(cast.kaisa, board, True)
    for is_waiting in (True, False):
        board.voices.create(text="Kylmältä.", how="phone", is_waiting=is_waiting)
    return event


def tell(by, visit, fact="count", *, id=None, device=None, at=None, **data):
    """Store one fact as a phone's batch brings it; its id. Raises Refused.

    A count is one person met unless told otherwise.
    """
    usual = {"kind": "met", "number": 1} if fact == "count" else {}
    told = Fact(visit, fact, id or uuid.uuid4(), device, usual | data, at)
    [why] = record_facts(by, [told])
    if why is not None:
        raise Refused(why)
    return told.id


def make_import(cast, state, **report):
    """An import of the team that stands at this step, with one place still unknown."""
    told = {"row": 3, "column": "Kohdatut", "message": "Kirjoita luku."}
    place = {"key": "tori|", "name": "Tori", "municipality": "", "kind": ""}
    names = ["Paikka", "Päivä", "Kohdatut"]
    return ImportBatch.objects.create(
        source=ImportSource.objects.get_or_create(name="Tiimin Excel")[0],
        team=cast.team,
        started_by=cast.kaisa,
        started_at=clock.cut(clock.now()),
        moved_at=clock.now(),
        state=state,
        shape="visit",
        mapping={"site": "Paikka", "date": "Päivä", "met": "Kohdatut"},
        report={
            "columns": names,
            "sample_columns": {name: ["1", "2"] for name in names},
            "formulas": ["C2"],
            "sheets": [[0, "Tammi"], [1, "Helmi"]],
            "refused": "…",
            **{"visits": 26, "met": 2017, "guided": 41, "new": 26},
            **{"contradictions": [told], "contradiction_count": 1},
            **{"doubles": [told], "double_count": 1},
            "unknown": [place | {"visits": 26, "row": 2}],
            **report,
        },
    )
