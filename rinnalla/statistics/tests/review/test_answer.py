"""An answer is the next version of the card, with how it ended and why."""

from datetime import date

import pytest

from rinnalla.access.models import AuditEvent
from rinnalla.planning.models import (
    BookableSlot,
    PublicLine,
    Rhythm,
    Site,
    SiteCard,
    StaleMonth,
)
from rinnalla.planning.tests.sending import fields_of
from rinnalla.testing import make_card, make_met, make_site

WHY = "Jonossa on yhä paljon väkeä."
LATER = date(2027, 5, 3)


def url(site, answer):
    return f"/figures/review/{site.pk}/{answer}"


def said(**over):
    return {"why": WHY, "base": "1", "review_due_on": LATER.isoformat()} | over


def ends(**over):
    return {"why": WHY, "base": "1", "last_day": "2026-11-30"} | over


def test_it_works_going_on(cast, site, sign_in):
    client = sign_in(cast.aino)
    assert "review_due_on" in fields_of(client.get(url(site, "continue")))
    answer = client.post(url(site, "continue"), said())
    assert answer.url == f"/planning/places/{site.pk}/"
    old, card = site.cards.order_by("version")
    assert (card.version, card.decision, card.decided_why) == (2, "continue", WHY)
    assert (card.why, card.features) == (old.why, old.features)
    assert (card.review_due_on, card.written_by) == (LATER, cast.aino)
    assert [event.action for event in AuditEvent.objects.all()] == ["card.reviewed"]
    html = client.get(answer.url).content.decode()
    assert "Jatketaan" in html and WHY in html


def test_changing_writes_the_card_anew(cast, site, sign_in):
    client = sign_in(cast.aino)
    data = fields_of(client.get(url(site, "change")))
    assert data["when"] == "Kuukauden toinen torstai klo 10–12."
    data |= {"when": "Joka torstai klo 9.", "decided_why": WHY}
    assert client.post(url(site, "change"), data).status_code == 302
    card = site.cards.newest()
    assert (card.decision, card.when) == ("change", "Joka torstai klo 9.")
    assert card.decided_why == WHY


def test_stopping_sets_the_last_day(cast, site, ahead, sign_in):
    client = sign_in(cast.kaisa)
    Rhythm.objects.create(
        site=site, rule="FREQ=WEEKLY;BYDAY=TH", since=date(2026, 1, 1)
    )
    free = {"starts": "10:00", "ends": "11:00"}
    for day in (date(2026, 11, 26), date(2026, 12, 3)):
        BookableSlot.objects.create(site=site, day=day, **free)
    assert "3 käyntiä on suunniteltu" in client.get(url(site, "stop")).content.decode()
    client.post(url(site, "stop"), ends())
    site.refresh_from_db()
    assert site.last_day == date(2026, 11, 30)
    assert not site.is_retired and site in Site.objects.in_use()
    assert site.rhythms.get().until == date(2026, 11, 30)
    closed = BookableSlot.objects.filter(is_taken_back=True)
    assert [slot.day for slot in closed] == [date(2026, 12, 3)]
    assert site.visits.filter(status="planned").count() == 3, "nothing was ticked"
    card = site.cards.newest()
    assert (card.decision, card.review_due_on) == ("stop", None)


def test_ticked_visits_after_the_last_day_are_called_off(cast, site, ahead, sign_in):
    client = sign_in(cast.kaisa)
    StaleMonth.objects.all().delete()
    data = ends(calls_off="on", reason="other_task")
    answer = client.post(url(site, "stop"), data, follow=True)
    kept = site.visits.filter(status="planned").values_list("day", flat=True)
    assert list(kept) == [date(2026, 11, 25)]
    off = site.visits.filter(status="cancelled")
    assert {visit.cancel_reason for visit in off} == {"other_task"}
    assert StaleMonth.objects.filter(month=date(2026, 12, 1)).exists()
    assert "on yhä suunniteltu" not in answer.content.decode()


def test_visits_left_are_said(cast, site, ahead, sign_in):
    html = sign_in(cast.kaisa).post(url(site, "stop"), ends(), follow=True)
    assert "2 käyntiä viimeisen päivän jälkeen" in html.content.decode()


def test_calling_off_asks_why(cast, site, ahead, sign_in):
    answer = sign_in(cast.kaisa).post(url(site, "stop"), ends(calls_off="on"))
    assert "reason" in answer.context["form"].errors
    assert WHY in answer.content.decode()
    assert site.cards.count() == 1


def test_the_day_after_the_place_is_retired_and_its_page_says_so(
    cast, site, sign_in, client, now
):
    PublicLine.objects.create(site=site, code="abc2345")
    sign_in(cast.kaisa).post(url(site, "stop"), ends())
    client.logout()
    page = "/open/fi/places/abc2345"
    assert "Viimeinen päivämme täällä on ma 30.11." in client.get(page).content.decode()
    now.move_to("2026-12-01T08:00:00+00:00")
    html = client.get(page).content.decode()
    assert "Emme enää käy täällä." in html
    assert "Seuraavaa päivää" not in html
    assert "Leipätupa" not in client.get("/open/fi/").content.decode()
    assert client.get(f"{page}/feed").status_code == 200
    assert site not in Site.objects.in_use()


def test_moving_to_a_place_there_is(cast, site, ahead, sign_in, client, now):
    other = make_site(cast, name="Asema")
    PublicLine.objects.create(site=site, code="abc2345")
    PublicLine.objects.create(site=other, code="def2345")
    make_card(other, why="Asemalla odotetaan.")
    answer = sign_in(cast.kaisa).post(
        url(site, "move"), said(to=other.pk, last_day="2026-11-22")
    )
    assert answer.url == f"/planning/places/{other.pk}/"
    card = site.cards.newest()
    assert (card.decision, card.moved_to) == ("move", other)
    assert other.cards.count() == 1, "a card somebody has written stays"
    html = client.get(url(make_site(cast, name="Tori"), "move")).content.decode()
    assert "Paikalla, jossa jo käydään, pysyy sen oma päivä." in html
    client.logout()
    now.move_to("2026-11-23T08:00:00+00:00")
    html = client.get("/open/fi/places/abc2345").content.decode()
    assert "/open/fi/places/def2345" in html and "Asema" in html


def test_moving_to_a_new_place_takes_the_card_along(cast, site, sign_in):
    site.responsible.set([cast.aino])
    data = said(name="Rannan kulma", last_day="2026-11-22")
    for _twice in range(2):
        assert sign_in(cast.kaisa).post(url(site, "move"), data).status_code == 302
    place = Site.objects.get(name="Rannan kulma")
    assert (place.kind, place.team, place.municipality) == (
        site.kind,
        site.team,
        site.municipality,
    )
    assert list(place.responsible.all()) == [cast.aino]
    card = place.cards.get()
    assert (card.why, card.review_due_on) == (site.cards.newest().why, LATER)
    assert site.cards.newest().moved_to == place


def test_deciding_otherwise_before_the_last_day(cast, site, sign_in):
    client = sign_in(cast.kaisa)
    client.post(url(site, "stop"), ends())
    client.post(url(site, "continue"), said(base="2"))
    site.refresh_from_db()
    assert site.retired_on is None


def test_the_rhythm_goes_on_when_the_end_is_taken_back(cast, site, sign_in):
    client = sign_in(cast.kaisa)
    weekly = {"site": site, "rule": "FREQ=WEEKLY;BYDAY=TH"}
    Rhythm.objects.create(since=date(2026, 1, 1), until=date(2026, 9, 30), **weekly)
    now = Rhythm.objects.create(since=date(2026, 10, 1), **weekly)
    client.post(url(site, "stop"), ends())
    later = ends(base="2", last_day="2026-12-31")
    client.post(url(site, "stop"), later)
    now.refresh_from_db()
    assert now.until == date(2026, 12, 31), "a later last day after all"
    client.post(url(site, "continue"), said(base="2"))
    untils = site.rhythms.order_by("since").values_list("until", flat=True)
    assert list(untils) == [date(2026, 9, 30), None]
    client.post(url(site, "stop"), ends(base="3"))
    client.post(f"/planning/places/{site.pk}/bring-back")
    now.refresh_from_db()
    assert now.until is None


@pytest.mark.parametrize("answer", ["continue", "stop", "change"])
def test_sent_twice_is_one_version(cast, site, sign_in, answer):
    client = sign_in(cast.kaisa)
    data = {**fields_of(client.get(url(site, answer))), **ends(), **said()}
    data |= {"decided_why": WHY} if answer == "change" else {}
    first = client.post(url(site, answer), data)
    again = client.post(url(site, answer), data)
    assert first.url == again.url
    assert site.cards.count() == 2


@pytest.mark.parametrize("answer", ["continue", "stop", "change", "move"])
def test_a_stale_tab_loses_nothing(cast, site, sign_in, answer):
    client = sign_in(cast.kaisa)
    make_card(site, version=2)
    data = {**ends(), **said(), "name": "Uusi kulma", "decided_why": WHY}
    data |= {"why": WHY}
    late = client.post(url(site, answer), data)
    assert "Versio 2 kortista tallennettiin tällä välin" in late.content.decode()
    assert WHY in late.content.decode()
    assert site.cards.count() == 2
    assert not Site.objects.filter(name="Uusi kulma").exists()
    client.post(url(site, answer), fields_of(late))
    assert site.cards.newest().version == 3


@pytest.mark.parametrize("answer", ["stop", "move"])
def test_a_worker_does_not_end_a_place(cast, site, sign_in, answer):
    client = sign_in(cast.aino)
    assert client.get(url(site, answer)).status_code == 403
    data = {**ends(), **said(), "name": "Kulma"}
    assert client.post(url(site, answer), data).status_code == 403
    assert SiteCard.objects.count() == 1


@pytest.mark.parametrize(
    "why",
    [
        "",
        " ",
        "Soita 050 123 4567",
        "joku@example.fi",
        "131052-308T",
        "\x00",
        "x" * 281,
    ],
)
@pytest.mark.parametrize("answer", ["continue", "stop"])
def test_people_are_kept_out_of_the_reason(cast, site, sign_in, why, answer):
    data = {**ends(), **said(why=why)}
    late = sign_in(cast.kaisa).post(url(site, answer), data)
    assert "why" in late.context["form"].errors
    assert site.cards.count() == 1


def test_a_name_is_asked_about_once(cast, site, sign_in):
    client = sign_in(cast.aino)
    asked = client.post(url(site, "continue"), said(why="Tiina Virtanen tulee usein."))
    assert "why" in asked.context["form"].errors
    sure = fields_of(asked) | {"text_confirmed": "on"}
    assert client.post(url(site, "continue"), sure).status_code == 302


BAD_DAYS = ["", "eilen", "0001-01-01", "9999-12-31", "2026-11-21", "\x00", "\ud800"]


@pytest.mark.parametrize("day", BAD_DAYS)
def test_bad_days(cast, site, sign_in, day):
    client = sign_in(cast.kaisa)
    for answer, field in (("continue", "review_due_on"), ("stop", "last_day")):
        data = {**ends(), **said()} | {field: day.encode("utf-8", "replace")}
        late = client.post(url(site, answer), data)
        assert field in late.context["form"].errors
    assert site.cards.count() == 1


@pytest.mark.parametrize(
    "over",
    [
        {},
        {"to": "x"},
        {"to": "9" * 30},
        {"to": "\x00"},
        {"name": "Leipätupa"},
        {"name": "Soita 050 123 4567"},
        {"name": "x" * 121},
        {"name": "Vanha"},
        {"base": "-1", "name": "Kulma"},
        {"base": "9" * 30, "name": "Kulma"},
    ],
)
def test_bad_places_to_move_to(cast, site, sign_in, over):
    make_site(cast, name="Vanha", retired_on=date(2026, 1, 1))
    late = sign_in(cast.kaisa).post(url(site, "move"), {**ends(), **said(), **over})
    assert late.status_code == 200 and late.context["form"].errors
    assert site.cards.count() == 1
    assert Site.objects.count() == 2


def test_both_an_old_and_a_new_place_is_asked_about(cast, site, sign_in):
    other = make_site(cast, name="Asema")
    data = {**ends(), **said(), "to": other.pk, "name": "Kulma"}
    late = sign_in(cast.kaisa).post(url(site, "move"), data)
    assert "name" in late.context["form"].errors


def test_another_teams_place_is_no_place_to_move_to(cast, site, sign_in):
    theirs = make_site(cast, name="Muiden", team=cast.other_team)
    late = sign_in(cast.kaisa).post(url(site, "move"), said(to=theirs.pk, **ends()))
    assert "to" in late.context["form"].errors


def test_a_place_without_a_card_gets_its_first_version(cast, sign_in):
    bare = make_site(cast, name="Uusi")
    sign_in(cast.aino).post(url(bare, "continue"), said(base="0"))
    card = bare.cards.get()
    assert (card.version, card.decision) == (1, "continue")


def test_a_recorded_visit_is_never_called_off(cast, site, ahead, sign_in):
    make_met(ahead[1], 3)
    data = ends(calls_off="on", reason="other_task")
    sign_in(cast.kaisa).post(url(site, "stop"), data)
    days = site.visits.filter(status="planned").values_list("day", flat=True)
    assert sorted(days) == [date(2026, 11, 25), date(2026, 12, 2)]


def test_the_reason_stays_with_its_version(cast, site, sign_in):
    client = sign_in(cast.aino)
    client.post(url(site, "continue"), said())
    html = client.get(f"/planning/places/{site.pk}/versions/2").content.decode()
    assert "Tarpeen arviointi: Jatketaan" in html and WHY in html
    earlier = client.get(f"/figures/review/{site.pk}/").content.decode()
    assert "Aiemmat arvioinnit" in earlier and WHY in earlier
