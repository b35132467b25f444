"""What every test may ask for: the cast, a signed-in client, a browser."""

import gc
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from rinnalla import testing
from rinnalla.tests.emptying import Beginning

pytest_plugins = ["rinnalla.tests.browser", "rinnalla.tests.county"]
SHARED = Path(__file__).parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("load_facts", verbosity=0, stdout=StringIO())
        beginning = Beginning(connection)
    with pytest.MonkeyPatch.context() as patch:
        empty = "_fixture_teardown"
        patch.setattr(TransactionTestCase, empty, lambda _case: beginning.come_back())
        yield


@pytest.fixture
def cast(db):
    """The county, two teams and seven people; see rinnalla.testing."""
    return testing.make_cast()


@pytest.fixture
def sign_in(client):
    """Sign a worker in and return the client."""

    def sign(worker):
        client.force_login(
            worker, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign


@pytest.fixture
def shared_data():
    """The folder of real material; a test that needs it skips where it is missing."""
    if not SHARED.exists():
        pytest.skip("../shared/data is not here")
    return SHARED


def pytest_collection_finish():
    """Leave what was collected out of the search for garbage: a sixth of the time."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val):
    """Name a function by its name: two processes must collect the same tests."""
    return getattr(val, "__qualname__", None)
