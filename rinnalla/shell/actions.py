"""What the shell writes itself: the worker's beat, the nights, the demo county."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from rinnalla.access import audit
from rinnalla.access.models import Organisation, Team, Worker
from rinnalla.encounters.models import Count, Encounter, Observation, WrapUp
from rinnalla.lib import clock
from rinnalla.phone.models import Device
from rinnalla.planning.actions import note_familiar
from rinnalla.planning.models import Site, StaleMonth, Visit
from rinnalla.shell.demo import county
from rinnalla.shell.demo.actions import give_rhythm
from rinnalla.shell.demo.asking import add_asking
from rinnalla.shell.demo.events import add_events
from rinnalla.shell.demo.kept import add_kept
from rinnalla.shell.demo.ladders import add_ladders
from rinnalla.shell.demo.meetings import key_of
from rinnalla.shell.demo.notes import add_notes
from rinnalla.shell.demo.rhythms import fields_of
from rinnalla.shell.demo.rows import (
    MONTHS,
    Known,
    Rows,
    add,
    card_of,
    first_day,
    plans,
)
from rinnalla.shell.models import Beat, JobSlot, NightRun

BEAT_EVERY = timedelta(seconds=10)
PHONES_SINCE = timedelta(days=120)


def beat(process):
    """Note that a process is alive and well; at most every ten seconds."""
    now = clock.now()
    last = Beat.objects.filter(pk=process, at__gt=now - BEAT_EVERY, at__lte=now)
    if not last.exists():
        Beat.objects.update_or_create(pk=process, defaults={"at": now})


def start_once(job, slot, task):
    """Start a job for a slot of time unless somebody has; both or neither are kept."""
    # Asked every second: a plain look does not take the database's lock for writing.
    if JobSlot.objects.filter(job=job, slot=slot).exists():
        return False
    with transaction.atomic():
        _slot, is_first = JobSlot.objects.get_or_create(job=job, slot=slot)
        if is_first:
            task.enqueue()
    return is_first


@transaction.atomic
def note_night(steps):
    """Keep the proof of a night: what each step came to, in numbers."""
    now = clock.now()
    runs = NightRun.objects.bulk_create(
        NightRun(at=now, step=step.name, rows=step.rows, fault=step.fault)
        for step in steps
    )
    audit.log(None, "night.run", runs[-1], count=sum(run.rows for run in runs))


def delete(rows, *, dry_run):
    """Delete these rows, or only count them; how many there were."""
    number = rows.count()
    if not dry_run:
        rows.delete()
    return number


# --- The demo county ------------------------------------------------------------------


@transaction.atomic
def load_demo(months=MONTHS):
    """Load so many months of the invented county, or what came since last time.

    Written straight into the tables in large steps: visits of a year and a half, made
    one tap at a time, would take minutes. Returns how many visits were added.
    """
    today = clock.today()
    known = _who_and_where(today)
    new = _new_plans(today, months)
    rows = Rows()
    for plan in new:
        add(rows, plan, known, today)
    _write(rows)
    _mark_stale(rows.visits)
    add_kept(known, today)
    note_familiar()
    add_events(known, today)
    add_asking(known, today)
    add_ladders(known)
    add_notes(known, today)
    if rows.visits:
        demo = known.organisations[county.COUNTY]
        audit.log(None, "demo.loaded", demo, count=len(rows.visits))
    return len(rows.visits)


def _who_and_where(today):
    organisations = {
        name: Organisation.objects.get_or_create(
            name=name,
            defaults={"sector": sector, "agreed_on": agreed, "ends_on": ends},
        )[0]
        for name, (sector, agreed, ends) in county.ORGANISATIONS.items()
    }
    teams = {
        name: Team.objects.get_or_create(
            name=name, defaults={"organisation": organisations[whose]}
        )[0]
        for name, whose in county.TEAMS.items()
    }
    people = _people(organisations, teams)
    _phones(people, teams, today)
    known = Known(sites={}, people=people, organisations=organisations)
    for place in county.PLACES:
        site = known.sites[place.name] = _site(place, known, teams, today)
        rhythm = fields_of(place, first_day(today, MONTHS))
        known.rhythms[place.name] = give_rhythm(site, **rhythm)
    return known


def _people(organisations, teams):
    # One hashing for all: they share the demo's password.
    password = make_password(settings.DEMO_PASSWORD)
    return {
        person.name: Worker.objects.get_or_create(
            email=person.email,
            defaults={
                "name": person.name,
                "role": person.role,
                "team": teams.get(person.team),
                "organisation": organisations[person.organisation],
                "password": password,
            },
        )[0]
        for person in county.PEOPLE
    }


def _phones(people, teams, today):
    """The phones, last heard of the evening before; nobody holds a token to them."""
    for phone in county.PHONES:
        Device.objects.get_or_create(
            pk=phone.key,
            defaults={
                "name": phone.name,
                "worker": people[phone.person.name] if phone.person else None,
                "team": None if phone.person else teams[phone.team],
                "token_digest": phone.no_token,
                "enrolled_by": people[county.SARI.name],
                "enrolled_on": today - PHONES_SINCE,
            },
        )
        seen = clock.at(today - timedelta(days=1), *phone.last_seen)
        Device.objects.alive().filter(pk=phone.key).update(last_contact=seen)


def _site(place, known, teams, today):
    site, is_new = Site.objects.get_or_create(
        name=place.name,
        team=teams[place.team],
        municipality_id=place.municipality,
        is_ad_hoc=False,
        defaults={
            "kind": place.kind,
            "area": place.area,
            "host": known.organisations.get(place.host),
            "host_phone": place.phone,
            "required_staffing": place.staffing,
            "host_gives_pair": place.gives_pair,
            "needed_kit": list(place.kit),
            "needs_car": place.needs_car,
            "season_from": place.season[0] if place.season else None,
            "season_to": place.season[1] if place.season else None,
            "guided_counts_as_met": not place.is_queue,
        },
    )
    if is_new:
        keepers = known.keepers(place, today)
        site.responsible.set(keepers)
        card_of(place, site, keepers[0], today).save()
    return site


def _new_plans(today, months):
    """The visits that are not there yet, and those whose day has passed unrecorded."""
    unrecorded = Visit.objects.filter(status=Visit.Status.PLANNED, day__lt=today)
    places = {place.name: place for place in county.PLACES}
    ours = [
        visit.pk
        for visit in unrecorded.select_related("site")
        if visit.site.name in places
        and visit.pk == key_of(places[visit.site.name], visit.day)
    ]
    Visit.objects.filter(pk__in=ours).delete()
    there = set(Visit.objects.values_list("pk", flat=True))
    wanted = plans(county.PLACES, today, months)
    return [plan for plan in wanted if plan.key not in there]


def _write(rows):
    Visit.objects.bulk_create(rows.visits, batch_size=200)
    went = Visit.workers.through
    went.objects.bulk_create(
        [went(visit=visit, worker=person) for visit, person in rows.went],
        batch_size=300,
    )
    for model, made in (
        (Count, rows.counts),
        (Encounter, rows.meetings),
        (WrapUp, rows.wrap_ups),
        (Observation, rows.observations),
    ):
        model.objects.bulk_create(made, batch_size=200)


def _mark_stale(visits):
    months = {(visit.site_id, visit.day.replace(day=1)) for visit in visits}
    StaleMonth.objects.bulk_create(
        StaleMonth(site_id=site, month=month) for site, month in sorted(months)
    )
