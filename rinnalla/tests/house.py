"""What the tests of the house look at: its rooms, files, views and relations."""

import ast
import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "rinnalla"
# A named part of an address written as a regular expression.
REGEX_PART = r"\^?\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)"


def project():
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def rooms():
    """The rooms from top to bottom, as the import contract lists them."""
    (contract,) = project()["tool"]["importlinter"]["contracts"]
    return [room for line in contract["layers"] for room in line.split(" | ")][1:]


def rank(room):
    """How high a room stands; 0 is the bottom."""
    return rooms()[::-1].index(room)


def models():
    """Every model of ours, also the tables of many-to-many relations."""
    return [
        model
        for room in rooms()
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]


def room_of(model):
    """The room a model stands in."""
    return model._meta.app_label


def views():
    """Every view that has an address: (address, name, view function)."""
    return list(_views(get_resolver().url_patterns, ""))


def _views(patterns, prefix):
    for pattern in patterns:
        address = prefix + re.sub(REGEX_PART, r"<\1>", str(pattern.pattern)).strip("^$")
        if isinstance(pattern, URLPattern):
            yield address, pattern.lookup_str, pattern.callback
        else:
            yield from _views(pattern.url_patterns, address)


def python_files(tests=False):
    """Our Python files, migrations left out; tests only when asked for."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if "migrations" not in parts and (tests or "tests" not in parts):
            yield path


def functions():
    """Every function outside tests and migrations: (where, lines it takes)."""
    for path in [*python_files(), *sorted((ROOT / "tools").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                where = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield where, node.end_lineno - node.lineno + 1


def templates():
    """Every template of ours."""
    return sorted(PACKAGE.glob("*/templates/**/*.html"))
