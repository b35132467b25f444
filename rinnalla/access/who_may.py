"""Every permission of every room, and the table of who may do what to whose rows."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from rinnalla.access.permissions import Permission
from rinnalla.access.roles import Reach, Role

WORDS = {
    Reach.ALL: "all",
    Reach.TEAM: "own team's",
    Reach.ORGANISATION: "own organisation's",
    None: "–",
}
HEAD = """\
# Who may do what

Written by `python manage.py who_may --write` from the rooms' `permissions.py`; a test
compares it and tries every cell. A dash means refused: a page answers 403 and a row out
of reach answers 404, as if it did not exist. Everybody may see and change the own
account. Administrators see no content; leaders see figures, never single meetings.
"""


def permissions():
    """Every permission, room by room from the top, in the order they are written."""
    rooms = [app for app in settings.INSTALLED_APPS if app.startswith("rinnalla.")]
    for room in rooms:
        if find_spec(f"{room}.permissions"):
            found = vars(import_module(f"{room}.permissions")).values()
            yield from (one for one in found if isinstance(one, Permission))


def rows():
    """The table as plain rows: the permission's name and a reach for each role."""
    return [
        {"permission": one.name} | {role.value: one.of_role(role) for role in Role}
        for one in permissions()
    ]


def as_markdown():
    """The table as the page docs/permissions.md holds it."""
    lines, room = [HEAD], ""
    for row in rows():
        if row["permission"].partition(".")[0] != room:
            room = row["permission"].partition(".")[0]
            lines += ["", f"## {room}", "", _line(["", *Role.values])]
            lines += [_line(["---"] * (len(Role) + 1))]
        cells = [WORDS[row[role]] for role in Role.values]
        lines.append(_line([f"`{row['permission']}`", *cells]))
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def _line(cells):
    return "| " + " | ".join(cells) + " |"
