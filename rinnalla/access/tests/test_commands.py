"""The commands: an administrator from the command line, and who may do what."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rinnalla.access.models import Organisation, Worker
from rinnalla.access.roles import Role

HANNA = ["Hanna Hongisto", "Hanna@example.fi", "Järvi-Savo"]


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_it_works(db, client):
    answer = json.loads(
        run("invite", *HANNA, "--address", "https://r.example.fi/", "--json")
    )
    worker = Worker.objects.get(email="hanna@example.fi")
    assert (worker.role, worker.organisation.name) == (Role.ADMINISTRATOR, "Järvi-Savo")
    host, _, path = answer["link"].partition("/access/")
    assert host == "https://r.example.fi"
    assert client.get("/access/" + path).status_code == 200


def test_the_county_that_is_there_is_used(cast):
    run("invite", *HANNA)
    assert Organisation.objects.filter(name="Järvi-Savo").count() == 1


def test_a_dry_run_changes_nothing(db):
    assert "nothing was changed" in run("invite", *HANNA, "--dry-run")
    assert not Worker.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["", "hanna@example.fi", "Järvi-Savo"],
        ["Hanna", "x", "Järvi-Savo"],
        ["Hanna", "AINO@example.fi", "Järvi-Savo"],
        ["Hanna", "hanna@example.fi", ""],
        ["Hanna", "hanna@example.fi", "Järvi-Savo", "--language=de"],
    ],
)
def test_a_fault_stops_it(cast, arguments):
    before = Worker.objects.count()
    with pytest.raises(CommandError):
        run("invite", *arguments)
    assert Worker.objects.count() == before


def test_who_may_is_told_as_json(db):
    rows = json.loads(run("who_may", "--json"))
    audit = next(row for row in rows if row["permission"] == "access.read_audit")
    assert audit["administrator"] == "all"
    assert audit["worker"] is None
