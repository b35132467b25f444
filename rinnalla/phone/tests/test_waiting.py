"""What waits and why, what settles by itself, what a coordinator decides."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from rinnalla import testing
from rinnalla.access.models import Code
from rinnalla.encounters.models import Count, Encounter, Observation, WrapUp
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone import sealing
from rinnalla.phone.door.actions import store_again
from rinnalla.phone.models import Fact, Quarantined
from rinnalla.phone.tests.doors import Sending, fact_of, sealed
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import Visit


@pytest.fixture
def planned(cast):
    return testing.make_visit(cast, day=clock.today(), solo_reason="familiar_place")


def why():
    return Quarantined.objects.get().reason


# --- What settles by itself ------------------------------------------------------


def test_it_works(planned, sending):
    """Taps overtook the start; when the start comes, they are stored."""
    assert sending(fact_of(planned), fact_of(planned)) == ["quarantined"] * 2
    assert sending(fact_of(planned, "visit_started")) == ["stored"]
    assert totals_of(planned).met == 2
    assert not Quarantined.objects.waiting().exists()
    assert set(Fact.objects.values_list("result", flat=True)) == {"stored"}


def test_settled_it_is_a_duplicate_and_its_content_is_gone(planned, sending):
    tap = sending.numbered(fact_of(planned))
    assert sending(tap) == sending(tap) == ["quarantined"]
    sending(fact_of(planned, "visit_started"))
    assert sending(tap) == ["duplicate"] and totals_of(planned).met == 1
    row = Quarantined.objects.get()
    assert (row.outcome, bytes(row.sealed)) == ("stored", b"")


def test_an_unplanned_visits_taps_wait_for_their_place(cast, sending):
    key, site = uuid4(), testing.make_site(cast)
    assert sending(fact_of(key)) == ["quarantined"] and why() == "unknown_visit"
    assert sending(fact_of(key, "visit_placed", {"site": site.pk})) == ["stored"]
    assert totals_of(Visit.objects.get(pk=key)).met == 1


def test_the_pairs_phone_brings_the_start(client, cast, planned, sending):
    assert sending(fact_of(planned)) == ["quarantined"]
    pair = Sending(client, make_phone(cast.kaisa))
    assert pair(fact_of(planned, "visit_started")) == ["stored"]
    assert totals_of(planned).met == 1
    assert Count.objects.get().device == sending.phone.pk


@pytest.mark.parametrize("turned", [False, True])
def test_an_undo_and_its_tap(visit, sending, turned):
    tap = fact_of(visit)
    undo = fact_of(visit, "undo", {"of": tap["id"]})
    for fact in (undo, tap) if turned else (tap, undo):
        sending(fact)
    assert totals_of(visit).met == 0
    assert not Quarantined.objects.waiting().exists()


def test_an_undo_undone_again_and_a_mark_that_is_gone_change_nothing(visit, sending):
    """Two phones take back one tap; a detail comes to a mark that was taken back."""
    tap, mark = fact_of(visit), fact_of(visit, "mark")
    sending(tap, mark, *[fact_of(visit, "undo", {"of": f["id"]}) for f in (tap, mark)])
    late = fact_of(visit, "mark_detail", {"mark": mark["id"], "topic": "debt"})
    more = [fact_of(visit, "undo", {"of": f["id"]}) for f in (tap, mark)]
    assert sending(*more, late) == ["stored"] * 3
    assert totals_of(visit).met == 0


# --- What waits for a human ------------------------------------------------------


def test_of_a_visit_called_off(planned, sending):
    Visit.objects.update(status="cancelled", cancel_reason="ill")
    assert sending(fact_of(planned)) == ["quarantined"]
    assert why() == "cancelled" and sending.reply["facts"][0]["why"]


def test_of_a_worker_who_may_no_longer_record(cast, visit, sending):
    cast.aino.role = "leader"
    cast.aino.save()
    assert sending(fact_of(visit)) == ["quarantined"] and why() == "worker"


def test_of_a_worker_who_left(cast, visit, sending):
    cast.aino.is_active = False
    cast.aino.save()
    assert sending(fact_of(visit)) == ["quarantined"] and why() == "revoked"


def test_of_an_id_that_another_row_has(visit, sending):
    [row] = [testing.make_met(visit, 3)]
    assert sending(fact_of(visit, id=str(row.pk))) == ["quarantined"]
    assert why() == "other_version" and totals_of(visit).met == 3


def test_of_a_code_that_was_never_here(visit, sending):
    assert sending(fact_of(visit, "mark", {"topic": "gone"})) == ["quarantined"]
    assert why() == "unknown_code"


def test_a_code_retired_meanwhile_is_stored(visit, sending):
    Code.objects.filter(list="topic", code="debt").update(is_retired=True)
    assert sending(fact_of(visit, "mark", {"topic": "debt"})) == ["stored"]


def test_a_code_added_a_moment_ago_is_known(visit, sending):
    sending(fact_of(visit, "mark", {"topic": "debt"}))
    Code.objects.create(list="topic", code="quite_new", label_fi="Uusi")
    assert sending(fact_of(visit, "mark", {"topic": "quite_new"})) == ["stored"]


def test_its_content_is_sealed_and_whole(visit, sending):
    fact = sending.numbered(fact_of(visit, "mark", {"topic": "gone"}))
    sending(sealed(fact))
    row = Quarantined.objects.get()
    assert b"gone" not in bytes(row.sealed)
    kept = json.loads(sealing.open_kept(row))
    assert {name: kept[name] for name in fact} == fact
    assert (row.team_id, row.worker, row.visit) == (
        visit.team_id,
        sending.phone.worker,
        visit.pk,
    )


def test_its_seal_opens_for_its_own_row_only(visit, sending):
    sending(fact_of(visit, "mark", {"topic": "gone"}))
    row = Quarantined.objects.get()
    row.pk = uuid4()
    with pytest.raises(sealing.Broken):
        sealing.open_kept(row)


# --- Late facts ------------------------------------------------------------------


@pytest.fixture
def closed(cast):
    """A visit that ended three days ago and was wrapped up."""
    day = clock.today() - timedelta(days=3)
    visit = testing.make_visit(
        cast,
        status="done",
        day=day,
        started_at=clock.at(day, 10),
        ended_at=clock.at(day, 12),
        solo_reason="familiar_place",
    )
    WrapUp.objects.create(visit=visit)
    return visit


def test_a_tap_of_the_visits_own_time_is_stored_late(closed, sending):
    made = (closed.ended_at - timedelta(hours=1)).timestamp()
    assert sending(fact_of(closed, made=made)) == ["stored"]
    assert Fact.objects.get().flag == "late" and totals_of(closed).met == 1


def test_a_tap_of_today_on_a_closed_visit_waits(closed, sending):
    assert sending(fact_of(closed)) == ["quarantined"] and why() == "closed"


def test_a_late_wrap_up_waits(closed, sending):
    made = closed.ended_at.timestamp()
    told = {"met": 5, "shown_met": 0}
    assert sending(fact_of(closed, "wrap_up", told, made=made)) == ["quarantined"]
    assert why() == "closed"


def test_a_wrong_clock_is_the_requests_matter(visit, sending):
    """The phone lives a day ago, all of it: the tap was a minute ago."""
    ago = clock.now().timestamp() - 86_400
    assert sending(fact_of(visit, made=ago - 60), now=ago) == ["stored"]
    assert Fact.objects.get().flag == ""
    assert Count.objects.get().at >= visit.started_at


# --- The server's own text guard -------------------------------------------------


def test_a_refused_text_is_kept_back_and_the_answer_says_so(visit, sending):
    told = fact_of(visit, "note", {"text": "Soita Ainolle 040 123 4567"})
    assert sending(told) == ["stored"]
    assert sending.reply["facts"][0]["text"] is True
    assert not Observation.objects.exists()
    row = Quarantined.objects.get()
    assert row.reason == "text" and b"040" not in bytes(row.sealed)
    assert "040" in json.loads(sealing.open_kept(row))["text"]


def test_a_wrap_up_is_stored_without_its_refused_text(visit, sending):
    told = {"met": 4, "shown_met": 0, "text": "aino@example.fi", "left": False}
    assert sending(fact_of(visit, "wrap_up", told)) == ["stored"]
    assert totals_of(visit).met == 4 and why() == "text"


def test_a_place_is_made_without_its_refused_name(cast, sending):
    testing.make_site(cast)
    key = uuid4()
    told = {"name": "Koti 040 123 4567", "kind": "home", "municipality": "297"}
    assert sending(fact_of(key, "visit_placed", told)) == ["stored"]
    assert Visit.objects.get(pk=key).site.name == "Kuopio" and why() == "text"


# --- What a coordinator decides --------------------------------------------------


def test_stored_after_all(cast, visit, sending, phone):
    phone.revoked_at = clock.now()
    phone.save()
    tap = fact_of(visit)
    sending(tap)
    row = Quarantined.objects.get()
    assert store_again(cast.kaisa, row) == (True, "")
    assert totals_of(visit).met == 1 and Count.objects.get().device == phone.pk
    row.refresh_from_db()
    assert (row.outcome, row.resolved_by) == ("stored", cast.kaisa)
    assert store_again(cast.kaisa, row)[0] and totals_of(visit).met == 1
    assert Fact.objects.get().result == "stored"


def test_another_teams_visit_is_its_own_coordinators_matter(cast, sending):
    """A worker who changed team, or a made-up id: not for this team to decide."""
    site = testing.make_site(cast, name="Satama", team=cast.other_team)
    off = {"status": "cancelled", "cancel_reason": "ill"}
    theirs = testing.make_visit(cast, site, day=clock.today(), **off)
    sending(fact_of(theirs))
    row = Quarantined.objects.get()
    assert (row.reason, row.team) == ("unknown_visit", cast.other_team)
    row.team = cast.team
    row.save()
    assert store_again(cast.kaisa, row, reopen=True)[0] is False
    theirs.refresh_from_db()
    assert theirs.status == "cancelled" and not Count.objects.exists()


def test_a_called_off_visit_is_opened_again(cast, planned, sending):
    Visit.objects.update(status="cancelled", cancel_reason="ill")
    sending(fact_of(planned))
    row = Quarantined.objects.get()
    assert store_again(cast.kaisa, row)[0] is False
    assert store_again(cast.kaisa, row, reopen=True) == (True, "")
    planned.refresh_from_db()
    assert planned.status == "under_way" and totals_of(planned).met == 1


def test_the_second_version_instead_of_the_first(cast, visit, sending):
    tap = fact_of(visit)
    sending(tap)
    sending(tap | {"body": {"kind": "met", "number": 10}})
    assert store_again(cast.kaisa, Quarantined.objects.get(), undo=True)[0]
    assert totals_of(visit).met == 10


def test_a_late_wrap_up_opens_its_visit(cast, closed, sending):
    told = {"met": 5, "shown_met": 0, "left": False}
    sending(fact_of(closed, "wrap_up", told))
    ok, said = store_again(cast.kaisa, Quarantined.objects.get())
    assert ok, said
    assert totals_of(closed).met == 5


def test_what_still_cannot_be_stored_says_why_and_stays(cast, visit, sending):
    sending(fact_of(visit, "mark", {"topic": "gone"}))
    ok, said = store_again(cast.kaisa, Quarantined.objects.get())
    assert not ok and said
    assert Quarantined.objects.waiting().exists()


def test_a_detail_waits_for_its_meeting_and_no_longer(visit, sending):
    stub = fact_of(visit, "encounter")
    told = {"encounter": stub["id"], "topics": ["debt"]}
    assert sending(fact_of(visit, "encounter_detail", told)) == ["quarantined"]
    assert why() == "out_of_order"
    assert sending(stub) == ["stored"]
    assert Encounter.objects.get().topics == ["debt"]
