"""A place is made and changed; an unplanned one becomes a real one."""

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent, Code
from rinnalla.planning.models import PublicLine, Site
from rinnalla.planning.tests.sending import fields_of

NEW = reverse("planning:site_new")


def filled(cast, **over):
    fields = {
        "name": "Torin kulma",
        "kind": "street",
        "municipality": "297",
        "area": "Keskusta",
        "host": cast.parish.pk,
        "team": cast.team.pk,
        "responsible": [cast.aino.pk],
        "required_staffing": "2",
        "season_from": "5",
        "season_to": "9",
        "guided_counts_as_met": "on",
    }
    return {key: value for key, value in (fields | over).items() if value is not None}


def test_it_works(cast, sign_in):
    response = sign_in(cast.kaisa).post(NEW, filled(cast))
    site = Site.objects.get()
    assert response.url == reverse("planning:site", args=[site.pk])
    assert (site.name, site.kind, site.municipality_id) == (
        "Torin kulma",
        "street",
        "297",
    )
    assert (site.season_from, site.season_to) == (5, 9)
    assert (site.host, site.team) == (cast.parish, cast.team)
    assert list(site.responsible.all()) == [cast.aino]
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id) == ("site.made", str(site.pk))


def test_a_second_press_shows_the_first(cast, sign_in):
    client = sign_in(cast.kaisa)
    first = client.post(NEW, filled(cast))
    again = client.post(NEW, filled(cast))
    assert again.url == first.url
    assert Site.objects.count() == 1


def test_change(cast, sign_in):
    site = testing.make_site(cast, season_from=5, season_to=9)
    client = sign_in(cast.kaisa)
    url = reverse("planning:site_edit", args=[site.pk])
    data = fields_of(client.get(url)) | {"name": "Leipäpiha", "season_from": ""}
    data["season_to"] = ""
    assert client.post(url, data).status_code == 302
    site.refresh_from_db()
    assert (site.name, site.season_from, site.season_to) == ("Leipäpiha", None, None)
    assert site.kind == "food_distribution"


def test_a_place_that_is_a_home_leaves_the_public_pages(cast, sign_in):
    site = testing.make_site(cast)
    line = PublicLine.objects.create(site=site, code="abc2345")
    client = sign_in(cast.kaisa)
    url = reverse("planning:site_edit", args=[site.pk])
    client.post(url, fields_of(client.get(url)) | {"kind": "home"})
    line.refresh_from_db()
    assert not line.is_shown
    assert AuditEvent.objects.filter(action="line.taken_off").count() == 1


def test_an_unplanned_place_becomes_real_and_keeps_its_visits(cast, sign_in):
    site = testing.make_site(cast, name="Kulma", is_ad_hoc=True)
    visit = testing.make_visit(cast, site)
    client = sign_in(cast.kaisa)
    url = reverse("planning:site_edit", args=[site.pk])
    client.post(url, fields_of(client.get(url)))
    visit.refresh_from_db()
    assert visit.site == site
    assert not visit.site.is_ad_hoc


def test_an_unplanned_place_cannot_take_a_name_in_use(cast, sign_in):
    testing.make_site(cast, name="Kulma")
    site = testing.make_site(cast, name="Kulma", is_ad_hoc=True)
    client = sign_in(cast.kaisa)
    url = reverse("planning:site_edit", args=[site.pk])
    response = client.post(url, fields_of(client.get(url)))
    assert response.status_code == 200
    assert "name" in response.context["form"].errors


def test_a_retired_kind_stays_on_its_place_but_is_not_offered(cast, sign_in):
    site = testing.make_site(cast, kind="prison")
    Code.objects.filter(list="site_kind", code="prison").update(is_retired=True)
    client = sign_in(cast.kaisa)
    url = reverse("planning:site_edit", args=[site.pk])
    assert client.post(url, fields_of(client.get(url))).status_code == 302
    refused = client.post(NEW, filled(cast, kind="prison"))
    assert "kind" in refused.context["form"].errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "Soita 050 123 4567"),
        ("name", "\x00"),
        ("area", "Kysy: joku@example.fi"),
        ("kind", "castle"),
        ("kind", ""),
        ("municipality", "999"),
        ("municipality", "\x00"),
        ("host", "99999999999999999999"),
        ("team", "x"),
        ("responsible", ["0"]),
        ("responsible", ["\x00"]),
        ("required_staffing", "-3"),
        ("required_staffing", "99"),
        ("season_from", "13"),
        ("season_to", ""),
        ("season_from", ""),
    ],
)
def test_bad_input_is_said_at_the_field(cast, sign_in, field, value):
    response = sign_in(cast.kaisa).post(NEW, filled(cast, **{field: value}))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert "Torin kulma" in response.content.decode() or field == "name"
    assert not Site.objects.exists()


@pytest.mark.parametrize("field", ["name", "area"])
def test_a_persons_name_is_asked_about_once(cast, sign_in, field):
    client = sign_in(cast.kaisa)
    named = filled(cast, **{field: "Matti Virtasen koti"})
    response = client.post(NEW, named)
    assert response.status_code == 200 and not Site.objects.exists()
    assert list(response.context["form"].errors) == [field]
    assert 'type="checkbox" name="text_confirmed"' in response.content.decode()
    assert client.post(NEW, named | {"text_confirmed": "on"}).status_code == 302
    assert client.post(NEW, named | {"text_confirmed": "on"}).status_code == 302
    assert getattr(Site.objects.get(), field) == "Matti Virtasen koti"


def test_a_street_address_is_a_place(cast, sign_in):
    sign_in(cast.kaisa).post(NEW, filled(cast, name="Satamakatu 4"))
    assert Site.objects.get().name == "Satamakatu 4"


@pytest.mark.parametrize("who", ["aino", "leena", "reijo", "hannu"])
def test_only_coordinators(cast, sign_in, who):
    site = testing.make_site(cast)
    client = sign_in(getattr(cast, who))
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, filled(cast)).status_code == 403
    edit = reverse("planning:site_edit", args=[site.pk])
    assert client.post(edit, filled(cast)).status_code == 403
    assert Site.objects.get().name == "Leipätupa"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+358 40 000 0101", "+358400000101"), ("(017) 000-101", "017000101"), ("", "")],
)
def test_the_telephone_of_the_place_is_kept_as_one_dials_it(cast, sign_in, typed, kept):
    client = sign_in(cast.kaisa)
    client.post(NEW, filled(cast, host_phone=typed))
    site = Site.objects.get()
    assert site.host_phone == kept
    page = client.get(reverse("planning:site", args=[site.pk])).content.decode()
    assert (f'href="tel:{kept}"' in page) == bool(kept)


@pytest.mark.parametrize("typed", ["soita", "12", "javascript:1", "\x00", "9" * 25])
def test_what_is_no_telephone_is_asked_about(cast, sign_in, typed):
    page = sign_in(cast.kaisa).post(NEW, filled(cast, host_phone=typed))
    assert page.status_code == 200
    assert not Site.objects.exists()
