"""Nothing is missing: no migration, no translation, no vendored file."""

import subprocess
import sys

import pytest
from django.core.management import call_command

from rinnalla.tests import house


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize(
    "command",
    [["tools/messages.py", "--all", "--check"], ["tools/vendor.py", "--check"]],
    ids=["translation", "vendored file"],
)
def test_nothing_is_missing(command):
    done = subprocess.run(
        [sys.executable, *command], cwd=house.ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
