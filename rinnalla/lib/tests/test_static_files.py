"""Scripts as they are served: without comments, otherwise the same."""

import re
import subprocess

import pytest
from django.core.management import call_command

from rinnalla.lib.static_files import without_comments
from rinnalla.lib.tests.test_text_guard_twin import node
from rinnalla.tests.house import PACKAGE

SCRIPTS = [
    path
    for path in sorted(PACKAGE.glob("*/static/**/*.js"))
    if "vendor" not in path.parts
]


def test_it_works():
    script = (
        "/**\n * What it is: a * b.\n */\nconst a = /** @type {string} */ (b); // why\n"
        "  // a line\n  /** One. */\n  send(`//${host}/*`, /[*]/);\n/* kept */\n"
    )
    assert without_comments(script) == (
        "const a = (b); // why\n  send(`//${host}/*`, /[*]/);\n/* kept */\n"
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_nothing_but_comments_goes(path):
    """Every sign that stays was there, in this order."""
    served = without_comments(path.read_text())
    signs = iter(path.read_text())
    assert all(sign in signs for sign in served)
    assert "/**" not in served


def test_the_served_scripts_are_whole(tmp_path):
    """The parser of a browser reads each of them."""
    assert len(SCRIPTS) > 20
    for number, path in enumerate(SCRIPTS):
        file = tmp_path / f"{number}-{path.stem}.mjs"
        file.write_text(without_comments(path.read_text()))
    checked = [
        subprocess.run([node(), "--check", str(file)], capture_output=True, text=True)
        for file in sorted(tmp_path.iterdir())
    ]
    assert [done.stderr for done in checked if done.returncode] == []


def test_collecting_takes_the_comments_out(settings, tmp_path):
    """What the browser gets by its hashed name has none, and imports hashed names."""
    settings.STATIC_ROOT = tmp_path
    backend = "rinnalla.lib.static_files.ModuleManifestStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", "--no-input", verbosity=0)
    served = next(tmp_path.glob("lib/guard.*.js")).read_text()
    assert "/**" not in served and "export function refusals" in served
    assert re.search(r'from "\./names\.[0-9a-f]{12}\.js"', served)
