"""A visit is planned: to a site, an unplanned place or a channel on the net."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent, Code
from rinnalla.lib import clock
from rinnalla.planning.models import Site, StaleMonth, Visit
from rinnalla.planning.tests.sending import fields_of

URL = reverse("planning:visit_new")


def typed(cast, site=None, **over):
    fields = {
        "key": str(uuid.uuid4()),
        "site": site.pk if site else "",
        "day": "2026-03-12",
        "starts": "10:00",
        "ends": "12:00",
        "arrive_before_minutes": "15",
        "workers": [cast.aino.pk, cast.kaisa.pk],
        "type": "planned",
        "is_outreach": "on",
    }
    return {key: value for key, value in (fields | over).items() if value is not None}


def test_it_works(cast, sign_in):
    site = testing.make_site(cast)
    data = typed(
        cast,
        site,
        partner=cast.parish.pk,
        has_student="on",
        identifier="vest",
        has_car="on",
        kit=["cards", "sweets"],
        is_group="on",
        type="event",
    )
    response = sign_in(cast.aino).post(URL, data)
    visit = Visit.objects.get()
    assert response.url == reverse("planning:visit", args=[visit.pk])
    assert str(visit.pk) == data["key"]
    assert (visit.site, visit.team, visit.organisation) == (
        *(site, cast.team),
        cast.county,
    )
    assert (visit.day, visit.starts, visit.ends) == (
        *(date(2026, 3, 12), time(10)),
        time(12),
    )
    assert (visit.arrive_before_minutes, visit.type) == (15, "event")
    assert (visit.partner, visit.identifier) == (cast.parish, "vest")
    assert (visit.has_student, visit.has_volunteer, visit.has_car) == (
        True,
        False,
        True,
    )
    assert visit.kit == ["cards", "sweets"]
    assert visit.is_group
    assert visit.status == "planned"
    assert set(visit.workers.all()) == {cast.aino, cast.kaisa}
    assert AuditEvent.objects.get().action == "visit.planned"
    assert StaleMonth.objects.filter(site=site, month=date(2026, 3, 1)).exists()


def test_finnish_ways_of_writing_a_day_and_a_time(cast, sign_in):
    site = testing.make_site(cast)
    data = typed(cast, site, day="12.3.2026", starts="10.30", ends="12")
    sign_in(cast.aino).post(URL, data)
    visit = Visit.objects.get()
    assert (visit.day, visit.starts, visit.ends) == (
        *(date(2026, 3, 12), time(10, 30)),
        time(12),
    )


def test_a_second_press_shows_the_first(cast, sign_in):
    data = typed(cast, testing.make_site(cast))
    client = sign_in(cast.aino)
    first = client.post(URL, data)
    again = client.post(URL, data)
    assert again.url == first.url
    assert Visit.objects.count() == 1
    assert AuditEvent.objects.count() == 1


def test_a_key_of_another_teams_visit_is_not_taken_over(cast, sign_in):
    other = testing.make_visit(cast, testing.make_site(cast, team=cast.other_team))
    data = typed(cast, testing.make_site(cast), key=str(other.pk))
    response = sign_in(cast.aino).post(URL, data)
    assert str(other.pk) not in response.url
    other.refresh_from_db()
    assert other.team == cast.other_team


def test_an_unplanned_place(cast, sign_in):
    data = typed(
        cast,
        place_name="Sillan alla",
        place_kind="street",
        place_municipality="297",
    )
    sign_in(cast.aino).post(URL, data)
    site = Site.objects.get()
    assert (site.name, site.kind, site.is_ad_hoc) == ("Sillan alla", "street", True)
    assert Visit.objects.get().site == site


def test_the_same_unplanned_place_is_one_place(cast, sign_in):
    client = sign_in(cast.aino)
    for _ in range(2):
        data = typed(
            cast,
            place_name="Sillan alla",
            place_kind="street",
            place_municipality="297",
        )
        client.post(URL, data)
    assert Site.objects.count() == 1
    assert Visit.objects.count() == 2


def test_alone_on_the_net_is_fine(cast, sign_in):
    site = testing.make_site(cast, kind="online", required_staffing=1)
    sign_in(cast.aino).post(URL, typed(cast, site, workers=[cast.aino.pk]))
    assert Visit.objects.get().solo_reason == ""


def test_alone_where_one_goes_in_pairs_asks_why(cast, sign_in):
    site = testing.make_site(cast, required_staffing=2)
    testing.make_visit(cast, site, status="done")
    client = sign_in(cast.aino)
    asked = client.post(URL, typed(cast, site, workers=[cast.aino.pk]))
    assert "mennään parina" in asked.context["form"].errors["solo_reason"][0]
    assert Visit.objects.count() == 1
    client.post(URL, fields_of(asked) | {"solo_reason": "pair_ill"})
    assert Visit.objects.get(status="planned").solo_reason == "pair_ill"


def test_alone_where_nobody_has_been_asks_why(cast, sign_in):
    site = testing.make_site(cast, required_staffing=1)
    client = sign_in(cast.aino)
    asked = client.post(URL, typed(cast, site, workers=[cast.aino.pk]))
    assert "Täällä ei ole vielä käyty" in asked.context["form"].errors["solo_reason"][0]
    testing.make_visit(cast, site, status="done")
    client.post(URL, typed(cast, site, workers=[cast.aino.pk]))
    assert Visit.objects.filter(status="planned").count() == 1


def test_an_unplanned_place_is_new_too(cast, sign_in):
    data = typed(
        cast,
        place_name="Sillan alla",
        place_kind="street",
        place_municipality="297",
        workers=[cast.aino.pk],
    )
    asked = sign_in(cast.aino).post(URL, data)
    assert "solo_reason" in asked.context["form"].errors
    assert not Site.objects.exists(), "nothing half stored"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site", ""),
        ("site", "99999999999999999999"),
        ("site", "\x00"),
        ("day", ""),
        ("day", "huomenna"),
        ("day", "0001-01-01"),
        ("day", "9999-12-31"),
        ("day", "\x00"),
        ("starts", "25.99"),
        ("starts", "\x00"),
        ("ends", "09:00"),
        ("arrive_before_minutes", "-1"),
        ("arrive_before_minutes", "99999999999999999999"),
        ("workers", []),
        ("workers", ["x"]),
        ("workers", ["99999999999999999999"]),
        ("type", "holiday"),
        ("type", ""),
        ("identifier", "crown"),
        ("kit", ["sword"]),
        ("kit", ["\x00"]),
        ("partner", "0"),
        ("solo_reason", "because"),
        ("key", "x"),
        ("key", "\x00"),
    ],
)
def test_bad_input_is_said_and_nothing_is_stored(cast, sign_in, field, value):
    data = typed(cast, testing.make_site(cast)) | {field: value}
    response = sign_in(cast.aino).post(URL, data)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("name", "kind", "municipality", "field"),
    [
        ("Liisa, 050 123 4567", "home", "297", "place_name"),
        ("Silta", "", "297", "place_kind"),
        ("Silta", "street", "", "place_municipality"),
        ("Silta", "street", "\x00", "place_municipality"),
        ("x" * 121, "street", "297", "place_name"),
        ("\x00", "street", "297", "place_name"),
    ],
)
def test_a_bad_place_is_said(cast, sign_in, name, kind, municipality, field):
    data = typed(
        cast, place_name=name, place_kind=kind, place_municipality=municipality
    )
    response = sign_in(cast.aino).post(URL, data)
    assert field in response.context["form"].errors
    assert not Site.objects.exists()


def test_a_persons_name_as_a_place_is_asked_about_once(cast, sign_in):
    client = sign_in(cast.aino)
    data = typed(
        cast,
        place_name="Matti Virtanen",
        place_kind="home",
        place_municipality="297",
    )
    response = client.post(URL, data)
    assert list(response.context["form"].errors) == ["place_name"]
    assert 'type="checkbox" name="text_confirmed"' in response.content.decode()
    assert not Site.objects.exists()
    assert client.post(URL, data | {"text_confirmed": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("who", "goes"), [("aino", ["aino"]), ("kaisa", []), ("reijo", ["reijo"])]
)
def test_nobody_is_ticked_but_a_worker_who_plans(cast, sign_in, who, goes):
    """A coordinator plans for others: ticked unnoticed, the pair would be one short."""
    form = sign_in(getattr(cast, who)).get(URL).context["form"]
    assert form["workers"].value() == [getattr(cast, name).pk for name in goes]


def test_who_goes_is_said_when_it_is_planned(cast, sign_in):
    data = typed(cast, testing.make_site(cast))
    text = sign_in(cast.kaisa).post(URL, data, follow=True).content.decode()
    assert "Lähtijät: Aino ja Kaisa." in text
    alone = typed(
        cast, Site.objects.get(), workers=[cast.aino.pk], solo_reason="urgent"
    )
    text = sign_in(cast.kaisa).post(URL, alone, follow=True).content.decode()
    assert "Aino lähtee yksin." in text


def test_a_retired_code_is_not_offered(cast, sign_in):
    Code.objects.filter(list="visit_type", code="trial").update(is_retired=True)
    data = typed(cast, testing.make_site(cast), type="trial")
    response = sign_in(cast.aino).post(URL, data)
    assert "type" in response.context["form"].errors


def test_another_teams_place_or_worker_cannot_be_chosen(cast, sign_in):
    client = sign_in(cast.aino)
    theirs = testing.make_site(cast, team=cast.other_team)
    assert "site" in client.post(URL, typed(cast, theirs)).context["form"].errors
    data = typed(cast, testing.make_site(cast), workers=[cast.outi.pk])
    assert "workers" in client.post(URL, data).context["form"].errors


def test_a_partner_plans_for_its_own_organisation(cast, sign_in):
    site = testing.make_site(cast)
    data = typed(cast, site, workers=[cast.reijo.pk], solo_reason="host_gives_pair")
    sign_in(cast.reijo).post(URL, data)
    visit = Visit.objects.get()
    assert (visit.organisation, visit.team) == (cast.parish, cast.team)
    response = sign_in(cast.reijo).get(URL)
    assert "place_name" not in response.context["form"].fields


@pytest.mark.parametrize("who", ["leena", "hannu"])
def test_not_for_leaders_and_administrators(cast, sign_in, who):
    client = sign_in(getattr(cast, who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, typed(cast, testing.make_site(cast))).status_code == 403


@pytest.mark.parametrize("asked", ["1", "x", "99999999999999999999", "\x00", "٣"])
def test_a_link_may_choose_the_place(cast, sign_in, asked):
    assert sign_in(cast.aino).get(URL, {"site": asked}).status_code == 200


def test_no_visit_after_the_last_day_of_a_place(cast, sign_in):
    end = clock.today() + timedelta(days=10)
    site = testing.make_site(cast, retired_on=end)
    client = sign_in(cast.aino)
    late = client.post(URL, typed(cast, site, day=end.isoformat()))
    assert "Viimeinen päivä täällä on" in late.content.decode()
    last = site.last_day.isoformat()
    assert client.post(URL, typed(cast, site, day=last)).status_code == 302
    assert Visit.objects.get().day == site.last_day


def test_somebody_who_is_elsewhere_then_is_said_and_not_refused(cast, sign_in):
    there = testing.make_site(cast, name="Tori")
    tomorrow = clock.today() + timedelta(days=1)
    hours = {"starts": time(9), "ends": time(11)}
    testing.make_visit(cast, there, day=tomorrow, workers=[cast.aino], **hours)
    client = sign_in(cast.aino)
    here = testing.make_site(cast)
    told = typed(cast, here, day=tomorrow, starts="10:00", ends="12:00")
    page = client.post(URL, told, follow=True).content.decode()
    assert "Samaan aikaan toisella käynnillä: Aino klo 9." in page
    told = typed(cast, here, day=tomorrow, starts="14:00", ends="15:00")
    page = client.post(URL, told, follow=True).content.decode()
    assert "Samaan aikaan" not in page
