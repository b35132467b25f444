"""The nightly list: proves, deletes what is due, keeps proof of both."""

import importlib
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

import rinnalla
from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Observation
from rinnalla.lib import clock
from rinnalla.planning.actions import mark_stale
from rinnalla.shell import nightly
from rinnalla.shell.models import JobSlot, NightRun

LONG_AGO = timedelta(days=500)


def run(*arguments):
    out = StringIO()
    call_command("nightly", "--json", *arguments, stdout=out)
    steps = json.loads(out.getvalue())["steps"]
    return {step["name"]: step for step in steps}


@pytest.fixture
def old_text(cast):
    visit = testing.make_visit(cast, status="done", day=clock.today() - LONG_AGO)
    mark_stale(visit.site, visit.day)
    return Observation.objects.create(
        visit=visit, site=visit.site, day=visit.day, text="Jono oli pitkä."
    )


def test_it_works(old_text):
    steps = run()
    assert steps["encounters.texts"]["rows"] == 1
    assert not Observation.objects.exclude(text="").exists()
    kept = NightRun.objects.get(step="encounters.texts")
    assert (kept.rows, kept.fault) == (1, "")
    assert AuditEvent.objects.filter(action="night.run").exists()


def test_second_time_finds_nothing(old_text):
    run()
    assert run()["encounters.texts"]["rows"] == 0


def test_dry_run_only_counts(old_text):
    assert run("--dry-run")["encounters.texts"]["rows"] == 1
    assert Observation.objects.exclude(text="").exists()
    assert not NightRun.objects.exists()


def test_a_fault_in_one_room_leaves_the_others_their_rules(old_text, monkeypatch):
    def broken():
        raise RuntimeError("with words that must not be kept")

    monkeypatch.setattr(nightly, "prove_counts", broken)
    with pytest.raises(SystemExit):
        run()
    assert not Observation.objects.exclude(text="").exists()
    kept = NightRun.objects.get(step=nightly.PROOF)
    assert kept.fault == "RuntimeError"


def test_an_alarm_ends_with_one(db, monkeypatch):
    monkeypatch.setattr(nightly, "prove_counts", lambda: [{"site": 1}])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 1


def test_own_traces_go_too(db):
    JobSlot.objects.create(job="night", slot="2020-01-01")
    NightRun.objects.create(at=clock.now() - timedelta(days=1100), step="old")
    steps = run()
    assert steps["shell.slots"]["rows"] == 1
    assert steps["shell.proofs"]["rows"] == 1
    assert not NightRun.objects.filter(step="old").exists()


def test_no_rooms_rules_are_forgotten():
    listed = {rule.name for rule in nightly.RULES}
    for path in Path(rinnalla.__file__).parent.glob("*/retention.py"):
        room = importlib.import_module(f"rinnalla.{path.parent.name}.retention")
        assert {rule.name for rule in getattr(room, "RULES", ())} <= listed
