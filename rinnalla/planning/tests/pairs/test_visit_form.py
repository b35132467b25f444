"""The visit's form proposes a pair: familiar faces, whose turn it is, who is free."""

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.roles import Role
from rinnalla.planning.models import Visit

NEW = reverse("planning:visit_new")
DAY = date(2026, 3, 26)


@pytest.fixture(autouse=True)
def the_middle_of_march():
    with time_machine.travel("2026-03-16T07:00:00Z", tick=False):
        yield


@pytest.fixture
def team(cast):
    """Two more of the team, and a place Bo looks after."""
    cast.bo = testing.make_worker("Bo Berg", Role.WORKER, cast.county, cast.team)
    cast.eeva = testing.make_worker(
        "Eeva Eloranta", Role.WORKER, cast.county, cast.team
    )
    cast.site = testing.make_site(cast)
    cast.site.responsible.set([cast.bo])
    return cast


def typed(cast, pair="look", **over):
    fields = {
        "pair": pair,
        "site": cast.site.pk,
        "day": "2026-03-26",
        "starts": "10:00",
        "ends": "12:00",
        "workers": [],
        "type": "planned",
    }
    return fields | over


def names(response):
    return [face.worker.first_name for _option, face in response.context["pair"].rows]


def proposed(response):
    return [worker.first_name for worker in response.context["pair"].proposed]


def been(cast, day, *people, site=None, **over):
    fields = {"day": day, "status": "done"} | over
    return testing.make_visit(cast, site or cast.site, people, **fields)


def test_it_works(team, sign_in):
    been(team, date(2026, 3, 12), team.eeva)
    been(team, date(2026, 3, 5), team.aino)
    page = sign_in(team.kaisa).post(NEW, typed(team))
    # Who looks after the place, then whose visit is longest ago; the unknown last.
    assert names(page) == ["Bo", "Aino", "Eeva", "Kaisa"]
    assert proposed(page) == ["Bo", "Aino"]
    text = page.content.decode()
    assert "Mukaan voisi lähteä Bo ja Aino" in text
    assert "vastaa paikasta" in text
    assert "oli täällä viimeksi 12.3." in text
    assert not Visit.objects.filter(day=DAY).exists(), "only asked"


def test_one_press_takes_it_and_nothing_is_stored(team, sign_in):
    page = sign_in(team.kaisa).post(NEW, typed(team, "take"))
    ticked = [f.worker for o, f in page.context["pair"].rows if o.data["selected"]]
    assert ticked == [team.bo, team.aino]
    assert proposed(page) == []
    assert not Visit.objects.exists()


def test_those_who_are_chosen_stay(team, sign_in):
    page = sign_in(team.kaisa).post(NEW, typed(team, workers=[team.eeva.pk]))
    assert proposed(page) == ["Bo"]
    page = sign_in(team.kaisa).post(
        NEW, typed(team, workers=[team.eeva.pk, team.kaisa.pk])
    )
    assert proposed(page) == []


def test_a_second_from_elsewhere_counts(team, sign_in):
    page = sign_in(team.kaisa).post(NEW, typed(team, partner=team.parish.pk))
    assert proposed(page) == ["Bo"]


def test_four_look_after_it_and_one_goes_at_a_time(team, sign_in):
    team.site.required_staffing = 1
    team.site.save()
    team.site.responsible.set([team.aino, team.bo, team.eeva, team.kaisa])
    client, gone = sign_in(team.kaisa), []
    for week in (5, 12, 19, 26):
        [next_one] = proposed(client.post(NEW, typed(team, day=f"2026-03-{week:02}")))
        gone.append(next_one)
        person = {"Aino": team.aino, "Bo": team.bo}.get(next_one, team.eeva)
        person = team.kaisa if next_one == "Kaisa" else person
        been(team, date(2026, 3, week), person)
    assert sorted(gone) == ["Aino", "Bo", "Eeva", "Kaisa"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ((time(11), time(13)), "muualla klo 11"),
        ((time(9, 30), None), "muualla klo 9.30"),
        ((None, None), "muualla sinä päivänä"),
        ((time(12), time(14)), ""),
        ((time(8), time(10)), ""),
    ],
)
def test_who_is_elsewhere_then(team, sign_in, hours, said):
    starts, ends = hours
    other = testing.make_site(team, name="Tori")
    over = {"starts": starts, "ends": ends, "status": "planned"}
    been(team, DAY, team.bo, site=other, **over)
    page = sign_in(team.kaisa).post(NEW, typed(team))
    assert (said or "muualla") in page.content.decode() or not said
    assert ("Bo" in proposed(page)) == (said == "")


def test_what_was_called_off_keeps_nobody(team, sign_in):
    over = {"status": "cancelled", "cancel_reason": "weather"}
    been(team, DAY, team.bo, site=testing.make_site(team, name="Tori"), **over)
    assert "Bo" in proposed(sign_in(team.kaisa).post(NEW, typed(team)))


def test_what_was_planned_and_never_held_makes_no_face_familiar(team, sign_in):
    been(team, date(2026, 3, 12), team.eeva, status="planned")
    been(team, date(2026, 3, 19), team.aino, status="planned")
    page = sign_in(team.kaisa).post(NEW, typed(team))
    assert names(page) == ["Bo", "Aino", "Eeva", "Kaisa"]
    text = page.content.decode()
    assert "tulossa tänne 19.3." in text and "viimeksi" not in text


def test_the_latest_day_held_is_told_else_the_nearest_to_come(team, sign_in):
    for day in (date(2026, 3, 5), date(2026, 3, 12)):
        been(team, day, team.bo)
    for day in (date(2026, 4, 23), date(2026, 4, 9)):
        been(team, day, team.bo, team.eeva, status="planned")
    text = sign_in(team.aino).post(NEW, typed(team)).content.decode()
    assert text.count("oli täällä viimeksi 12.3.") == 1
    assert text.count("tulossa tänne 9.4.") == 1


def test_nothing_typed_is_lost(team, sign_in):
    data = typed(team, day="huomenna", arrive_before_minutes="15", kit=["cards"])
    page = sign_in(team.kaisa).post(NEW, data)
    text = page.content.decode()
    assert 'value="huomenna"' in text and 'value="15"' in text
    assert page.context["form"]["kit"].value() == ["cards"]
    assert page.context["form"]["is_outreach"].value() is False
    assert not page.context["form"].errors
    assert names(page)[0] == "Bo", "without a day nobody is elsewhere"


def test_the_visit_changed_keeps_nobody_from_itself(team, sign_in):
    visit = testing.make_visit(team, team.site, [team.bo], day=DAY)
    address = reverse("planning:visit_edit", args=[visit.pk])
    page = sign_in(team.kaisa).get(address)
    assert "muualla" not in page.content.decode()
    assert proposed(page) == ["Aino"]
    page = sign_in(team.kaisa).post(address, typed(team, "take", workers=[team.bo.pk]))
    assert page.status_code == 200
    assert set(visit.workers.all()) == {team.bo}, "only asked"


def test_a_large_team_is_folded(team, sign_in):
    for number in range(12):
        name = f"Työntekijä{number} Testi"
        testing.make_worker(name, Role.WORKER, team.county, team.team)
    page = sign_in(team.kaisa).post(NEW, typed(team))
    pair = page.context["pair"]
    assert len(pair.near) == 8 and len(pair.others) == 8
    assert "Muut tiimissä" in page.content.decode()
    last = pair.others[-1][1].worker
    page = sign_in(team.kaisa).post(NEW, typed(team, workers=[last.pk]))
    assert last in [face.worker for _option, face in page.context["pair"].near]


@pytest.mark.parametrize(
    "odd",
    [
        *({"site": "9" * 40}, {"site": "\x00"}, {"day": "\x00"}, {"starts": "99"}),
        *({"workers": ["x", "9" * 40]}, {"partner": "x"}, {"type": "\x00"}),
    ],
)
def test_odd_questions_get_a_page(team, sign_in, odd):
    for pair in ("look", "take"):
        assert (
            sign_in(team.kaisa).post(NEW, typed(team, pair, **odd)).status_code == 200
        )


def test_another_teams_people_are_not_here(team, sign_in):
    assert "Outi" not in names(sign_in(team.kaisa).post(NEW, typed(team)))


def test_as_many_queries_however_large_the_team(
    team, sign_in, django_assert_max_num_queries
):
    client, numbers = sign_in(team.kaisa), []
    for number in range(12):
        with django_assert_max_num_queries(24) as counted:
            client.post(NEW, typed(team))
        numbers.append(len(counted))
        name = f"Työntekijä{number} Testi"
        person = testing.make_worker(name, Role.WORKER, team.county, team.team)
        been(team, date(2026, 3, 1 + number), person)
    assert len(set(numbers[1:])) == 1
