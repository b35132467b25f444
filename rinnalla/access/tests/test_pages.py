"""Every page of this room opens for the roles that have it and for nobody else."""

import pytest
from django.urls import reverse

from rinnalla.access.models import Code, Organisation

OWN = ["me", "second_factor"]
UPKEEP = {
    "upkeep": "kaisa hannu",
    "workers": "kaisa hannu",
    "invite": "kaisa hannu",
    "organisations": "kaisa hannu",
    "new_organisation": "kaisa hannu",
    "code_lists": "kaisa hannu",
    "municipalities": "kaisa hannu",
    "teams": "hannu",
    "new_team": "hannu",
    "audit": "hannu",
}
EVERYBODY = ["aino", "kaisa", "leena", "outi", "reijo", "paula", "hannu"]


@pytest.mark.parametrize("name", OWN)
def test_it_works(cast, sign_in, name):
    for who in EVERYBODY:
        page = sign_in(getattr(cast, who)).get(reverse(f"access:{name}"))
        assert page.status_code == 200


@pytest.mark.parametrize("name", UPKEEP)
@pytest.mark.parametrize("who", EVERYBODY)
def test_upkeep_is_for_those_who_have_it(cast, sign_in, name, who):
    page = sign_in(getattr(cast, who)).get(reverse(f"access:{name}"))
    assert page.status_code == (200 if who in UPKEEP[name].split() else 403)


@pytest.mark.parametrize("name", [*OWN, *UPKEEP])
def test_a_stranger_is_sent_to_sign_in(db, client, name):
    answer = client.get(reverse(f"access:{name}"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_pages_of_one_row(cast, sign_in):
    client = sign_in(cast.hannu)
    code = Code.objects.of("topic").first()
    for url in (
        reverse("access:worker", args=[cast.aino.pk]),
        reverse("access:organisation", args=[cast.parish.pk]),
        reverse("access:team", args=[cast.team.pk]),
        reverse("access:codes", args=["topic"]),
        reverse("access:new_code", args=["topic"]),
        reverse("access:code", args=[code.pk]),
    ):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("pk", [0, 999999, 10**30])
@pytest.mark.parametrize("name", ["worker", "organisation", "team", "code"])
def test_a_row_that_is_not_there_is_not_found(cast, sign_in, name, pk):
    page = sign_in(cast.hannu).get(reverse(f"access:{name}", args=[pk]))
    assert page.status_code == 404


@pytest.mark.parametrize("page", ["2", "-1", "x", "9" * 5000, "\0"])
def test_any_page_number_gives_a_page(cast, sign_in, page):
    Organisation.objects.bulk_create(
        Organisation(name=f"Yhdistys {number}", sector="ngo") for number in range(60)
    )
    answer = sign_in(cast.hannu).get(reverse("access:organisations"), {"page": page})
    assert answer.status_code == 200
