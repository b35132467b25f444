"""The settings of the test suite: the real ones, but plain http and quick hashing.

What the environment says already stays, so DATABASE_URL and PROFILE choose the run.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "RINNALLA_TEST_DIR" not in os.environ:
    # One folder for all processes of a run; it goes when the first of them ends.
    os.environ["RINNALLA_TEST_DIR"] = tempfile.mkdtemp(prefix="rinnalla-test-")
    atexit.register(shutil.rmtree, os.environ["RINNALLA_TEST_DIR"], ignore_errors=True)
Path(os.environ["RINNALLA_TEST_DIR"], "static").mkdir(exist_ok=True)
os.environ["DATA_DIR"] = os.environ["RINNALLA_TEST_DIR"]
os.environ["KEY_DIR"] = str(Path(os.environ["RINNALLA_TEST_DIR"]) / "keys")
os.environ.setdefault("HTTPS", "0")
# The cast signs in without a second step; tests of it turn it on.
os.environ.setdefault("REQUIRE_SECOND_FACTOR", "0")
os.environ.setdefault("DATABASE_POOL", "0")
# Playwright runs a loop of its own in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from rinnalla.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in use: in memory all threads of a live server share one connection,
    # and with it each other's transactions. Nothing of it outlives the run.
    where = str(Path(os.environ["RINNALLA_TEST_DIR"]) / "test.sqlite3")
    options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    quick = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"] |= {  # noqa: F405
        "TEST": {"NAME": where},
        "OPTIONS": options | {"init_command": quick},
    }
