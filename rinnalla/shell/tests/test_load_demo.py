"""The demo county: lifelike, the same every time, and empty of real people."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.urls import reverse

from rinnalla.access.models import Code, Municipality, Worker
from rinnalla.encounters.models import Count, Encounter, Observation
from rinnalla.lib import clock, text_guard
from rinnalla.phone.actions import revoke_device
from rinnalla.phone.guards import digest_of_token
from rinnalla.phone.models import Device
from rinnalla.phone.reference import reader_of, reference_of
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import Site, SiteCard, StaleMonth, Visit
from rinnalla.shell.actions import load_demo
from rinnalla.shell.demo import county
from rinnalla.shell.demo.cards import CARDS, OBSERVATIONS
from rinnalla.shell.demo.meetings import outcome_of
from rinnalla.shell.demo.rows import MONTHS, TODAY
from rinnalla.statistics.models import MonthTotal, PublishedTable

WEEKDAY = re.compile("maanantai|tiistai|keskiviikko|torstai|perjantai", re.IGNORECASE)
# What the digest of a token looks like.
DIGEST = re.compile(r"[0-9a-f]{64}")


def command(months):
    out = StringIO()
    call_command("load_demo", json=True, months=months, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def demo(db, settings):
    """A short demo: quick to load, the same in kind."""
    settings.DEMO = True
    load_demo(months=4)


def test_it_works(demo):
    today = clock.today()
    assert Visit.objects.filter(status="done").count() > 250
    assert Visit.objects.filter(status="cancelled").exclude(cancel_reason="").exists()
    assert set(Worker.objects.values_list("role", flat=True)) == {
        "worker",
        "coordinator",
        "leader",
        "partner",
        "administrator",
    }
    mine = Visit.objects.filter(workers__email=county.ANNA.email, day=today)
    assert mine.filter(status="planned", site__name="Leipätupa").count() == 1
    assert mine.filter(status="planned").count() == 2
    parish = Visit.objects.filter(workers__email=county.REIJO.email, day=today)
    assert parish.filter(status="planned").count() == 1
    assert StaleMonth.objects.exists()


def test_it_loads_into_an_empty_database(db, settings):
    settings.DEMO = True
    Code.objects.all().delete()
    Municipality.objects.all().delete()

    assert command(months=1)["visits"] > 0
    assert Code.objects.exists()


@pytest.mark.parametrize("place", [*TODAY, county.DAY_CENTRE])
def test_no_card_contradicts_the_day_of_the_demo(place):
    """They are gone to today or yesterday, whatever day that is."""
    assert not WEEKDAY.search(place.when)


def test_yesterday_left_something_to_complete(demo):
    anna = Worker.objects.get(email=county.ANNA.email)
    yesterday = Visit.objects.get(
        workers=anna, day=clock.today() - timedelta(1), site__name="Rantatupa"
    )
    assert yesterday.encounters.unfinished().count() == 2
    told = reference_of(reader_of(make_phone(anna)))
    [waiting] = [row for row in told["visits"] if row["waits"]]
    assert (waiting["id"], len(waiting["stubs"])) == (str(yesterday.pk), 2)


def test_the_leader_finds_figures_ready(db, settings):
    settings.DEMO = True
    assert command(months=4)["visits"] > 300
    assert not StaleMonth.objects.exists()
    assert MonthTotal.objects.exists()
    assert_few_are_protected(months=3)
    assert command(months=4)["visits"] == 0


@pytest.mark.proof
def test_the_whole_demo(db, settings):
    settings.DEMO = True
    assert command(months=MONTHS)["visits"] > 1600
    first = Visit.objects.earliest("day").day
    assert timedelta(540) < clock.today() - first < timedelta(590)
    assert_few_are_protected(months=17)


def assert_few_are_protected(months):
    """On the month card at most a fifth of the shown cells may be protected."""
    tables = PublishedTable.objects.filter(level="county", span="month")
    assert tables.count() >= months
    for table in tables:
        held = [number for number in table.cells.values() if number]
        assert held.count("c") <= len(held) * 0.2, table


def test_the_team_has_phones_in_use_that_no_token_opens(demo, sign_in):
    sari = Worker.objects.get(email=county.SARI.email)
    page = sign_in(sari).get(reverse("phone:devices"))
    rows = page.context["rows"]
    assert [row.device.name for row in rows] == ["Tiimin puhelin 1", "Mikon puhelin"]
    assert [row.device.is_shared for row in rows] == [True, False]
    assert all(row.contact and row.may_revoke and not row.is_silent for row in rows)
    assert all(
        Device.objects.by_token(phone.key, digest_of_token(told)) is None
        for phone in county.PHONES
        for told in ("", phone.no_token, str(phone.key))
    )
    assert not any(DIGEST.fullmatch(d.token_digest) for d in Device.objects.all())


def test_a_phone_taken_out_of_use_stays_so(demo):
    mikko = Device.objects.get(name="Mikon puhelin")
    revoke_device(mikko.enrolled_by, mikko)
    load_demo(months=4)
    assert Device.objects.get(pk=mikko.pk).is_revoked
    assert Device.objects.count() == 2


def test_second_time_adds_nothing(demo):
    before = Encounter.objects.count(), Count.objects.count(), SiteCard.objects.count()
    assert load_demo(months=4) == 0
    after = Encounter.objects.count(), Count.objects.count(), SiteCard.objects.count()
    assert after == before


def test_next_day_brings_what_the_calendar_brought(demo, monkeypatch):
    today = clock.today()
    planned = set(
        Visit.objects.filter(day=today, status="planned").values_list("pk", flat=True)
    )
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(1))
    load_demo(months=4)
    now = set(Visit.objects.filter(pk__in=planned).values_list("status", flat=True))
    assert now <= {"done", "cancelled"}
    assert Visit.objects.filter(day=today + timedelta(1), status="planned").exists()


def test_numbers_stay_within_what_the_place_holds(demo):
    queue = Site.objects.get(name="Leipätupa")
    met = Count.objects.filter(visit__site=queue, kind="met")
    numbers = list(met.values_list("number", flat=True))
    assert min(numbers) >= 20
    assert max(numbers) <= 175
    assert not Count.objects.filter(number__lte=0).exists()


def test_same_day_of_same_place_is_the_same_again():
    day = clock.today() - timedelta(100)
    place = county.FOOD_QUEUE
    assert outcome_of(place, day) == outcome_of(place, day)
    assert outcome_of(place, day) != outcome_of(place, day + timedelta(1))


def test_every_code_is_in_the_lists(demo):
    known = {(code.list, code.code) for code in Code.objects.all()}
    used = {("topic", c) for e in Encounter.objects.all() for c in e.topics}
    used |= {("method", c) for e in Encounter.objects.all() for c in e.methods}
    for field in ("next_step", "age_band", "familiarity", "origin"):
        codes = Encounter.objects.exclude(Q(**{field: ""})).values_list(field)
        used |= {(field, code) for (code,) in codes}
    for seen in Observation.objects.all():
        used |= {("phenomenon", code) for code in seen.phenomena}
        used |= {("threshold", code) for code in seen.thresholds}
    visits = Visit.objects.exclude(cancel_reason="")
    used |= {("cancel_reason", v.cancel_reason) for v in visits}
    used |= {("site_kind", site.kind) for site in Site.objects.all()}
    assert used <= known


def test_no_text_names_anybody():
    texts = [text for group in OBSERVATIONS.values() for text in group]
    texts += [text for card in CARDS.values() for text in card]
    texts += [p.where + p.when + p.safety for p in county.PLACES]
    assert [t for t in texts if text_guard.refusals(t) or text_guard.warnings(t)] == []


def test_no_name_of_the_sources_is_used(shared_data):
    folder = shared_data.parent / "sources"
    real = "".join(path.read_text() for path in folder.glob("*.txt")).lower()
    names = [*county.ORGANISATIONS, *(place.name for place in county.PLACES)]
    # Kinds of places and events that belong to everybody.
    common = {"Asunnottomien yö", "Iltachat", "Kuopion kaupunki"}
    assert [n for n in names if n.lower() in real and n not in common] == []


def test_it_stays_away_from_a_real_installation(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        command(months=4)
    assert not Worker.objects.exists()
