"""The wrap-up: one form, sent once, corrected tomorrow, closed after that."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import (
    Count,
    Encounter,
    Mark,
    Observation,
    WrapUp,
)
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.planning.models import Site, StaleMonth, Visit


@pytest.fixture
def wrap_up(client, cast, sign_in, visit):
    """Open the page as Aino and send it back with changes; the answer."""

    def send(*, worker=None, of=None, meanwhile=lambda: None, **changes):
        address = reverse("phone:wrap_up", args=[(of or visit).pk])
        sign_in(worker or cast.aino)
        page = client.get(address).context["page"]
        shown = {"id": str(page.id), "how": "counted"}
        for name in ("met", "guided", "declined"):
            shown[name] = shown[f"shown_{name}"] = page.form[name].value()
        shown["shown"] = page.shown_json
        shown["stub"] = [str(part.row.pk) for part in page.stubs]
        shown["mark"] = [str(part.row.pk) for part in page.marks]
        for part in (*page.stubs, *page.marks):
            shown[f"{part.row.pk}-shown"] = part.shown_json
        send.data = shown | changes
        meanwhile()
        return client.post(address, send.data)

    return send


def test_it_works(visit, wrap_up):
    testing.make_met(visit, 30)
    response = wrap_up(
        met="31", how="estimated", phenomena=["price_rise"], safety="fine", text="Ok."
    )
    assert response.url == reverse("phone:today")
    visit.refresh_from_db()
    assert visit.status == "done" and totals_of(visit).met == 31
    assert visit.wrap_up.how == "estimated" and visit.wrap_up.safety == "fine"
    sums = Counter()
    for row in Count.objects.all():
        sums[row.how] += row.number
    assert +sums == {"estimated": 31}
    seen = Observation.objects.get()
    assert (seen.phenomena, seen.text, seen.site) == (["price_rise"], "Ok.", visit.site)


def test_the_way_of_counting_can_be_corrected(visit, wrap_up):
    testing.make_met(visit, 30)
    for how in ("estimated", "estimated", "counted", "from_organiser"):
        wrap_up(how=how)
        sums = Counter()
        for row in Count.objects.all():
            sums[row.how] += row.number
        assert +sums == {how: 30}


def test_a_partners_tap_meanwhile_stays(visit, wrap_up, client):
    testing.make_met(visit, 10)
    wrap_up(met="12", text="soita 0401234567")
    testing.make_met(visit, 5)
    sent = client.post(
        reverse("phone:wrap_up", args=[visit.pk]),
        {"id": str(uuid4()), "met": "12", "shown_met": "10", "how": "counted"},
    )
    assert sent.status_code == 302
    assert totals_of(visit).met == 17


def test_sent_twice_is_stored_once(visit, wrap_up, client):
    wrap_up(met="3")
    address = reverse("phone:wrap_up", args=[visit.pk])
    again = client.post(address, wrap_up.data)
    assert again.status_code == 302
    assert totals_of(visit).met == 3


def test_a_page_gone_back_to_asks_to_look_again(visit, wrap_up, client):
    wrap_up(met="3")
    address = reverse("phone:wrap_up", args=[visit.pk])
    page = client.post(address, wrap_up.data | {"met": "7"})
    assert page.status_code == 422 and page.context["page"].note
    assert totals_of(visit).met == 3
    fresh = page.context["page"]
    again = client.post(
        address,
        {"id": str(fresh.id), "met": "7", "shown_met": fresh.form["shown_met"].value()},
    )
    assert again.status_code == 302 and totals_of(visit).met == 7


def test_open_meetings_are_completed_inline(visit, wrap_up):
    [stub] = testing.make_guided(visit)
    wrap_up(**{f"{stub.pk}-topics": ["debt"], f"{stub.pk}-methods": ["guidance"]})
    stub.refresh_from_db()
    assert stub.is_complete


def test_other_fields_of_a_meeting_stay(visit, wrap_up):
    [stub] = testing.make_guided(visit, items=["card"], tickets=2)
    wrap_up(**{f"{stub.pk}-topics": ["debt"]})
    stub.refresh_from_db()
    assert (stub.items, stub.tickets, stub.topics) == (["card"], 2, ["debt"])


def test_what_the_pair_told_of_a_meeting_meanwhile_stays(visit, wrap_up):
    [stub] = testing.make_guided(visit, topics=["housing"])

    def pair():
        told = {"topics": ["housing", "debt"], "methods": ["guidance"]}
        Encounter.objects.filter(pk=stub.pk).update(**told, age_band="30_49")

    wrap_up(meanwhile=pair, **{f"{stub.pk}-topics": ["housing", "benefits"]})
    stub.refresh_from_db()
    assert sorted(stub.topics) == ["benefits", "debt", "housing"]
    assert (stub.methods, stub.age_band) == (["guidance"], "30_49")


def test_what_was_chosen_can_be_taken_out_again(visit, wrap_up):
    [stub] = testing.make_guided(visit, topics=["housing"], next_step="none")
    wrap_up(**{f"{stub.pk}-topics": [], f"{stub.pk}-next_step": ""})
    stub.refresh_from_db()
    assert (stub.topics, stub.next_step) == ([], "")


def test_what_the_pair_said_of_a_mark_meanwhile_stays(visit, wrap_up):
    mark = Mark.objects.create(visit=visit, at=clock.cut(clock.now()))

    def pair():
        Mark.objects.filter(pk=mark.pk).update(promise="bring")

    wrap_up(meanwhile=pair, **{f"{mark.pk}-topic": "debt"})
    mark.refresh_from_db()
    assert (mark.promise, mark.topic) == ("bring", "debt")


@pytest.mark.parametrize("said", ["", "x", "[]", "[" * 9999, '{"topics": [[1], 3]}'])
def test_a_broken_note_of_what_was_shown_takes_nothing_away(visit, wrap_up, said):
    [stub] = testing.make_guided(visit, topics=["housing"])
    response = wrap_up(**{f"{stub.pk}-shown": said})
    assert response.status_code == 302
    stub.refresh_from_db()
    assert stub.topics == ["housing"]


def test_a_wrong_tap_is_taken_away(visit, wrap_up):
    stub, _other = testing.make_guided(visit, 2)
    wrap_up(**{f"{stub.pk}-wrong": "1"})
    assert totals_of(visit).guided == 1


def test_guided_people_are_added(visit, wrap_up):
    testing.make_met(visit, 5)
    wrap_up(guided="2")
    totals = totals_of(visit)
    assert (totals.guided, totals.met) == (2, 5)


def test_marks_get_their_hints(visit, wrap_up):
    mark = Mark.objects.create(visit=visit, at=clock.cut(clock.now()))
    wrap_up(**{f"{mark.pk}-promise": "bring", f"{mark.pk}-is_done": "on"})
    mark.refresh_from_db()
    assert (mark.promise, mark.is_done) == ("bring", True)


def test_nobody_reached_is_a_proper_result(visit, wrap_up):
    wrap_up(is_nobody_reached="on")
    assert WrapUp.objects.get().is_nobody_reached


def test_did_not_want_to_talk_is_counted(visit, wrap_up):
    wrap_up(declined="4")
    assert Count.objects.total("declined") == 4


def test_a_group_says_how_many_took_part(visit, wrap_up):
    visit.is_group = True
    visit.save()
    wrap_up(attended="9", shown_attended="0")
    assert Count.objects.total("attended") == 9


def test_who_went_alone_unplanned_is_asked_why_once(visit, wrap_up):
    Visit.objects.update(solo_reason="")
    assert "solo_reason" in faults(wrap_up(met="2"))
    assert not WrapUp.objects.exists() and totals_of(visit).met == 0
    assert "solo_reason" in faults(wrap_up(met="2", solo_reason="\x00"))
    assert wrap_up(met="2", solo_reason="urgent").status_code == 302
    visit.refresh_from_db()
    assert visit.solo_reason == "urgent"
    assert wrap_up(met="3").status_code == 302


def test_the_reason_may_wait_for_tomorrow(visit, wrap_up):
    Visit.objects.update(solo_reason="")
    assert wrap_up(later="1").status_code == 302
    assert "solo_reason" in faults(wrap_up())


def test_an_ended_first_visit_to_a_new_place_asks_too(visit, wrap_up, sign_in, cast):
    Visit.objects.update(solo_reason="", status="done")
    Site.objects.update(required_staffing=1)
    assert "solo_reason" in faults(wrap_up())


@pytest.mark.parametrize("is_pair", [True, False])
def test_a_pair_or_a_known_place_is_not_asked(cast, visit, wrap_up, is_pair):
    Visit.objects.update(solo_reason="")
    if is_pair:
        visit.workers.add(cast.kaisa)
    else:
        Site.objects.update(required_staffing=1)
        testing.make_visit(cast, status="done")
    assert wrap_up().status_code == 302


def test_left_for_tomorrow_waits(visit, wrap_up, cast, client):
    wrap_up(later="1")
    assert WrapUp.objects.get().is_left_for_tomorrow
    day = client.get(reverse("phone:today")).context["today"]
    assert day.waiting == [visit]


def test_it_is_corrected_by_sending_again(visit, wrap_up):
    wrap_up(met="5", text="Eka.")
    wrap_up(met="4", text="")
    assert totals_of(visit).met == 4
    assert not Observation.objects.exists()


def test_what_the_pair_wrote_of_the_visit_meanwhile_stays(visit, wrap_up):
    wrap_up(phenomena=["price_rise"])

    def pair():
        Observation.objects.update(text="Hiljaista.", phenomena=["new_faces"])
        WrapUp.objects.update(safety="fine", how="estimated")

    wrap_up(meanwhile=pair, atmosphere="calm", phenomena=["price_rise"])
    visit.refresh_from_db()
    kept, seen = visit.wrap_up, Observation.objects.get()
    assert (kept.atmosphere, kept.safety, kept.how) == ("calm", "fine", "estimated")
    assert (seen.text, seen.phenomena) == ("Hiljaista.", ["new_faces"])


def test_one_audit_line_and_a_stale_month(visit, wrap_up):
    wrap_up(met="5")
    assert AuditEvent.objects.filter(action="encounters.wrapped_up").count() == 1
    assert StaleMonth.objects.filter(site=visit.site).exists()


# --- refusals ---


def faults(response):
    assert response.status_code == 422
    return response.context["page"].form.errors


def test_a_phone_number_is_refused_and_the_text_kept(visit, wrap_up):
    response = wrap_up(met="3", text="Soita 040 123 4567 illalla")
    assert "text" in faults(response)
    assert "040 123 4567" in response.content.decode()
    assert not Observation.objects.exists() and totals_of(visit).met == 0
    visit.refresh_from_db()
    assert visit.is_open


def test_a_name_is_asked_about_once(visit, wrap_up):
    told = "Matti Virtanen oli jonossa"
    response = wrap_up(text=told)
    assert "text" in faults(response) and b"text_confirmed" in response.content
    assert wrap_up(text=told, text_confirmed="on").status_code == 302


def test_nobody_reached_and_somebody_met_do_not_fit(visit, wrap_up):
    assert "is_nobody_reached" in faults(wrap_up(met="3", is_nobody_reached="on"))


def test_many_taps_are_asked_about_once(visit, wrap_up):
    rows = [Count(visit=visit, kind="met", number=1) for _number in range(101)]
    for row in rows:
        row.at = visit.started_at
    Count.objects.bulk_create(rows)
    assert "number_checked" in faults(wrap_up())
    assert wrap_up(number_checked="on").status_code == 302
    assert wrap_up().status_code == 302


@pytest.mark.parametrize(
    "bad",
    [
        {"met": "-1"},
        {"met": "9" * 40},
        {"met": "kolme"},
        {"met": "\x00"},
        {"guided": "99"},
        {"how": "\x00"},
        {"phenomena": ["no_such"]},
        {"text": "x" * 281},
        {"text": "a\x00b"},
        {"shown_met": "x"},
    ],
)
def test_bad_input_is_said_and_nothing_is_stored(visit, wrap_up, bad):
    assert faults(wrap_up(**bad))
    assert not Count.objects.exists() and not WrapUp.objects.exists()


def test_a_broken_form_id_is_no_fault(visit, wrap_up):
    assert wrap_up(id="\x00").status_code == 302


def test_a_stubs_bad_code_is_said(visit, wrap_up):
    [stub] = testing.make_guided(visit)
    response = wrap_up(**{f"{stub.pk}-topics": ["\x00"]})
    assert response.status_code == 422
    stub.refresh_from_db()
    assert stub.topics == []


def test_later_than_tomorrow_it_is_closed(visit, wrap_up, client):
    wrap_up(met="3")
    visit.refresh_from_db()
    visit.day -= timedelta(days=4)
    visit.ended_at -= timedelta(days=4)
    visit.save()
    response = wrap_up(met="9")
    assert response.status_code == 422 and response.context["page"].sealed
    assert totals_of(visit).met == 3


def test_another_teams_visit_does_not_exist(cast, visit, sign_in):
    address = reverse("phone:wrap_up", args=[visit.pk])
    assert sign_in(cast.outi).get(address).status_code == 404


def test_a_partner_without_an_agreement_sees_only_numbers(cast, visit, sign_in):
    visit.organisation = cast.ngo
    visit.save()
    visit.workers.set([cast.paula])
    testing.make_guided(visit, 1, topics=["debt"], methods=["guidance"])
    Observation.objects.create(
        visit=visit, site=visit.site, day=visit.day, text="Hiljaista."
    )
    client = sign_in(cast.paula)
    address = reverse("phone:wrap_up", args=[visit.pk])
    page = client.get(address)
    assert b"Hiljaista" not in page.content and b"Velka" not in page.content
    data = {"id": str(uuid4()), "met": "4", "shown_met": "1", "text": ""}
    assert client.post(address, data).status_code == 302
    assert Observation.objects.get().text == "Hiljaista."
    assert totals_of(visit).met == 4


# --- ending asks again ---


def test_ending_asks_once_more(cast, visit, sign_in):
    client = sign_in(cast.aino)
    address = reverse("phone:finish", args=[visit.pk])
    assert client.get(address).status_code == 200
    visit.refresh_from_db()
    assert visit.is_open
    assert client.post(address).url == reverse("phone:wrap_up", args=[visit.pk])
    visit.refresh_from_db()
    assert visit.status == "done"


def test_a_called_off_visit_does_not_end(cast, sign_in):
    visit = testing.make_visit(cast, status="cancelled", cancel_reason="weather")
    response = sign_in(cast.aino).post(reverse("phone:finish", args=[visit.pk]))
    assert response.url == reverse("phone:today")
