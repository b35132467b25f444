"""The pages of getting home, as a worker presses them."""

import uuid
from datetime import time, timedelta

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.models import Alarm, CheckIn
from rinnalla.planning.safety import actions
from rinnalla.planning.tests.safety.people import PLACE, late_alarm, set_out

SAFETY = "/planning/safety/"
GO = "/planning/safety/go"


def asked(**over):
    """The form as it is sent: somewhere else, for an hour."""
    told = {
        "key": str(uuid.uuid4()),
        "where": "other",
        "place": PLACE,
        "until": "60",
        "time": "",
    }
    return told | over


def page(client, path=SAFETY):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(cast, sign_in):
    site = testing.make_site(cast)
    visit = testing.make_visit(
        cast, site, workers=[cast.aino, cast.kaisa], day=clock.today()
    )
    client = sign_in(cast.aino)
    assert "Leipätupa" in page(client)
    before = clock.now()
    told = asked(where=f"visit:{visit.pk}", people=[cast.kaisa.pk], until="30")
    client.post(GO, told)
    row = CheckIn.objects.get()
    assert row.site == site and row.visit == visit and row.sealed_place is None
    assert set(row.people.all()) == {cast.aino, cast.kaisa}
    assert (
        timedelta(0)
        <= row.due_at - before - timedelta(minutes=30)
        <= timedelta(minutes=1)
    )
    shown = page(client)
    assert "Leipätupa" in shown and "Kaikki kotona" in shown
    client.post(reverse("planning:safety_home_safe", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_at
    assert "raskas" in page(client, f"/planning/safety/out/{row.pk}/")


def test_several_who_are_out_say_that_all_are_home(cast, sign_in):
    set_out(cast.aino, people=[cast.kaisa])
    shown = page(sign_in(cast.aino))
    assert "Kaikki kotona" in shown and "Kotona turvassa" not in shown


def test_going_out_and_home_are_in_no_log(cast):
    """Their rows tell it for 14 days; a log of years would tell who moved where."""
    row = set_out(cast.aino)
    actions.extend(cast.aino, row, due_at=row.due_at + timedelta(minutes=30))
    actions.home_safe(cast.aino, row)
    assert not AuditEvent.objects.filter(action__startswith="safety.").exists()


def test_sent_twice_one_goes_out_once(cast, sign_in):
    told = asked()
    client = sign_in(cast.aino)
    client.post(GO, told)
    client.post(GO, told)
    client.post(GO, asked())
    assert CheckIn.objects.count() == 1


def test_a_planned_visit_proposes_its_end_and_its_pair(cast, sign_in):
    with time_machine.travel(clock.at(clock.today(), 9), tick=False):
        testing.make_visit(
            cast,
            workers=[cast.aino, cast.kaisa],
            day=clock.today(),
            starts=time(10),
            ends=time(12),
        )
        shown = page(sign_in(cast.aino))
    assert 'value="12.00"' in shown
    assert f'value="{cast.kaisa.pk}"' in shown


def test_the_place_of_a_home_is_sealed_and_goes_when_home(cast, sign_in):
    client = sign_in(cast.aino)
    told = asked(where="home", others="no")
    client.post(GO, told)
    row = CheckIn.objects.get()
    assert row.is_home_visit and PLACE.encode() not in bytes(row.sealed_place)
    assert PLACE not in page(client) and "Kotikäynti" in page(client)
    client.post(reverse("planning:safety_home_safe", args=[row.pk]))
    row.refresh_from_db()
    assert row.sealed_place is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"where": "home", "others": ""}, "Vastaa tähän ennen kuin menet sisään."),
        ({"where": "home", "others": "yes"}, "Menkää kahdestaan"),
        ({"where": "home", "place": ""}, "Kerro, missä koti on."),
        ({"place": ""}, "Kerro, minne menet."),
        ({"place": "131052-308T"}, "henkilötunnus"),
        ({"where": "site"}, "Valitse paikka."),
        ({"until": "at", "time": "25.99"}, "Kirjoita aika"),
        ({"until": "at", "time": ""}, "Kirjoita aika"),
        ({"until": "900"}, "ei ole enää käytössä"),
        ({"where": ""}, "Valitse yksi"),
        ({"people": ["x"]}, "ei ole enää käytössä"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(cast, sign_in, told, why):
    answer = sign_in(cast.aino).post(GO, asked(**told))
    shown = answer.content.decode()
    assert answer.status_code == 200 and why in shown
    assert not CheckIn.objects.exists()
    assert (told.get("place", PLACE) or "1") in shown


def test_a_planned_home_visit_asks_the_same_and_is_not_named(cast, sign_in):
    home = testing.make_site(cast, name="Rantakatu 5", kind="home")
    visit = testing.make_visit(cast, home, day=clock.today())
    client = sign_in(cast.aino)
    shown = page(client)
    assert "data-home" in shown and "Rantakatu" not in shown
    where = f"visit:{visit.pk}"
    answer = client.post(GO, asked(where=where, place="")).content.decode()
    assert "Kerro, missä koti on." in answer and "Vastaa tähän" in answer
    client.post(GO, asked(where=where, others="no"))
    row = CheckIn.objects.get()
    assert row.is_home_visit and row.site is None and row.visit == visit


def test_with_others_in_the_home_a_pair_may_go(cast, sign_in):
    told = asked(where="home", others="unknown", people=[cast.kaisa.pk])
    sign_in(cast.aino).post(GO, told)
    assert CheckIn.objects.get().people.count() == 2


def test_alone_one_goes_when_the_way_out_is_agreed(cast, sign_in):
    told = asked(where="home", others="yes", goes_anyway="on")
    sign_in(cast.aino).post(GO, told)
    assert CheckIn.objects.exists()


def test_staying_longer_counts_from_the_agreed_time(cast, sign_in):
    row = set_out(cast.aino, minutes=40)
    client = sign_in(cast.aino)
    client.post(reverse("planning:safety_extend", args=[row.pk]), {"until": "30"})
    assert timedelta(minutes=69) < CheckIn.objects.get().due_at - clock.now()


def test_home_already_is_a_kind_sentence(cast, sign_in):
    row = set_out(cast.aino)
    actions.home_safe(cast.aino, row)
    client = sign_in(cast.aino)
    path = reverse("planning:safety_extend", args=[row.pk])
    answer = client.post(path, {"until": "30"}, follow=True)
    assert "jo merkitty" in answer.content.decode()


def test_help_is_one_alarm_however_often_pressed(cast, sign_in):
    set_out(cast.aino)
    client = sign_in(cast.aino)
    for _press in range(3):
        client.post("/planning/safety/help", {"key": str(uuid.uuid4())})
    assert Alarm.objects.get().kind == Alarm.Kind.CALLED
    assert "apua" in page(client)


def test_help_can_be_called_without_having_gone_out(cast, sign_in):
    sign_in(cast.aino).post("/planning/safety/help", {"key": "no uuid"})
    assert Alarm.objects.get().check_in.people.get() == cast.aino


def test_somebody_else_takes_and_closes_it(cast, sign_in):
    alarm = late_alarm(cast.aino, place=PLACE, is_home_visit=True)
    path = reverse("planning:safety_alarm", args=[alarm.pk])
    client = sign_in(cast.kaisa)
    assert path in page(client)
    assert PLACE not in page(client, path)
    assert "Otit tämän" in client.post(path, {"do": "take"}).content.decode()
    assert PLACE in client.post(path, {"do": "place"}).content.decode()
    assert AuditEvent.objects.filter(action="safety.place_opened").count() == 1
    client.post(path, {"do": "close", "how": "safe"})
    alarm.refresh_from_db()
    assert alarm.closed_at and alarm.owner == cast.kaisa
    assert alarm.check_in.ended_at and alarm.check_in.sealed_place is None


def test_the_own_alarm_is_somebody_elses(cast, sign_in):
    alarm = late_alarm(cast.aino)
    path = reverse("planning:safety_alarm", args=[alarm.pk])
    client = sign_in(cast.aino)
    for do in ("take", "close"):
        client.post(path, {"do": do, "how": "safe"})
    alarm.refresh_from_db()
    assert alarm.owner is None and alarm.closed_at is None


def test_who_did_not_take_it_neither_closes_nor_sees_the_place(cast, sign_in):
    alarm = late_alarm(cast.aino, place=PLACE)
    path = reverse("planning:safety_alarm", args=[alarm.pk])
    client = sign_in(cast.kaisa)
    assert PLACE not in client.post(path, {"do": "place"}).content.decode()
    client.post(path, {"do": "close", "how": "safe"})
    alarm.refresh_from_db()
    assert alarm.closed_at is None


def test_another_team_sees_nothing(cast, sign_in):
    alarm = late_alarm(cast.aino)
    client = sign_in(cast.outi)
    path = reverse("planning:safety_alarm", args=[alarm.pk])
    assert client.get(path).status_code == 404
    assert "Aino" not in page(client)
    own = reverse("planning:safety_home_safe", args=[alarm.check_in.pk])
    assert client.post(own).status_code == 404


def test_a_spot_comes_with_an_agreed_alarm_only(cast, sign_in):
    alarm = late_alarm(cast.aino, may_locate=True)
    client = sign_in(cast.aino)
    path = reverse("planning:safety_spot", args=[alarm.pk])
    spot = {"latitude": "62.89", "longitude": "27.68", "metres": "20"}
    assert client.post(path, spot | {"latitude": "1e9"}).status_code == 400
    assert client.post(path, spot).status_code == 204
    alarm.refresh_from_db()
    assert b"62.89" not in bytes(alarm.sealed_spot)
    mine = reverse("planning:safety_alarm", args=[alarm.pk])
    owner = sign_in(cast.kaisa)
    taken = owner.post(mine, {"do": "take"}).content.decode()
    assert "62.89000" not in taken + owner.get(mine).content.decode()
    assert not AuditEvent.objects.filter(action="safety.spot_opened").exists()
    opened = owner.post(mine, {"do": "spot"}).content.decode()
    assert "62.89000, 27.68000" in opened
    assert AuditEvent.objects.filter(action="safety.spot_opened").count() == 1
    assert (
        "62.89000" not in sign_in(cast.aino).post(mine, {"do": "spot"}).content.decode()
    )


def test_a_spot_nobody_agreed_to_is_not_kept(cast, sign_in):
    alarm = late_alarm(cast.aino)
    path = reverse("planning:safety_spot", args=[alarm.pk])
    spot = {"latitude": "62.89", "longitude": "27.68", "metres": "20"}
    sign_in(cast.aino).post(path, spot)
    alarm.refresh_from_db()
    assert alarm.sealed_spot is None


def test_it_says_how_alarms_travel_and_that_nobody_watches(cast, sign_in, settings):
    client = sign_in(cast.aino)
    assert "Hälytys kulkee vain sähköpostilla" in page(client)
    assert "Hälytykset eivät nyt lähde" in page(client)
    settings.SMS_URL = "http://127.0.0.1:9/"
    assert "vain sähköpostilla" not in page(client)


def test_where_nobody_could_be_called_it_is_said(cast, sign_in):
    type(cast.aino).objects.exclude(pk=cast.aino.pk).update(is_active=False)
    assert "Hälytys ei tavoittaisi ketään" in page(sign_in(cast.aino))


@pytest.mark.browser
def test_a_call_for_help_sends_where_the_phone_is(cast, open_page):
    """Agreed at check-in; it leaves with the alarm alone, for its owner to read."""
    place = {"latitude": 62.892, "longitude": 27.678}
    set_out(cast.aino, may_locate=True)
    allowed = {"geolocation": place, "permissions": ["geolocation"]}
    page = open_page(SAFETY, cast.aino, **allowed)
    page.locator(".sa-help summary").tap()
    with page.expect_response("**/spot") as sent:
        page.get_by_role("button", name="Hälytä nyt").tap()
    assert sent.value.status == 204
    alarm = Alarm.objects.get()
    assert alarm.sealed_spot is not None
    other = open_page(f"/planning/safety/alarms/{alarm.pk}/", cast.kaisa)
    other.get_by_role("button", name="Otan tämän").tap()
    other.get_by_role("button", name="Avaa puhelimen sijainti").tap()
    expect(other.get_by_text("62.89200, 27.67800")).to_be_visible()


def test_two_homes_of_one_hour_are_told_apart(cast, sign_in):
    for name in ("Koivukuja 3", "Koivukuja 5"):
        home = testing.make_site(cast, name=name, kind="home")
        testing.make_visit(cast, home, day=clock.today(), starts=time(13))
    shown = page(sign_in(cast.aino))
    assert "Kotikäynti 13.00 (1)" in shown and "Kotikäynti 13.00 (2)" in shown
    assert "Koivukuja" not in shown


def test_help_comes_before_everything_that_is_asked(cast, sign_in):
    page = sign_in(cast.aino).get(SAFETY).content.decode()
    assert page.index("Hälytä apua") < page.index("Lähden nyt")
