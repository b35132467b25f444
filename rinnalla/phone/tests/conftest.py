"""What several tests of the field screens start from."""

import pytest

from rinnalla import testing
from rinnalla.lib import clock


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
