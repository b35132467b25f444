"""What the tests of this room share: counters start at nothing."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_counters():
    """Used digits and missed guesses are counted in the cache, over tests too."""
    cache.clear()
