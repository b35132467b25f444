"""What waits for a coordinator: seen, stored or deleted; nothing goes unseen."""

import uuid

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.encounters.models import Count, Observation
from rinnalla.lib import clock
from rinnalla.phone.models import Fact, Quarantined
from rinnalla.phone.tests.phones import make_phone, text_waits, wait

LIST = "phone:quarantine"


def page(client, row):
    return client.get(reverse("phone:quarantine_one", args=[row.pk]))


def press(client, verb, row, **data):
    return client.post(reverse(f"phone:quarantine_{verb}", args=[row.pk]), data)


def met(visit):
    return Count.objects.filter(visit=visit).total("met")


def test_it_works(cast, sign_in, visit):
    row = wait(cast, "revoked", visit, device=make_phone(cast.aino))
    client = sign_in(cast.kaisa)
    html = client.get(reverse(LIST)).content.decode()
    assert "Puhelin oli poistettu käytöstä" in html and "Luku" in html
    assert "Leipätupa" in html and "Oma puhelin" in html
    html = page(client, row).content.decode()
    assert "Kohdattu +1" in html and "Tallenna nyt" in html
    assert AuditEvent.objects.filter(action="phone.waiting_opened").count() == 1
    assert press(client, "store", row).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.resolved_by, bytes(row.sealed)) == (
        "stored",
        cast.kaisa,
        b"",
    )
    assert met(visit) == 1 and Fact.objects.get(pk=row.fact_id).result == "stored"
    assert "Mikään ei odota" in client.get(reverse(LIST)).content.decode()


@pytest.mark.parametrize("reason", Quarantined.Reason.values)
def test_each_reason_has_its_words(cast, sign_in, visit, reason):
    row = wait(cast, reason, visit)
    if reason == "text":
        row = text_waits(cast, visit)
    answer = page(sign_in(cast.kaisa), row)
    assert answer.status_code == 200 and answer.context["means"]
    listed = sign_in(cast.kaisa).get(reverse(LIST)).content.decode()
    assert str(row.get_reason_display()) in listed


@pytest.mark.parametrize(
    "content",
    [
        [],
        "x",
        None,
        {"body": []},
        {"body": {"kind": []}, "made": 1e300},
        {"body": {"topics": [[], {}, 5], "next_step": {}}, "made": True},
        {"body": {"number": "x", "kind": "met"}, "made": "now"},
    ],
)
def test_what_is_broken_is_shown_as_far_as_it_goes(cast, sign_in, visit, content):
    row = wait(cast, "unreadable", visit, content=content)
    assert page(sign_in(cast.kaisa), row).status_code == 200


def test_what_does_not_open_says_so(cast, sign_in, visit):
    row = wait(cast, "sealed_broken", visit, sealed=b"broken")
    html = page(sign_in(cast.kaisa), row).content.decode()
    assert "Se ei aukea" in html


# --- Whose it is --------------------------------------------------------------


@pytest.mark.parametrize("name", ["aino", "leena", "reijo", "paula", "hannu"])
def test_only_a_coordinator_decides(cast, sign_in, visit, name):
    row = wait(cast, "revoked", visit)
    client = sign_in(getattr(cast, name))
    assert client.get(reverse(LIST)).status_code == 403
    assert page(client, row).status_code == 403
    for verb in ("store", "delete", "text"):
        assert press(client, verb, row).status_code == 403
    row.refresh_from_db()
    assert row.resolved_at is None


def test_another_teams_is_not_there(cast, sign_in, visit):
    row = wait(cast, "revoked", visit, team=cast.other_team)
    client = sign_in(cast.kaisa)
    assert page(client, row).status_code == 404
    for verb in ("store", "delete", "text"):
        assert press(client, verb, row).status_code == 404
    assert client.get(reverse(LIST)).context["page"].paginator.count == 0


def test_what_belongs_to_no_team_is_everybodys(cast, sign_in):
    row = wait(cast, "unreadable", team=None, worker=None, content=[1])
    assert page(sign_in(cast.kaisa), row).status_code == 200


def test_the_menu_and_the_page_of_phones_say_how_many(cast, sign_in, visit):
    wait(cast, "revoked", visit)
    wait(cast, "closed", visit)
    client = sign_in(cast.kaisa)
    html = client.get(reverse("planning:visits")).content.decode()
    assert '<span class="rn-count">2' in html
    html = client.get(reverse("phone:devices")).content.decode()
    assert "kirjausta odottaa sinua" in html


def test_the_number_of_queries_does_not_grow(
    cast, sign_in, visit, django_assert_max_num_queries
):
    for _n in range(25):
        wait(cast, "revoked", visit, device=make_phone(cast.aino))
    client = sign_in(cast.kaisa)
    with django_assert_max_num_queries(22):
        client.get(reverse(LIST))


# --- Stored -------------------------------------------------------------------


def test_a_called_off_visit_is_opened_again(cast, sign_in):
    visit = testing.make_visit(
        cast, day=clock.today(), status="cancelled", cancel_reason="weather"
    )
    row = wait(cast, "cancelled", visit)
    client = sign_in(cast.kaisa)
    assert "Avaa käynti ja tallenna" in page(client, row).content.decode()
    press(client, "store", row)
    visit.refresh_from_db()
    assert visit.status != "cancelled" and met(visit) == 1


def test_what_still_cannot_be_stored_waits_on(cast, sign_in):
    row = wait(cast, "unknown_visit")
    client = sign_in(cast.kaisa)
    answer = client.post(reverse("phone:quarantine_store", args=[row.pk]), follow=True)
    assert "Ei vielä tallessa" in answer.content.decode()
    row.refresh_from_db()
    assert row.resolved_at is None and row.sealed


def test_a_second_press_shows_the_first(cast, sign_in, visit):
    row = wait(cast, "revoked", visit)
    client = sign_in(cast.kaisa)
    press(client, "store", row)
    for verb in ("store", "delete"):
        again = client.post(
            reverse(f"phone:quarantine_{verb}", args=[row.pk]),
            {"why": "mistake"},
            follow=True,
        )
        html = again.content.decode()
        assert "Tämä on jo ratkaistu" in html and "Kaisa Koski" in html
    assert met(visit) == 1


def test_two_versions_side_by_side(cast, sign_in, visit):
    [first] = testing.make_guided(visit, 1, topics=["debt"])
    row = wait(cast, "other_version", visit, "encounter", body={}, fact_id=first.pk)
    html = page(sign_in(cast.kaisa), row).content.decode()
    assert "Tuli ensin, on tallessa" in html and "Tuli myöhemmin, odottaa" in html
    assert "Velka" in html or "Velat" in html


def test_the_later_number_takes_the_place_of_the_first(cast, sign_in, visit):
    first = testing.make_met(visit, 1)
    row = wait(
        cast,
        "other_version",
        visit,
        body={"kind": "met", "number": 10},
        fact_id=first.pk,
    )
    client = sign_in(cast.kaisa)
    press(client, "store", row)
    assert met(visit) == 10


# --- Deleted ------------------------------------------------------------------


def test_deleting_asks_why_and_remembers(cast, sign_in, visit):
    row = wait(cast, "revoked", visit)
    client = sign_in(cast.kaisa)
    assert press(client, "delete", row).status_code == 422
    row.refresh_from_db()
    assert row.resolved_at is None
    assert press(client, "delete", row, why="mistake").status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.why_deleted, bytes(row.sealed)) == (
        "deleted",
        "mistake",
        b"",
    )
    assert met(visit) == 0
    assert AuditEvent.objects.filter(action="phone.waiting_deleted").count() == 1
    assert "Vahinko tai kokeilu" in page(client, row).content.decode()


@pytest.mark.parametrize("why", ["", "x", "\0", "a" * 5000])
def test_a_reason_that_is_not_listed_is_asked_again(cast, sign_in, visit, why):
    row = wait(cast, "revoked", visit)
    assert press(sign_in(cast.kaisa), "delete", row, why=why).status_code == 422


# --- A text ---------------------------------------------------------------------


def test_a_text_is_opened_struck_and_saved(cast, sign_in, visit):
    row = text_waits(cast, visit, "Jono oli pitkä, soita 040 123 4567")
    client = sign_in(cast.kaisa)
    assert "040" not in page(client, row).content.decode()
    opened = press(client, "text", row)
    assert "soita 040 123 4567" in opened.content.decode()
    saved = press(client, "text", row, text="Jono oli pitkä")
    assert saved.status_code == 302
    assert Observation.objects.get(visit=visit).text == "Jono oli pitkä"
    row.refresh_from_db()
    assert (row.outcome, bytes(row.sealed)) == ("stored", b"")


def test_the_guard_looks_at_what_is_saved(cast, sign_in, visit):
    row = text_waits(cast, visit)
    client = sign_in(cast.kaisa)
    press(client, "text", row)
    again = press(client, "text", row, text="Soita 040 123 4567 pian")
    assert again.status_code == 422
    assert (
        "pian" in again.content.decode() and "puhelinnumero" in again.content.decode()
    )
    assert not Observation.objects.exists()
    row.refresh_from_db()
    assert row.resolved_at is None


def test_words_that_may_name_somebody_are_asked_about_once(cast, sign_in, visit):
    row = text_waits(cast, visit, "Maija Virtanen pyysi apua")
    client = sign_in(cast.kaisa)
    press(client, "text", row)
    data = {"text": "Maija Virtanen pyysi apua"}
    assert press(client, "text", row, **data).status_code == 422
    data["text_confirmed"] = "on"
    assert press(client, "text", row, **data).status_code == 302


def test_a_text_is_read_by_one_pair_of_eyes(cast, sign_in, visit):
    other = testing.make_worker("Kerttu Kivi", "coordinator", cast.county, cast.team)
    row = text_waits(cast, visit)
    press(sign_in(cast.kaisa), "text", row)
    client = sign_in(other)
    assert "Joku muu on avannut" in page(client, row).content.decode()
    answer = press(client, "text", row)
    assert answer.status_code == 302
    assert press(client, "text", row, text="Muuta").status_code == 302
    assert not Observation.objects.exists()
    assert press(client, "delete", row, why="names_somebody").status_code == 302


def test_a_text_that_does_not_open_says_so(cast, sign_in, visit):
    row = text_waits(cast, visit)
    Quarantined.objects.update(sealed=b"broken")
    url = reverse("phone:quarantine_text", args=[row.pk])
    html = sign_in(cast.kaisa).post(url, follow=True).content.decode()
    assert "Se ei aukea" in html


def test_a_text_cannot_be_stored_as_it_is(cast, sign_in, visit):
    row = text_waits(cast, visit)
    press(sign_in(cast.kaisa), "store", row)
    assert not Observation.objects.exists()


def test_earlier_words_of_the_visit_stay(cast, sign_in, visit):
    Observation.objects.create(
        visit=visit, site=visit.site, day=visit.day, text="Satoi.", phenomena=["cold"]
    )
    row = text_waits(cast, visit, "Soita 040 123 4567")
    opened = press(sign_in(cast.kaisa), "text", row)
    assert "Satoi. Soita 040" in opened.content.decode()


def test_the_name_of_a_place_is_shown_and_deleted(cast, sign_in, visit):
    row = wait(
        cast, "text", visit, "visit_placed", content={"name": "Matti 0401234567"}
    )
    client = sign_in(cast.kaisa)
    assert "Matti" in press(client, "text", row).content.decode()
    assert press(client, "text", row, text="Piha").status_code == 422
    assert press(client, "delete", row, why="names_somebody").status_code == 302
    assert not Observation.objects.exists()


# --- Many at once -----------------------------------------------------------------


def press_all(client, rows):
    data = {"row": [str(row.pk) for row in rows]}
    return client.post(reverse("phone:quarantine_store_all"), data, follow=True)


def test_a_lost_phones_taps_are_stored_by_one_press(cast, sign_in, visit):
    rows = [wait(cast, "revoked", visit) for _tap in range(5)]
    client = sign_in(cast.kaisa)
    assert "Tallenna kaikki 5" in client.get(reverse(LIST)).content.decode()
    assert "Tallessa: 5 kirjausta" in press_all(client, rows).content.decode()
    assert met(visit) == 5
    press_all(client, rows)
    assert met(visit) == 5


def test_a_later_one_may_come_first(cast, sign_in, visit):
    meeting = str(uuid.uuid4())
    body = {"encounter": meeting, "topics": ["debt"]}
    detail = wait(cast, "revoked", visit, "encounter_detail", body=body)
    first = wait(
        cast, "revoked", visit, "encounter", body={"x": 1}, fact_id=uuid.UUID(meeting)
    )
    press_all(sign_in(cast.kaisa), [detail, first])
    assert visit.encounters.get().topics == ["debt"]


def test_what_needs_a_look_is_not_stored_unseen(cast, sign_in, visit):
    rows = [
        text_waits(cast, visit),
        wait(cast, "other_version", visit),
        wait(cast, "revoked", visit, team=cast.other_team),
    ]
    press_all(sign_in(cast.kaisa), rows)
    assert Quarantined.objects.waiting().count() == 3


def test_many_at_once_is_the_coordinators_too(cast, sign_in, visit):
    row = wait(cast, "revoked", visit)
    assert press_all(sign_in(cast.aino), [row]).status_code == 403


@pytest.mark.parametrize("row", ["", "x", "\0", "9" * 99])
def test_bad_numbers_store_nothing(cast, sign_in, row):
    url = reverse("phone:quarantine_store_all")
    answer = sign_in(cast.kaisa).post(url, {"row": [row]})
    assert answer.status_code == 302
