"""The public pages on a small screen: no script, light, nothing for axe to find."""

import gzip
import re
import uuid

import pytest

from rinnalla.planning.booking import actions as booking
from rinnalla.planning.models import OutreachRequest, PublicLine
from rinnalla.planning.public import feedback_actions as feedback
from rinnalla.planning.requests import actions
from rinnalla.planning.tests.requests.asked import WRITTEN, make_request
from rinnalla.shell.tests.test_axe import faults
from rinnalla.testing import make_site
from rinnalla.tests import house

LIGHTEST = 30 * 1024  # HTML and CSS, compressed
SHEET = house.PACKAGE / "shell" / "static" / "shell" / "open.css"


@pytest.fixture
def addresses(cast):
    """Every public page there is, without its language."""
    site = make_site(cast)
    PublicLine.objects.create(site=site, code="abc2345", sign="blue_vest")
    host = booking.make_link(cast.aino, site, nonce="n")
    asked = actions.secret_of(make_request())
    return [
        *("", "request", "feedback", "accessibility", "places/abc2345"),
        *(f"request/{asked}", f"book/{host}"),
    ]


@pytest.fixture
def answered(db):
    """Where feedback is answered, and what a wrong link shows: with its status."""
    given = {"text": "Nappi ei näy.", "language": "fi", "email": "a@example.fi"}
    said = feedback.secret_of(feedback.give(key=uuid.uuid4(), **given))
    wrong = ["request/wrong", "book/wrong", "feedback/wrong"]
    return {f"feedback/{said}": 200} | dict.fromkeys(wrong, 404)


def test_the_sheet_is_cut_small():
    assert len(SHEET.read_bytes()) <= 12 * 1024


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_page_is_light_and_bare(addresses, answered, client, language):
    sheet = len(gzip.compress(SHEET.read_bytes()))
    for address, status in (dict.fromkeys(addresses, 200) | answered).items():
        answer = client.get(f"/open/{language}/{address}")
        html = answer.content.decode()
        assert answer.status_code == status, address
        assert len(gzip.compress(answer.content)) + sheet < LIGHTEST
        loaded = re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', html)
        assert loaded == ["/static/shell/open.css"]
        assert "<script" not in html and not answer.cookies


@pytest.mark.browser
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_small_screen(addresses, open_page, language):
    page = open_page(f"/open/{language}/", width=320, language=language)
    found = []
    for address in addresses:
        page.goto(f"/open/{language}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address
        found += faults(page)
    assert found == []


@pytest.mark.browser
def test_a_request_is_sent_without_script(cast, open_page):
    page = open_page("/open/fi/request", java_script_enabled=False)
    page.fill("[name=asker]", WRITTEN["asker"])
    page.fill("[name=place]", WRITTEN["place"])
    page.fill("[name=why]", WRITTEN["why"])
    page.get_by_role("button", name="Lähetä pyyntö").click()
    page.get_by_role("heading", name="Pyyntönne on perillä").wait_for()
    assert OutreachRequest.objects.count() == 1
