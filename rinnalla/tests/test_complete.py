"""Nothing is missing: no migration, no translation, no vendored file."""

import ast
import re
import subprocess
import sys

import pytest
from django.core.management import call_command

from rinnalla.access.audit import words
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


CODE = re.compile(r"[a-z_]+\.[a-z_]+")
# Codes of the same form that no log line holds: rights refused, salts of digests.
NOT_LOGGED = {"PermissionDenied", "Permission", "salted_hmac"}


def is_purpose(node):
    """Whether a line says what this part's seals and links are for."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PURPOSE"


def codes_in(path):
    """The strings shaped like an action in a file that writes the audit log."""
    tree = ast.parse(path.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    other = {
        inner
        for call in calls
        if getattr(call.func, "id", "") in NOT_LOGGED
        for inner in ast.walk(call)
    }
    # What a sealed value or a link is for is no action either.
    purposes = [node for node in tree.body if is_purpose(node)]
    other |= {inner for node in purposes for inner in ast.walk(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and CODE.fullmatch(text) and node not in other:
            yield text


def logging_files():
    """Files that write the audit log, or name an action for a room that does."""
    said = re.compile(r"\baudit\.log\(|\brecord_facts\(")
    return [path for path in house.python_files() if said.search(path.read_text())]


def test_every_logged_action_has_its_word():
    """The audit page speaks the reader's language of every action there is."""
    logged = {code for path in logging_files() for code in codes_in(path)}
    assert {"visit.started", "night.run", "encounters.recorded_by_guest"} <= logged
    assert sorted(logged - set(words()) - {"worker.password_"}) == []


def test_a_logged_action_is_written_out():
    """A code put together at run time would slip past the test above."""
    built = [
        f"{path.relative_to(house.ROOT)}:{call.lineno}"
        for path in logging_files()
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.log"
        if not isinstance(call.args[1], ast.Constant | ast.Name | ast.IfExp)
    ]
    assert built == []


FORM = re.compile(r'\|(?:date|time):"([^"]*)"')


def test_dates_are_written_as_the_reader_writes_them():
    """A form spelled out in a template is one language's, whoever reads."""
    spelled = [
        f"{path.relative_to(house.ROOT)}: {form}"
        for path in house.templates()
        for form in FORM.findall(path.read_text())
        if not form.endswith("_FORMAT") and form != "D"
    ]
    assert spelled == []
