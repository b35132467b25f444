"""A calendar file of announced events, whole or broken."""

from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rinnalla.lib import clock
from rinnalla.planning.events import actions
from rinnalla.planning.events.reading import MOST_BYTES, read
from rinnalla.planning.models import Event

FILE, TAKE = "/planning/events/file", "/planning/events/take"
NEXT_YEAR = date(clock.today().year + 1, 6, 12)


def calendar(*events):
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()


def entry(name, more=""):
    return f"UID:{name}\r\nSUMMARY:{name}\r\nDTSTART:{NEXT_YEAR:%Y%m%d}T130000Z{more}"


def upload(client, content):
    file = SimpleUploadedFile("tapahtumat.ics", content, "text/calendar")
    return client.post(FILE, {"file": file})


def take(client, page, *numbers):
    sealed = page.context["choice"]["file"].value()
    return client.post(TAKE, {"file": sealed, "chosen": numbers}, follow=True)


FAIR = calendar(
    entry("Kesäfestari", "\r\nDTEND:" + f"{NEXT_YEAR:%Y%m%d}T170000Z")
    + "\r\nLOCATION:Satama\\, Kuopio\r\nURL:https://example.fi/kesa",
    f"UID:b\r\nSUMMARY:Messut\r\nDTSTART;VALUE=DATE:{NEXT_YEAR:%Y%m%d}\r\n"
    f"DTEND;VALUE=DATE:{NEXT_YEAR + timedelta(days=3):%Y%m%d}",
    "UID:c\r\nSUMMARY:Mennyt\r\nDTSTART:20200101T100000Z",
)


def test_it_works(cast, sign_in):
    client = sign_in(cast.aino)
    page = upload(client, FAIR)
    assert "Kesäfestari" in page.content.decode()
    assert not Event.objects.exists()
    listed = take(client, page, "0", "1").content.decode()
    assert "2 tapahtumaa tuli listalle." in listed
    fest, fair = Event.objects.order_by("name")
    assert (fest.day, fest.starts, fest.ends) == (NEXT_YEAR, time(16), time(20))
    assert (fest.place, fest.source) == ("Satama, Kuopio", "https://example.fi/kesa")
    assert (fair.day, fair.until) == (NEXT_YEAR, NEXT_YEAR + timedelta(days=2))
    assert fair.starts is None


def test_the_same_file_again_brings_nothing(cast, sign_in):
    client = sign_in(cast.aino)
    for _ in range(2):
        take(client, upload(client, FAIR), "0", "1")
    assert Event.objects.count() == 2


def test_a_name_and_day_twice_in_a_file_is_one(cast):
    same = {"name": "Toukofest", "day": clock.today()}
    entries = [same | {"key": key} for key in ("a", "b", "a")]
    entries.append(same | {"key": "a", "name": "Toukofest 2"})
    assert actions.bring_in(cast.aino, entries) == 1
    assert actions.bring_in(cast.aino, entries[:3]) == 0
    assert Event.objects.get().key == "a"


def test_one_chooses(cast, sign_in):
    client = sign_in(cast.aino)
    take(client, upload(client, FAIR), "1")
    assert Event.objects.get().name == "Messut"
    page = take(client, upload(client, FAIR))
    assert "chosen" in page.context["choice"].errors


def test_what_somebody_changed_on_the_way_is_not_taken(cast, sign_in):
    client = sign_in(cast.aino)
    page = upload(client, FAIR)
    sealed = page.context["choice"]["file"].value()
    for changed in (sealed[:-3] + "abc", "", "\x00"):
        answer = client.post(TAKE, {"file": changed, "chosen": ["0"]})
        assert answer.status_code == 200
    assert client.post(TAKE, {"file": sealed, "chosen": ["99"]}).status_code == 200
    assert not Event.objects.exists()


def test_names_with_a_phone_or_an_email_are_left_out(cast, sign_in):
    content = calendar(entry("Soita 040 123 4567"), entry("Kirjoita a.b@example.fi"))
    page = upload(sign_in(cast.aino), content)
    assert page.context["found"].refused == 2
    assert page.context["found"].entries == []


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"\x00\xff\xfe",
        b"BEGIN:VCALENDAR",
        b"BEGIN:VEVENT\r\n" * 200,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:1\r\nEND:VEVENT\r\nEND:VCALENDAR",
        calendar("SUMMARY:Ilman päivää"),
        calendar("SUMMARY:Kello\r\nDTSTART;VALUE=TIME:100000"),
        calendar(f"DTSTART;VALUE=DATE:{NEXT_YEAR:%Y%m%d}"),
        calendar("SUMMARY:Kaukana\r\nDTSTART:99991231T235959Z"),
        calendar("SUMMARY:Alku\r\nDTSTART;TZID=Europe/Helsinki:00010101T000000"),
        calendar("SUMMARY:Jakso\r\nDTSTART:20200101T000000Z\r\nRRULE:FREQ=SECONDLY"),
        calendar(f"SUMMARY:A\r\nDTSTART:{NEXT_YEAR:%Y%m%d}T10Z\r\nDTEND;VALUE=TIME:1"),
        "BEGIN:VCALENDAR\r\n".encode("utf-16"),
    ],
)
def test_a_broken_file_gets_a_sentence(cast, sign_in, content):
    page = upload(sign_in(cast.aino), content)
    assert page.status_code == 200
    assert page.context["found"].entries == []
    assert "Tulevia tapahtumia ei löytynyt" in page.content.decode()


@pytest.mark.parametrize("content", [b"", b"x" * (MOST_BYTES + 1)])
def test_an_empty_or_a_huge_file_gets_a_sentence(cast, sign_in, content):
    page = upload(sign_in(cast.aino), content)
    assert page.status_code == 200
    assert page.context["form"].errors["file"]


def test_a_twin_and_a_bad_address_do_no_harm():
    content = calendar(
        entry("Juhla", "\r\nURL:javascript:alert(1)"), entry("Juhla"), entry("Toinen")
    )
    found = read(content)
    assert [e["name"] for e in found.entries] == ["Juhla", "Toinen"]
    assert found.entries[0]["source"] == ""


def test_the_shared_files_break_nothing(cast, sign_in, shared_data):
    client = sign_in(cast.aino)
    files = sorted((shared_data / "icalendar").glob("*.ics"))
    assert len(files) > 10
    for file in files:
        assert upload(client, file.read_bytes() or b" ").status_code == 200, file.name


def test_each_shared_event_is_read_when_its_day_is_ahead(shared_data, monkeypatch):
    """Seen from before, what has a name and a day is found."""
    monkeypatch.setattr(clock, "today", lambda: date(2009, 12, 1))
    folder = shared_data / "icalendar"
    told = read((folder / "created_calendar_with_unicode_fields.ics").read_bytes())
    places = {entry["name"]: entry["place"] for entry in told.entries}
    assert places == {"åäö": "", "Non-ASCII Test: ÄÖÜ äöü €": "Tribstrül"}
    assert told.unread == 1
