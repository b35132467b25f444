"""A place is retired and taken into use again."""

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock


def url(site, verb="retire"):
    return reverse(f"planning:site_{verb}", args=[site.pk])


def test_it_works(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.kaisa)
    client.post(url(site))
    site.refresh_from_db()
    assert site.retired_on == clock.today()
    client.post(url(site, "bring_back"))
    site.refresh_from_db()
    assert site.retired_on is None


def test_twice_is_once(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.kaisa)
    client.post(url(site))
    client.post(url(site))
    assert AuditEvent.objects.filter(action="site.retired").count() == 1


def test_its_card_and_visits_stay(cast, sign_in):
    site = testing.make_site(cast)
    testing.make_card(site)
    visit = testing.make_visit(cast, site)
    client = sign_in(cast.kaisa)
    client.post(url(site))
    assert client.get(reverse("planning:site", args=[site.pk])).status_code == 200
    assert client.get(reverse("planning:visit", args=[visit.pk])).status_code == 200


@pytest.mark.parametrize("who", ["aino", "leena", "reijo", "hannu"])
def test_only_coordinators(cast, sign_in, who):
    site = testing.make_site(cast)
    assert sign_in(getattr(cast, who)).post(url(site)).status_code == 403
    site.refresh_from_db()
    assert site.retired_on is None


def test_a_link_cannot_retire(cast, sign_in):
    site = testing.make_site(cast)
    assert sign_in(cast.kaisa).get(url(site)).status_code == 405


def test_unknown(cast, sign_in):
    client = sign_in(cast.kaisa)
    for key in ("0", "99999999999999999999999"):
        assert client.post(f"/planning/places/{key}/retire").status_code == 404
