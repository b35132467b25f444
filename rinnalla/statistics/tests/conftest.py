"""What the tests of figures share."""

import pytest

from rinnalla.statistics import actions


@pytest.fixture(autouse=True)
def a_new_process():
    """Each test starts like a fresh worker process."""
    actions._checked.clear()
