"""A month is planned from its rhythms: looked at, then made with one press."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.planning.models import Rhythm, StaleMonth, Visit
from rinnalla.planning.month import actions, proposal
from rinnalla.planning.month.span import Month
from rinnalla.planning.tests.month.making import make_rhythm

URL = reverse("planning:month_plan", args=["2026-04"])


@pytest.fixture(autouse=True)
def early_march():
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False):
        yield


def look(client):
    page = client.get(URL).content.decode()
    mark = re.search(r'name="mark" value="(\w+)"', page)
    return page, mark and mark[1]


def make(client, **over):
    return client.post(URL, {"mark": look(client)[1]} | over, follow=True)


def test_it_works(cast, sign_in):
    rhythm = make_rhythm(cast, people=[cast.aino])
    client = sign_in(cast.aino)
    page, _ = look(client)
    assert "Tee 5 käyntiä" in page
    assert not Visit.objects.exists()
    assert "5 käyntiä suunniteltu." in make(client).content.decode()
    visits = Visit.objects.order_by("day")
    assert [visit.day.day for visit in visits] == [1, 8, 15, 22, 29]
    assert all(visit.slot == visit.day for visit in visits)
    first = visits[0]
    assert (first.rhythm, first.starts, first.ends) == (rhythm, time(9), time(12))
    assert (first.team, first.organisation) == (cast.team, cast.county)
    assert set(first.workers.all()) == {cast.aino}
    assert AuditEvent.objects.get(action="month.planned").count == 5
    assert StaleMonth.objects.filter(site=rhythm.site).count() == 1


def test_pressed_twice_makes_each_once(cast, sign_in):
    make_rhythm(cast)
    client = sign_in(cast.aino)
    data = {"mark": look(client)[1]}
    for _ in range(2):
        response = client.post(URL, data, follow=True)
    assert response.status_code == 200
    assert Visit.objects.count() == 5


def test_a_day_is_left_out_and_a_holiday_taken(cast, sign_in):
    rhythm = make_rhythm(cast, weekday="MO")
    page, _ = look(client := sign_in(cast.aino))
    assert "Toinen pääsiäispäivä" in page
    assert "Tee 3 käyntiä" in page
    key = f"{rhythm.pk}.202604"
    make(client, left_out=[f"{key}13", "x", "\x00"], taken=[f"{key}06"])
    days = Visit.objects.order_by("day").values_list("day__day", flat=True)
    assert list(days) == [6, 20, 27]


def test_what_changed_meanwhile_is_looked_at_first(cast, sign_in):
    make_rhythm(cast)
    client = sign_in(cast.aino)
    _, mark = look(client)
    make_rhythm(cast, weekday="FR", name="Tupa 2")
    response = client.post(URL, {"mark": mark})
    assert "Ehdotus on muuttunut" in response.content.decode()
    assert not Visit.objects.exists()


def test_a_day_with_a_visit_already_is_not_offered(cast, sign_in):
    rhythm = make_rhythm(cast)
    testing.make_visit(cast, rhythm.site, day=date(2026, 4, 8))
    testing.make_visit(
        cast, rhythm.site, day=date(2026, 4, 16), rhythm=rhythm, slot=date(2026, 4, 15)
    )
    assert "Tee 3 käyntiä" in look(sign_in(cast.aino))[0]


def test_a_slot_called_off_is_not_offered_again(cast, sign_in):
    rhythm = make_rhythm(cast)
    testing.make_visit(
        cast,
        rhythm.site,
        day=date(2026, 4, 8),
        rhythm=rhythm,
        slot=date(2026, 4, 8),
        status="cancelled",
        cancel_reason="weather",
    )
    assert "Tee 4 käyntiä" in look(sign_in(cast.aino))[0]


def test_the_past_is_not_planned(cast, sign_in):
    make_rhythm(cast)
    with time_machine.travel("2026-04-10T07:00:00Z", tick=False):
        assert "Tee 3 käyntiä" in look(sign_in(cast.aino))[0]


def test_those_who_look_after_take_turns(cast, sign_in):
    make_rhythm(cast, people=[cast.aino, cast.kaisa])
    make(sign_in(cast.aino))
    went = [v.workers.get() for v in Visit.objects.order_by("day")]
    assert went == [cast.aino, cast.kaisa, cast.aino, cast.kaisa, cast.aino]


def test_who_is_elsewhere_at_that_hour_is_not_proposed(cast, sign_in):
    make_rhythm(cast, people=[cast.aino, cast.kaisa])
    other = testing.make_site(cast, name="Muualla")
    testing.make_visit(
        cast, other, workers=[cast.aino], day=date(2026, 4, 1), starts=time(11)
    )
    make(sign_in(cast.aino))
    first = Visit.objects.get(day=date(2026, 4, 1), rhythm__isnull=False)
    assert first.workers.get() == cast.kaisa


def test_who_changed_teams_or_works_no_more_is_not_proposed(cast, sign_in):
    make_rhythm(cast, people=[cast.aino, cast.outi])
    assert "Outi" not in look(sign_in(cast.aino))[0]


def test_what_was_planned_and_never_held_is_no_turn(cast):
    rhythm = make_rhythm(cast, people=[cast.aino, cast.kaisa])
    day = date(2026, 2, 25)
    testing.make_visit(cast, rhythm.site, [cast.kaisa], day=day)
    day = date(2026, 2, 18)
    testing.make_visit(cast, rhythm.site, [cast.aino], day=day, status="done")
    first = proposal.propose(cast.aino, Month(date(2026, 4, 1))).usual[0]
    assert first.people == [cast.kaisa]


def test_a_missing_pair_is_seen_before(cast, sign_in):
    make_rhythm(cast, people=[cast.aino], required_staffing=2)
    assert "Aino, pari puuttuu" in look(sign_in(cast.aino))[0]


def test_another_teams_places_are_not_planned(cast, sign_in):
    make_rhythm(cast)
    page, mark = look(sign_in(cast.outi))
    assert mark is None
    assert "Rantatupa" not in page


def test_places_without_a_rhythm_get_one_here(cast, sign_in):
    site = testing.make_site(cast, name="Rantatupa", kind="day_centre")
    other = testing.make_site(cast, name="Tori", kind="street")
    client = sign_in(cast.aino)
    assert "2 paikkaa ilman rytmiä" in look(client)[0]
    address = reverse("planning:month_rhythms", args=["2026-04"])
    fields = {"often": "w1", "weekdays": ["2"], "starts": "9", "since": "2026-03-02"}
    data = {f"s{site.pk}-{name}": value for name, value in fields.items()}
    data |= {f"s{other.pk}-often": "w1", f"s{other.pk}-since": "2026-03-02"}
    response = client.post(address, data, follow=True)
    rhythm = Rhythm.objects.get()
    assert (rhythm.site, rhythm.starts, rhythm.ends) == (site, time(9), time(12))
    page = response.content.decode()
    assert "Tee 5 käyntiä" in page
    assert "1 paikka ilman rytmiä" in page


def test_a_half_filled_row_is_asked_about_and_nothing_is_kept(cast, sign_in):
    sites = [testing.make_site(cast, name=name) for name in ("A", "B")]
    address = reverse("planning:month_rhythms", args=["2026-04"])
    data = {}
    for site, days in zip(sites, (["2"], []), strict=True):
        fields = {"often": "w1", "starts": "9.30", "since": "2026-03-02"}
        fields["weekdays"] = days
        data |= {f"s{site.pk}-{name}": value for name, value in fields.items()}
    page = sign_in(cast.aino).post(address, data).content.decode()
    assert "Valitse viikonpäivä." in page
    assert "9.30" in page
    assert not Rhythm.objects.exists()


def test_somebody_without_a_team_plans_nothing(cast, sign_in):
    cast.kaisa.team = None
    cast.kaisa.save()
    client = sign_in(cast.kaisa)
    assert client.get(URL).status_code == 200
    nothing = proposal.Proposal([]).mark
    assert client.post(URL, {"mark": nothing}).status_code == 404


def test_a_home_is_named_a_home_visit(cast, sign_in):
    rhythm = make_rhythm(cast, name="Koivukuja 3", kind="home")
    home = testing.make_site(cast, name="Koivukuja 5", kind="home")
    client = sign_in(cast.aino)
    page = look(client)[0]
    assert page.count("Kotikäynti") >= 2 and "Koivukuja" not in page
    page = client.get(reverse("planning:month_of", args=["2026-04"]), {"by": "place"})
    page = page.content.decode()
    assert "Kotikäynti" in page and "Koivukuja" not in page
    for site in (rhythm.site, home):
        assert reverse("planning:site", args=[site.pk]) in page
        # Two of them are told apart, though neither is named.
        assert f">Kotikäynti · {site.pk}<" in page


def test_it_is_gone_to_as_last_time(cast, sign_in):
    rhythm = make_rhythm(cast)
    for day, kit in ((4, ["cards"]), (11, ["laptop"])):
        slot = date(2026, 2, day)
        testing.make_visit(
            cast, rhythm.site, day=slot, rhythm=rhythm, slot=slot, kit=kit
        )
    make(sign_in(cast.aino))
    planned = Visit.objects.filter(day__gte=date(2026, 4, 1))
    assert {tuple(visit.kit) for visit in planned} == {("laptop",)}


def test_of_many_earlier_visits_one_a_place_is_read(cast, sign_in):
    rhythm = make_rhythm(cast)
    for week in range(8):
        slot = date(2026, 1, 7) + timedelta(weeks=week)
        testing.make_visit(cast, rhythm.site, day=slot, rhythm=rhythm, slot=slot)
    assert len(actions.last_visits({rhythm.site_id})) == 1
