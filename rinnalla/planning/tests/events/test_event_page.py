"""One event: going or not, and what is needed there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rinnalla.lib import clock
from rinnalla.planning.events import actions
from rinnalla.planning.models import Event, Site, Visit
from rinnalla.planning.tests.events.test_event_list import announced
from rinnalla.testing import make_met, make_site


@pytest.fixture
def event(cast):
    day = clock.today() + timedelta(days=20)
    return announced(cast, name="Asunnottomien yö", day=day, municipality_id="297")


def url(name, *args):
    return reverse(f"planning:{name}", args=args)


def filled_in(client, event):
    """The visit's form as the page gives it."""
    form = client.get(url("event_go", event.pk)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def going(client, event, **over):
    """Send the visit's form as the page gave it."""
    return client.post(url("event_go", event.pk), filled_in(client, event) | over)


def test_it_works(cast, sign_in, event):
    client = sign_in(cast.aino)
    answer = going(client, event, workers=[cast.aino.pk, cast.kaisa.pk])
    assert answer.url == url("event", event.pk)
    event.refresh_from_db()
    assert event.state == "going"
    assert (event.visit.day, event.visit.type) == (event.day, "event")
    assert (event.visit.site.name, event.visit.site.kind) == (event.name, "event")
    page = client.get(url("event", event.pk)).content.decode()
    assert url("visit", event.visit.pk) in page


def test_the_talks_of_its_visit(cast, sign_in, event):
    client = sign_in(cast.aino)
    going(client, event, workers=[cast.aino.pk, cast.kaisa.pk])
    event.refresh_from_db()
    make_met(event.visit, 50, kind="talk")
    make_met(event.visit, 90)
    page = client.get(url("event", event.pk)).content.decode()
    assert "<dd>50</dd>" in page
    assert f"/encounters/{event.visit.pk}/talks" in page


def test_a_place_of_the_same_name_is_taken(cast, sign_in, event):
    site = make_site(cast, name="Asunnottomien yö", kind="event")
    going(sign_in(cast.aino), event, workers=[cast.aino.pk, cast.kaisa.pk])
    event.refresh_from_db()
    assert event.visit.site == site
    assert Site.objects.count() == 1


def test_decided_twice_it_is_one_visit(cast, sign_in, event):
    client = sign_in(cast.aino)
    sent = filled_in(client, event) | {"workers": [cast.aino.pk, cast.kaisa.pk]}
    for _ in range(2):
        answer = client.post(url("event_go", event.pk), sent)
        assert answer.url == url("event", event.pk)
    assert Visit.objects.count() == 1


def test_alone_it_asks_why(cast, sign_in, event):
    answer = going(sign_in(cast.aino), event, workers=[cast.aino.pk])
    assert answer.status_code == 200
    assert "solo_reason" in answer.context["form"].errors
    assert not Visit.objects.exists()


def test_it_is_left_out_and_watched_again(cast, sign_in, event):
    client = sign_in(cast.aino)
    for to, state in (("leave", "left_out"), ("watch", "watched")):
        client.post(url("event_state", event.pk), {"to": to})
        event.refresh_from_db()
        assert event.state == state
    assert client.post(url("event_state", event.pk), {"to": "x"}).status_code == 404


def test_one_with_a_visit_is_not_left_out(cast, sign_in, event):
    client = sign_in(cast.aino)
    going(client, event, workers=[cast.aino.pk, cast.kaisa.pk])
    client.post(url("event_state", event.pk), {"to": "leave"})
    assert Event.objects.get().state == "going"


def test_materials_there_and_lacking(cast, sign_in, event):
    client = sign_in(cast.aino)
    client.post(url("event_materials", event.pk), {"codes": ["tent", "coffee"]})
    tent = event.materials.get(code="tent")
    client.post(url("event_material", event.pk, tent.pk), {"is_there": "yes"})
    page = client.get(url("event", event.pk)).content.decode()
    assert "1 puuttuu" in page
    client.post(url("event_materials", event.pk), {"codes": ["tent", "table"]})
    kept = dict(event.materials.values_list("code", "is_there"))
    assert kept == {"tent": True, "table": False}
    assert "1 puuttuu" in client.get("/planning/events/").content.decode()


def test_an_unknown_material_changes_nothing(cast, sign_in, event):
    client = sign_in(cast.aino)
    client.post(url("event_materials", event.pk), {"codes": ["tent"]})
    client.post(url("event_materials", event.pk), {"codes": ["\x00"]})
    assert event.materials.get().code == "tent"


def test_a_material_of_another_event_is_not_there(cast, sign_in, event):
    other = announced(cast, name="Muu")
    row = other.materials.create(code="tent")
    answer = sign_in(cast.aino).post(url("event_material", event.pk, row.pk))
    assert answer.status_code == 404


def test_a_material_named_twice_is_one(cast, sign_in, event):
    codes = {"codes": ["tent", "tent"]}
    answer = sign_in(cast.aino).post(url("event_materials", event.pk), codes)
    assert answer.status_code == 302
    assert event.materials.count() == 1


def test_what_was_decided_meanwhile_stays(cast, sign_in, event):
    """Somebody decides to go while another has the event open to change."""
    client = sign_in(cast.aino)
    opened = Event.objects.get(pk=event.pk)
    going(client, event, workers=[cast.aino.pk, cast.kaisa.pk])
    actions.change_event(cast.kaisa, opened, name="Asunnottomien ilta")
    event.refresh_from_db()
    assert (event.name, event.state) == ("Asunnottomien ilta", "going")
    assert event.visit is not None
