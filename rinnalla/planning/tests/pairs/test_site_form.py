"""A place says whether its host gives a pair, and what one needs along."""

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.planning.models import Site
from rinnalla.planning.tests.sending import fields_of


@pytest.fixture
def site(cast):
    return testing.make_site(cast)


def save(client, site, **over):
    address = reverse("planning:site_edit", args=[site.pk])
    return client.post(address, fields_of(client.get(address)) | over)


def test_it_works(cast, sign_in, site):
    client = sign_in(cast.kaisa)
    needs = {"needed_kit": ["vest", "laptop"], "needs_car": "on"}
    save(client, site, host_gives_pair="on", **needs)
    site.refresh_from_db()
    assert (site.host_gives_pair, site.needs_car) == (True, True)
    assert site.needed_kit == ["vest", "laptop"]
    page = client.get(reverse("planning:site", args=[site.pk])).content.decode()
    assert "Järjestäjä antaa parin tarvittaessa" in page
    assert "Auto, Liivi, Kannettava tietokone" in page


def test_left_out_again(cast, sign_in):
    given = {"host_gives_pair": True, "needs_car": True, "needed_kit": ["vest"]}
    site = testing.make_site(cast, **given)
    save(sign_in(cast.kaisa), site, host_gives_pair="", needs_car="", needed_kit=[])
    site.refresh_from_db()
    assert (site.host_gives_pair, site.needs_car) == (False, False)
    assert site.needed_kit == []


def test_a_retired_choice_stays(cast, sign_in):
    site = testing.make_site(cast, needed_kit=["vest"])
    save(sign_in(cast.kaisa), site)
    assert Site.objects.get(pk=site.pk).needed_kit == ["vest"]


@pytest.mark.parametrize("kit", [["sword"], ["\x00"]])
def test_bad_input_is_said(cast, sign_in, site, kit):
    response = save(sign_in(cast.kaisa), site, needed_kit=kit)
    assert "needed_kit" in response.context["form"].errors
    site.refresh_from_db()
    assert site.needed_kit == []
