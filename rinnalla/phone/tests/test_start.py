"""Starting: one press; a pair-required place asks why one goes alone."""

from uuid import uuid4

from django.urls import reverse

from rinnalla import testing
from rinnalla.encounters.models import Encounter
from rinnalla.lib import clock
from rinnalla.planning.models import Visit


def start(client, visit, **data):
    return client.post(reverse("phone:start", args=[visit.pk]), data)


def test_it_works(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today(), workers=[cast.aino, cast.kaisa])
    response = start(sign_in(cast.aino), visit)
    assert response.url == reverse("phone:counter", args=[visit.pk])
    visit.refresh_from_db()
    assert visit.is_open and visit.started_at.minute % 5 == 0


def test_the_phone_stays_signed_in_for_the_visit(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today(), workers=[cast.aino, cast.kaisa])
    client = sign_in(cast.aino)
    start(client, visit)
    assert client.session["field_until"] > clock.now().timestamp() + 3600


def test_alone_asks_the_reason_in_one_step(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    client = sign_in(cast.aino)
    page = start(client, visit)
    assert page.status_code == 200 and b"solo_reason" in page.content
    response = start(client, visit, solo_reason="pair_ill")
    assert response.status_code == 302
    visit.refresh_from_db()
    assert (visit.solo_reason, visit.is_open) == ("pair_ill", True)


def test_an_invented_reason_asks_again(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    page = start(sign_in(cast.aino), visit, solo_reason="\x00")
    assert page.status_code == 200 and b"solo_reason" in page.content


def test_twice_is_once(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today(), workers=[cast.aino, cast.kaisa])
    client = sign_in(cast.aino)
    assert start(client, visit).url == start(client, visit).url


def test_a_cancelled_visit_says_so(cast, sign_in):
    visit = testing.make_visit(
        cast, day=clock.today(), status="cancelled", cancel_reason="weather"
    )
    response = start(sign_in(cast.aino), visit)
    assert response.url == reverse("phone:today")


def test_another_teams_visit_does_not_exist(cast, sign_in):
    visit = testing.make_visit(cast, day=clock.today())
    assert start(sign_in(cast.outi), visit).status_code == 404


# --- the street: one press, a visit and a guided person ---


def street(client, **data):
    data = {"key": str(uuid4()), "id": str(uuid4())} | data
    return client.post(reverse("phone:street"), data), data


def test_the_street_begins_where_one_was_last(cast, sign_in):
    site = testing.make_site(cast, name="Keskusta", kind="street", required_staffing=1)
    testing.make_visit(cast, site, status="done")
    client = sign_in(cast.aino)
    response, data = street(client)
    visit = Visit.objects.get(pk=data["key"])
    assert visit.site == site and visit.is_open
    assert Encounter.objects.get(pk=data["id"]).visit == visit
    assert response.url.endswith(f"?meeting={data['id']}")


def test_the_next_person_stands_on_the_same_visit(cast, sign_in):
    site = testing.make_site(cast, name="Keskusta", kind="street")
    testing.make_visit(cast, site, status="done")
    client = sign_in(cast.aino)
    street(client)
    street(client)
    assert Visit.objects.filter(status="under_way").count() == 1
    assert Encounter.objects.count() == 2


def test_the_street_pressed_twice_is_one(cast, sign_in):
    site = testing.make_site(cast, name="Keskusta", kind="street")
    testing.make_visit(cast, site, status="done")
    client = sign_in(cast.aino)
    _response, data = street(client)
    street(client, **data)
    assert Encounter.objects.count() == 1


def test_without_a_last_place_one_is_asked(cast, sign_in):
    response, _data = street(sign_in(cast.aino))
    assert response.url == reverse("phone:place")


def place(client, **data):
    told = {"key": str(uuid4()), "id": str(uuid4()), "kind": "street"}
    told |= {"name": "Tori", "municipality": "297"}
    return client.post(reverse("phone:place"), told | data)


def test_a_new_place_by_name(cast, sign_in):
    client = sign_in(cast.aino)
    assert client.get(reverse("phone:place")).status_code == 200
    assert place(client).status_code == 302
    visit = Visit.objects.get()
    assert (visit.site.name, visit.site.is_ad_hoc) == ("Tori", True)
    assert visit.encounters.count() == 1


def test_a_known_place_by_one_press(cast, sign_in):
    client = sign_in(cast.aino)
    place(client)
    Visit.objects.update(status="done")
    site = Visit.objects.get().site
    assert place(client, site=site.pk, name="").status_code == 302
    assert Visit.objects.filter(site=site).count() == 2


def test_a_persons_number_is_not_a_place(cast, sign_in):
    page = place(sign_in(cast.aino), name="Soita 040 123 4567")
    assert page.status_code == 200
    assert b"040 123 4567" in page.content
    assert not Visit.objects.exists()


def test_a_name_is_asked_about_once(cast, sign_in):
    client = sign_in(cast.aino)
    page = place(client, name="Kotikäynti Matti Virtanen")
    assert b"text_confirmed" in page.content and not Visit.objects.exists()
    confirmed = place(client, name="Matti Virtasen aukio", text_confirmed="on")
    assert confirmed.status_code == 302


def test_bad_input_is_said_at_the_field(cast, sign_in):
    client = sign_in(cast.aino)
    for bad in ("", " ", "\x00", "x" * 300):
        assert place(client, name=bad).status_code == 200
    assert place(client, kind="nonsense").status_code == 200
    assert place(client, municipality="\x00").status_code == 200
    assert not Visit.objects.exists()


def test_a_partner_without_a_team_is_told(cast, sign_in):
    page = place(sign_in(cast.reijo))
    assert page.status_code == 200 and not Visit.objects.exists()
