"""Requests at the desk: the list, one of them, what is done with it."""

import uuid
from datetime import date

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from rinnalla.access.models import AuditEvent
from rinnalla.planning import actions as planning
from rinnalla.planning.models import OutreachRequest, Site, Visit
from rinnalla.planning.requests import actions
from rinnalla.planning.tests.requests.asked import make_request
from rinnalla.planning.tests.working import run_jobs
from rinnalla.testing import make_site

LIST = "/planning/requests/"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23T08:02:03+00:00", tick=False) as moved:
        yield moved


def page_of(row, step=""):
    return f"{LIST}{row.pk}/{step}"


def agreed(cast, **over):
    """The form that agrees on a day."""
    return {
        "key": uuid.uuid4(),
        "site": (Site.objects.first() or make_site(cast)).pk,
        "day": "2026-11-26",
        "workers": [cast.aino.pk, cast.kaisa.pk],
        "type": "on_request",
        "is_outreach": "on",
        **over,
    }


def test_it_works(cast, sign_in):
    row = make_request()
    client = sign_in(cast.kaisa)
    page = client.get(LIST).content.decode()
    assert "Rantalan seurakunta" in page
    assert "ke 25.11." in page
    client.post(page_of(row, "acknowledge"))
    row.refresh_from_db()
    assert (row.status, row.team) == ("acknowledged", cast.team)
    assert row.first_response_at


def test_a_day_and_a_pair_are_agreed(cast, sign_in, client):
    row = make_request()
    answer = sign_in(cast.kaisa).post(page_of(row, "agree"), agreed(cast))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.status == "agreed"
    assert row.visit.day == date(2026, 11, 26)
    assert set(row.visit.workers.all()) == {cast.aino, cast.kaisa}


def test_the_sender_sees_the_day(cast, sign_in, client):
    row = make_request()
    client = sign_in(cast.kaisa)
    client.post(page_of(row, "agree"), agreed(cast, starts="10.00", ends="12.00"))
    seen = client.get(f"/open/fi/request/{actions.secret_of(row)}").content.decode()
    assert "to 26.11. klo 10" in seen
    Visit.objects.update(status="done")
    seen = client.get(f"/open/fi/request/{actions.secret_of(row)}").content.decode()
    assert "Kävimme paikalla" in seen


def test_agreed_twice_is_one_visit(cast, sign_in):
    row = make_request()
    sent = agreed(cast)
    client = sign_in(cast.kaisa)
    for _ in range(2):
        client.post(page_of(row, "agree"), sent)
    assert Visit.objects.count() == 1


def test_somebody_was_quicker(cast, sign_in):
    row = make_request()
    sent = agreed(cast)
    client = sign_in(cast.kaisa)
    client.post(page_of(row, "agree"), sent)
    later = sent | {"key": uuid.uuid4()}
    page = client.post(page_of(row, "agree"), later, follow=True).content.decode()
    assert "Joku ehti ensin" in page
    assert Visit.objects.count() == 1


@pytest.fixture
def lost(cast, sign_in):
    """A request whose visit was agreed on and then called off."""
    row = make_request()
    sign_in(cast.kaisa).post(page_of(row, "agree"), agreed(cast))
    planning.cancel_visit(cast.kaisa, Visit.objects.get(), reason="staff_ill")
    row.refresh_from_db()
    return row


def test_a_called_off_day_is_replaced(cast, sign_in, lost):
    client = sign_in(cast.kaisa)
    assert "Rantalan seurakunta" in client.get(LIST).content.decode()
    assert "Rantalan" not in client.get(LIST + "?show=agreed").content.decode()
    assert list(OutreachRequest.objects.without_date()) == [lost]
    assert page_of(lost, "agree") in client.get(page_of(lost)).content.decode()
    client.post(page_of(lost, "agree"), agreed(cast, day="2026-12-03"))
    lost.refresh_from_db()
    assert (lost.status, lost.visit.day) == ("agreed", date(2026, 12, 3))
    assert not OutreachRequest.objects.waiting().exists()


def test_the_sender_is_told_kindly_of_a_called_off_day(client, lost):
    link = f"/open/fi/request/{actions.secret_of(lost)}"
    assert "Etsimme toista päivää" in client.get(link).content.decode()


def test_the_sender_is_mailed_of_a_called_off_day(cast, sign_in):
    row = make_request()
    client = sign_in(cast.kaisa)
    client.post(page_of(row, "agree"), agreed(cast))
    run_jobs()
    visit = reverse("planning:visit_cancel", args=[Visit.objects.get().pk])
    client.post(visit, {"reason": "staff_ill"})
    run_jobs()
    row.refresh_from_db()
    assert (row.told, len(mail.outbox)) == ("lost_day", 2)


def test_a_called_off_day_may_end_in_a_decline(cast, sign_in, lost):
    sign_in(cast.aino).post(page_of(lost, "decline"), {"reason": "other_area"})
    lost.refresh_from_db()
    assert lost.status == "declined"


def test_a_place_not_on_the_list(cast, sign_in):
    row = make_request()
    sent = agreed(cast, site="", place_name="Rantatori", place_kind="street")
    sent["place_municipality"] = "297"
    sent["solo_reason"] = "familiar_place"
    sign_in(cast.kaisa).post(page_of(row, "agree"), sent)
    row.refresh_from_db()
    assert row.visit.site.name == "Rantatori"


def test_the_request_fills_in_the_form(cast, sign_in):
    row = make_request(kept={"wished_day": date(2026, 12, 3)})
    page = sign_in(cast.kaisa).get(page_of(row, "agree")).content.decode()
    assert 'value="2026-12-03"' in page
    assert 'value="Rantatori"' in page


def test_declined_with_a_reason_the_sender_sees(cast, sign_in):
    row = make_request()
    client = sign_in(cast.aino)
    client.post(page_of(row, "decline"), {"reason": "other_area"})
    seen = client.get(f"/open/fi/request/{actions.secret_of(row)}").content.decode()
    assert "Paikka on toisen alueen" in seen
    client.post(page_of(row, "reopen"))
    row.refresh_from_db()
    assert (row.status, row.decline_reason) == ("acknowledged", "")


@pytest.mark.parametrize("sent", [{}, {"reason": "nonsense"}])
def test_no_decline_without_a_listed_reason(cast, sign_in, sent):
    row = make_request()
    sign_in(cast.aino).post(page_of(row, "decline"), sent)
    row.refresh_from_db()
    assert row.status == "new"


def test_a_held_one_is_taken_or_thrown_away(cast, sign_in):
    real, junk = make_request(is_held=True), make_request(is_held=True)
    client = sign_in(cast.kaisa)
    assert "Rantatori" not in client.get(LIST).content.decode()
    assert "Rantatori" in client.get(LIST + "?show=held").content.decode()
    client.post(page_of(real, "release"))
    client.post(page_of(junk, "discard"))
    assert list(OutreachRequest.objects.values_list("pk", "is_held")) == [
        (real.pk, False)
    ]


def test_a_real_one_cannot_be_thrown_away(cast, sign_in):
    row = make_request()
    sign_in(cast.kaisa).post(page_of(row, "discard"))
    assert OutreachRequest.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-25T13:30:00", "Vastaa viimeistään ke 25.11. klo 16"),
        ("2026-11-25T14:30:00", "Vastausta odotettiin ke 25.11."),
        ("2026-11-26T08:00:00", "1 päivän myöhässä (ke 25.11.)"),
        ("2026-12-01T08:00:00", "6 päivää myöhässä (ke 25.11.)"),
    ],
)
def test_it_is_told_how_late_an_answer_is(cast, sign_in, now, moment, said):
    make_request()
    now.move_to(f"{moment}+00:00")
    assert said in sign_in(cast.kaisa).get(LIST).content.decode()


def test_how_soon_the_first_answer_came(cast, sign_in, now):
    row = make_request()
    client = sign_in(cast.kaisa)
    assert "työtunnin" not in client.get(page_of(row)).content.decode()
    now.move_to("2026-11-24T08:00:00+00:00")
    client = sign_in(cast.kaisa)
    client.post(page_of(row, "acknowledge"))
    assert "8 työtunnin sisällä" in client.get(page_of(row)).content.decode()


def test_one_is_written_down_from_a_call(cast, sign_in):
    sent = {"key": uuid.uuid4(), "channel": "phone", "asker": "Kirjasto"}
    sent |= {"place": "Pääkirjasto", "why": "Aulassa ollaan koko päivä."}
    client = sign_in(cast.aino)
    for _ in range(2):
        assert client.post(LIST + "new", sent).status_code == 302
    row = OutreachRequest.objects.get()
    assert (row.channel, row.asker) == ("phone", "Kirjasto")


@pytest.mark.parametrize("who", ["leena", "reijo", "hannu"])
def test_who_has_no_business_here(cast, sign_in, who):
    row = make_request()
    client = sign_in(getattr(cast, who))
    assert client.get(LIST).status_code == 403
    assert client.post(page_of(row, "close")).status_code == 403


def test_an_unknown_step_or_request(cast, sign_in):
    client = sign_in(cast.aino)
    assert client.post(page_of(make_request(), "explode")).status_code == 404
    assert client.get(f"{LIST}{uuid.uuid4()}/").status_code == 404


def test_the_list_asks_as_often_for_thirty_as_for_one(
    cast, sign_in, django_assert_max_num_queries
):
    for _ in range(30):
        make_request()
    client = sign_in(cast.kaisa)
    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_what_is_logged_has_no_words(cast):
    row = actions.acknowledge(cast.aino, make_request())
    events = AuditEvent.objects.filter(object_id=str(row.pk))
    assert [event.action for event in events.order_by("pk")] == [
        "request.received",
        "request.acknowledged",
    ]
