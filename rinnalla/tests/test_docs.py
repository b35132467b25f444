"""The documents say what is there."""

import re

import pytest
from django.core.management import get_commands, load_command_class

from rinnalla.tests import house

DOCS = house.ROOT / "docs"
NAMED = [model for model in house.models() if not model._meta.auto_created]


def glossary():
    """The rows of the glossary by code name: {name: (fi, sv, en)}."""
    rows = {}
    for line in (DOCS / "glossary.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) >= 4:
            for name in re.findall(r"`(\w+)`", cells[3]):
                rows[name] = cells[:3]
    return rows


@pytest.mark.parametrize("model", NAMED, ids=lambda model: model.__name__)
def test_each_noun_stands_in_the_glossary(model):
    row = glossary().get(model.__name__)
    assert row and all(row), f"{model.__name__} needs a row with fi, sv and en"


def settings_from_the_environment():
    """The names settings.py reads from the environment."""
    text = (house.PACKAGE / "settings.py").read_text()
    read = re.findall(r"env_\w+\(\s*\"(\w+)\"", text)
    return sorted({*read, *re.findall(r"environ(?:\.get)?[\[(]\"(\w+)\"", text)})


@pytest.mark.parametrize("name", settings_from_the_environment())
def test_each_setting_is_explained(name):
    assert f"`{name}`" in (DOCS / "running.md").read_text()


def test_each_command_is_explained():
    """Both where it is used and in its own help."""
    text = (DOCS / "running.md").read_text()
    for name, app in get_commands().items():
        if app.startswith("rinnalla."):
            assert f"manage.py {name}" in text
            assert load_command_class(app, name).help


def test_the_documents_are_there():
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"):
        assert (house.ROOT / name).stat().st_size > 300
    licence = (house.ROOT / "LICENSE").read_text()
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in licence


def documents():
    """Every document of ours."""
    return sorted([*house.ROOT.glob("*.md"), *DOCS.rglob("*.md")])


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
        assert (path.parent / target).exists(), f"{path.name} points at {target}"


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_files_that_documents_name_are_there(path):
    """A command one copies from a document finds its file."""
    named = re.findall(r"\b(?:rinnalla|tools|docs)/[\w/.-]+\.\w+", path.read_text())
    assert [name for name in named if not (house.ROOT / name).exists()] == []


def test_make_help_names_every_command():
    text = (house.ROOT / "Makefile").read_text()
    listed = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()
    explained = re.findall(r"^([\w-]+):.*?## ", text, re.MULTILINE)
    assert sorted(listed) == sorted(explained)
