"""What several tests of the field screens start from."""

import pytest

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.phone.tests.app import open_app  # noqa: F401
from rinnalla.phone.tests.doors import Sending
from rinnalla.phone.tests.phones import make_phone


@pytest.fixture
def visit(cast):
    """Aino's visit to the food queue, under way today."""
    return testing.make_visit(
        cast,
        status="under_way",
        day=clock.today(),
        started_at=clock.cut(clock.now()),
        solo_reason="familiar_place",
    )


@pytest.fixture
def phone(cast):
    """Aino's own phone."""
    return make_phone(cast.aino)


@pytest.fixture
def sending(client, phone):
    """Aino's phone at the sync door."""
    return Sending(client, phone)
