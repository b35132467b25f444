"""Organisations and teams: added, changed, ended; never deleted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rinnalla.access.models import AuditEvent, Organisation, Team
from rinnalla.lib import clock

NEW = reverse("access:new_organisation")
NEW_TEAM = reverse("access:new_team")


def asked(**over):
    fields = {"name": "Yö ry", "sector": "ngo", "agreed_on": "15.1.2026", "ends_on": ""}
    return fields | over


def test_it_works(cast, sign_in):
    answer = sign_in(cast.kaisa).post(NEW, asked())
    assert answer.url == reverse("access:organisations")
    row = Organisation.objects.get(name="Yö ry")
    assert (row.agreed_on.isoformat(), row.ends_on) == ("2026-01-15", None)
    assert AuditEvent.objects.filter(action="organisation.added").count() == 1


def test_pressing_twice_adds_once(cast, sign_in):
    client = sign_in(cast.kaisa)
    assert client.post(NEW, asked()).url == client.post(NEW, asked()).url
    assert Organisation.objects.filter(name="Yö ry").count() == 1


@pytest.mark.parametrize(
    "over",
    [
        {"name": ""},
        {"name": "a\0b"},
        {"name": "x" * 500},
        {"name": "Kulkijat ry", "sector": "parish"},
        {"sector": "x"},
        {"agreed_on": "32.1.2026"},
        {"agreed_on": "x" * 400},
        {"ends_on": "1.1.2020"},
    ],
)
def test_a_fault_is_named_and_nothing_typed_is_lost(cast, sign_in, over):
    before = Organisation.objects.count()
    page = sign_in(cast.kaisa).post(NEW, asked(**over))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert Organisation.objects.count() == before


def test_an_end_date_closes_the_door_the_day_after(cast, sign_in):
    client = sign_in(cast.reijo)
    cast.parish.ends_on = clock.today()
    cast.parish.save()
    assert client.get("/access/me").status_code == 200
    cast.parish.ends_on = clock.today() - timedelta(days=1)
    cast.parish.save()
    assert client.get("/access/me").status_code == 401


def test_nobody_ends_the_organisation_that_runs_the_system(cast, sign_in):
    where = reverse("access:organisation", args=[cast.county.pk])
    fields = asked(name="Järvi-Savo", sector="county", agreed_on="", ends_on="1.1.2020")
    page = sign_in(cast.kaisa).post(where, fields)
    assert "ends_on" in page.context["form"].errors
    cast.county.refresh_from_db()
    assert cast.county.ends_on is None


def test_a_change_is_kept(cast, sign_in):
    where = reverse("access:organisation", args=[cast.ngo.pk])
    client = sign_in(cast.hannu)
    assert "Kulkijat ry" in client.get(where).content.decode()
    client.post(where, asked(name="Kulkijat ry", sector="ngo"))
    cast.ngo.refresh_from_db()
    assert cast.ngo.agreed_on
    assert AuditEvent.objects.filter(action="organisation.changed").count() == 1


def test_an_administrator_adds_a_team(cast, sign_in):
    client = sign_in(cast.hannu)
    fields = {"name": "Eteläinen", "organisation": cast.county.pk}
    assert client.post(NEW_TEAM, fields).url == client.post(NEW_TEAM, fields).url
    assert Team.objects.filter(name="Eteläinen").count() == 1


@pytest.mark.parametrize("over", [{"name": ""}, {"organisation": "0"}, {"name": "\0"}])
def test_a_team_needs_a_name_and_an_organisation(cast, sign_in, over):
    fields = {"name": "Eteläinen", "organisation": cast.county.pk}
    page = sign_in(cast.hannu).post(NEW_TEAM, fields | over)
    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize("who", ["aino", "kaisa", "leena", "reijo"])
def test_others_add_no_team(cast, sign_in, who):
    fields = {"name": "Eteläinen", "organisation": cast.county.pk}
    assert sign_in(getattr(cast, who)).post(NEW_TEAM, fields).status_code == 403


@pytest.mark.parametrize("who", ["aino", "leena", "reijo"])
def test_others_add_no_organisation(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).post(NEW, asked()).status_code == 403


def test_the_308_municipalities_are_read_in_ones_own_language(cast, sign_in):
    client = sign_in(cast.kaisa)
    page = client.get(reverse("access:municipalities"))
    assert page.context["page"].paginator.count == 308
    client.cookies["language"] = "sv"
    assert "Askola" in client.get(reverse("access:municipalities")).content.decode()
