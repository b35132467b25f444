"""The log tells where it broke, never what somebody wrote or was let in by."""

import logging

import pytest

from rinnalla.lib.logs import NoContent


@pytest.fixture
def told(caplog):
    """What the log says, through the filter."""
    logger = logging.getLogger("django.request")
    keep = NoContent()
    logger.addFilter(keep)
    yield caplog
    logger.removeFilter(keep)


def test_it_works(client, db, told):
    """A guest's closed link is logged by its kind, without its secret."""
    answer = client.post("/phone/guest/a-secret_of-a-guest/sync", {})
    assert answer.status_code == 410
    assert "guest/" in told.text
    assert "a-secret_of-a-guest" not in told.text


def test_a_query_is_left_out(client, db, told):
    assert client.get("/nowhere/?said=words").status_code == 404
    assert "/nowhere/" in told.text
    assert "words" not in told.text


def test_a_fault_keeps_its_place_only(told):
    logger = logging.getLogger("django.request")
    try:
        raise ValueError("words somebody typed")
    except ValueError:
        logger.exception("It broke")
    assert "ValueError at test_a_fault_keeps_its_place_only" in told.text
    assert "words somebody typed" not in told.text
