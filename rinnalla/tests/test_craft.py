"""The craft: short functions, a light web process, nothing inline, a tree that does
not tell where it was made."""

import re
import subprocess
import sys

import pytest

from rinnalla.tests import house

HEAVY = {"scipy", "numpy", "vl_convert", "typst", "python_calamine", "xlsxwriter"}
LISTING = """
import gc, sys, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rinnalla.test_settings")
import rinnalla.wsgi
assert gc.get_freeze_count() > 50_000, "what stands is searched for garbage again"
from django.urls import get_resolver
def visit(resolver):
    for pattern in resolver.url_patterns:
        visit(pattern) if hasattr(pattern, "url_patterns") else pattern.callback
visit(get_resolver())
print(" ".join(sorted(sys.modules)))
"""


def test_half_of_the_functions_are_short_and_none_is_long():
    lengths = sorted(lines for _, lines in house.functions())
    too_long = [where for where, lines in house.functions() if lines > 60]
    assert too_long == []
    assert lengths[len(lengths) // 2] < 10
    assert lengths[len(lengths) * 9 // 10] < 35


def test_the_web_process_is_light():
    """What draws, solves and prints is imported in the worker only."""
    done = subprocess.run(
        [sys.executable, "-c", LISTING],
        cwd=house.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "rinnalla.shell.views" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("path", house.templates(), ids=lambda path: path.name)
def test_templates_hold_no_script_or_style(path):
    """The strict content policy would drop it, on the page of somebody in a hurry."""
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text())
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S):
        assert "src=" in attributes and not body.strip()


def committed():
    """The text files git keeps, vendored ones left out."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=house.ROOT, capture_output=True, text=True
    )
    for name in listed.stdout.split("\n"):
        path = house.ROOT / name
        if name and "/vendor/" not in name and path.is_file():
            try:
                yield name, path.read_text()
            except UnicodeDecodeError:
                continue


def test_the_tree_tells_of_no_machine():
    """No path of somebody's machine, no address a package was downloaded from."""
    telling = re.compile(
        r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work)/"
        r"|registry\.npmjs|files\.pythonhosted|pypi\.org|\"resolved\":"
    )
    mine = "rinnalla/tests/test_craft.py"
    found = [name for name, text in committed() if telling.search(text)]
    assert [name for name in found if name != mine] == []


def test_no_lock_file_that_records_addresses():
    names = {name.rsplit("/", 1)[-1] for name, _ in committed()}
    assert names.isdisjoint({"uv.lock", "package-lock.json", "poetry.lock"})
