"""The guide: five to nine steps a role, in three languages, with small pictures."""

import pytest
from django.utils.translation import override

from rinnalla.access.roles import Role
from rinnalla.shell.guide.steps import GUIDE
from rinnalla.shell.guide.views import PICTURES

STEPS = sorted({step for steps in GUIDE.values() for step in steps}, key=str)
LARGEST = 60 * 1024


def test_it_works(cast, sign_in):
    page = sign_in(cast.aino).get("/guide").content.decode()
    assert "Laske peukalolla" in page
    assert page.count("gu-number") == len(GUIDE[Role.WORKER])


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_role_reads_every_guide(cast, sign_in, client, role, language):
    client.cookies["language"] = language
    for worker in (cast.aino, cast.leena, cast.reijo, cast.hannu, cast.kaisa):
        assert sign_in(worker).get(f"/guide/{role}").status_code == 200


def test_only_pages_one_may_open_are_offered(cast, sign_in):
    def links(worker):
        page = sign_in(worker).get("/guide/administrator").content.decode()
        return "/access/audit" in page.partition("gu-steps")[2]

    assert links(cast.hannu)
    assert not links(cast.aino)


@pytest.mark.parametrize("name", ["aino", "kaisa", "reijo"])
def test_who_records_reads_how_a_phone_is_taken_into_use(cast, sign_in, name):
    page = sign_in(getattr(cast, name)).get("/guide").content.decode()
    assert "/phone/devices/" in page.partition("gu-steps")[2]


@pytest.mark.parametrize("role", Role.values)
def test_five_to_nine_steps(role):
    assert 5 <= len(GUIDE[role]) <= 9


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.title)[:30])
def test_steps_are_short(step):
    for language in ("fi", "sv", "en"):
        with override(language):
            assert len(str(step.title)) <= 60
            assert len(str(step.text)) <= 280
            assert "!" not in f"{step.title}{step.text}"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_picture_is_there_and_small(language):
    wanted = {f"{step.picture}.webp" for step in STEPS if step.picture}
    files = {path.name: path for path in (PICTURES / language).glob("*")}
    assert set(files) == wanted
    too_large = [name for name, path in files.items() if path.stat().st_size > LARGEST]
    assert too_large == []


@pytest.mark.parametrize("role", ["boss", "worker2", "x" * 300])
def test_an_unknown_role_has_no_guide(cast, sign_in, role):
    assert sign_in(cast.aino).get(f"/guide/{role}").status_code == 404


def test_strangers_sign_in_first(client, db):
    assert client.get("/guide").status_code == 302
