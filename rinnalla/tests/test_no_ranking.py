"""No view, export or command groups by worker: figures never rank or watch anybody.

A query that counts may neither start from the workers nor take a worker among the
columns it groups by. (A visit may count how many were there: that names nobody.)
"""

import ast
import re

import pytest
from django.core.management import get_commands, load_command_class

from rinnalla.tests import house

COUNTING = {"annotate", "aggregate", "alias", "Counter", "groupby"}
COLUMNS = {"values", "values_list", "order_by", "Counter", "groupby"}
NAMES_A_WORKER = re.compile(r"(^|_)(workers?|recorded_by|made_by|written_by)(_|$)")


def rankings(source):
    """The lines of a Python text whose query counts and groups by a worker."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            root, calls = chain(node)
            counts = any(name in COUNTING for name, _ in calls)
            grouped = any(
                NAMES_A_WORKER.search(text)
                for name, texts in calls
                if name in COLUMNS
                for text in texts
            )
            if counts and (root == "Worker" or grouped):
                yield node.lineno


def chain(node):
    """The name a chain of calls starts from, and each call with its texts."""
    calls = []
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            calls.append((name, list(texts(node))))
            node = node.func if isinstance(node.func, ast.Attribute) else None
        else:
            node = node.value
    return getattr(node, "id", ""), calls


def texts(call):
    """Every text within the arguments of a call, also an attribute's name."""
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        for part in ast.walk(argument):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value
            elif isinstance(part, ast.Attribute):
                yield part.attr


@pytest.mark.parametrize(
    "query",
    [
        'Visit.objects.values("workers").annotate(n=Sum("counts__number"))',
        'Count.objects.values_list("visit__workers__name").annotate(n=Sum("number"))',
        'Worker.objects.filter(team=team).annotate(n=Count("visits"))',
        "Counter(visit.worker for visit in visits)",
        'AuditEvent.objects.values("worker_id").annotate(n=Count("pk"))',
    ],
)
def test_the_search_finds_a_ranking(query):
    assert list(rankings(query))


def test_the_search_leaves_honest_queries_alone():
    assert not list(rankings('Visit.objects.annotate(staff=Count("workers"))'))
    assert not list(rankings('visit.workers.values_list("email")'))


def test_no_code_groups_by_worker():
    found = [
        f"{path.relative_to(house.ROOT)}:{line}"
        for path in house.python_files()
        for line in rankings(path.read_text())
    ]
    assert found == []


def commands():
    """The commands of ours: (name, command)."""
    for name, app in get_commands().items():
        if app.startswith("rinnalla."):
            yield name, load_command_class(app, name)


# Asks whose: one person's own calendar of coming visits, and no figure.
ASKS_WHOSE = {"calendar_feed": {"--worker"}}


def test_no_command_has_a_choice_for_workers():
    """Neither an option nor a choice of `--by` names a worker."""
    for name, command in commands():
        for action in command.create_parser("manage.py", name)._actions:
            given = {*action.option_strings, *map(str, action.choices or ())}
            given -= ASKS_WHOSE.get(name, set())
            assert not any(NAMES_A_WORKER.search(word.strip("-")) for word in given)
