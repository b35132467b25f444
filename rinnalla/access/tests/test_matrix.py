"""Role × permission × object, cell by cell; and every guarded address, role by role.

The table is made from the rooms' permissions.py. Which object kinds a reach covers is
written here anew, so that the code that limits is not its own judge.
"""

import re
import uuid
from itertools import product

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve

from rinnalla import testing
from rinnalla.access import who_may
from rinnalla.access.permissions import Permission
from rinnalla.access.roles import Reach, Role
from rinnalla.tests import house

PERMISSIONS = list(who_may.permissions())
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CAST = {
    Role.WORKER: "aino",
    Role.COORDINATOR: "kaisa",
    Role.LEADER: "leena",
    Role.PARTNER: "reijo",
    Role.ADMINISTRATOR: "hannu",
}
# Whose row it is, seen from the role's own person in the cast.
KINDS = ["own team", "other team", "own organisation", "other organisation"]
COVERED = {
    Reach.ALL: set(KINDS),
    Reach.TEAM: {"own team"},
    Reach.ORGANISATION: {"own organisation"},
    None: set(),
}
CONTENT = ("planning.", "encounters.", "phone.", "statistics.")
# That a phone is there, and stopping it, is upkeep: nothing recorded is shown.
UPKEEP = ("phone.see_devices", "phone.revoke")
SINGLE_ROWS = ("planning.", "encounters.", "phone.")


@pytest.fixture
def visits(cast):
    """A visit of each kind: name -> {role: visit}."""
    testing.make_site(cast)
    other_site = testing.make_site(cast, name="Puisto", team=cast.other_team)

    def visit(team, organisation):
        site = other_site if team == cast.other_team else None
        over = {"team": team, "organisation": organisation}
        return testing.make_visit(cast, site, **over)

    inside = {
        "own team": visit(cast.team, cast.county),
        "other team": visit(cast.other_team, cast.county),
        "other organisation": visit(cast.other_team, cast.ngo),
    }
    parish = visit(cast.other_team, cast.parish)
    return inside, parish


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda one: one.name)
def test_each_cell_of_the_table(cast, visits, permission):
    """Each kind of row is reached exactly when the role's reach says so."""
    rows = apps.get_model("planning", "Visit").objects.all()
    for role, name in CAST.items():
        worker = getattr(cast, name)
        reached = set(permission.limit(rows, worker))
        for kind in KINDS:
            row = _row_of(visits, kind, worker, cast)
            if row is not None:
                expected = kind in COVERED[permission.of_role(role)]
                assert (row in reached) == expected, (role, kind)


def _row_of(visits, kind, worker, cast):
    """The visit that is of this kind for this person, when there can be one."""
    inside, parish = visits
    if kind == "own organisation":
        return parish if worker.organisation == cast.parish else None
    if kind == "own team":
        return inside[kind] if worker.team == cast.team else None
    return inside[kind]


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda one: one.name)
def test_who_left_reaches_nothing(cast, visits, permission):
    rows = apps.get_model("planning", "Visit").objects.all()
    for name in CAST.values():
        worker = getattr(cast, name)
        worker.is_active = False
        assert permission.reach_of(worker) is None
        assert not permission.limit(rows, worker)


def test_a_worker_without_a_team_reaches_no_team(cast, visits):
    rows = apps.get_model("planning", "Visit").objects.all()
    cast.aino.team = None
    assert not Permission("a.b", worker=Reach.TEAM).limit(rows, cast.aino)


def test_administrators_see_no_content():
    for one in PERMISSIONS:
        if one.name.startswith(CONTENT) and one.name not in UPKEEP:
            assert one.administrator is None, one.name


def test_leaders_see_no_single_rows():
    for one in PERMISSIONS:
        if one.name.startswith(SINGLE_ROWS):
            assert one.leader is None, one.name


def test_partners_never_reach_beyond_their_own_records():
    """Sites are shared so that one can go there; records are the organisation's own."""
    for one in PERMISSIONS:
        if one.name != "planning.see_sites":
            assert one.partner in (None, Reach.ORGANISATION), one.name


def test_only_administrators_read_the_audit():
    (audit,) = [one for one in PERMISSIONS if one.name == "access.read_audit"]
    assert [role for role in Role if audit.of_role(role)] == [Role.ADMINISTRATOR]


def test_names_are_room_and_verb_and_differ():
    names = [one.name for one in PERMISSIONS]
    assert len(names) == len(set(names))
    for name in names:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", name)


def test_the_document_says_the_same():
    page = settings.BASE_DIR / "docs" / "permissions.md"
    assert page.read_text() == who_may.as_markdown(), "manage.py who_may --write"


# --- Addresses ----------------------------------------------------------------------

PIECES = [
    "999999999",
    str(uuid.UUID(int=1)),
    "xyz",
    "2026",
    "2026-03",
    "2026-03-12",
    "up",
    "retire",
    "close",
    "csv",
]


def example_of(address, view):
    """An address that leads to this view, with made-up parameters."""
    parts = re.split(r"<[^>]*>", address)
    for pieces in product(PIECES, repeat=len(parts) - 1):
        path = "/" + "".join(
            part + piece for part, piece in zip(parts, [*pieces, ""], strict=True)
        )
        try:
            if resolve(path).func == view:
                return path
        except Resolver404:
            continue
    raise LookupError(f"no example found for {address}; add a piece")


GUARDED = [
    (address, view)
    for address, _, view in house.views()
    if isinstance(getattr(view, "permission", None), Permission)
]


@pytest.mark.parametrize(("address", "view"), GUARDED)
def test_each_address_opens_for_its_roles_alone(cast, client, address, view):
    path = example_of(address, view)
    methods = [
        method
        for method in ("get", "post")
        if _status(client, method, path) not in (404, 405)
    ]
    assert methods, path
    for method in methods:
        assert _status(client, method, path) in (302, 401)
        for role, name in CAST.items():
            client.force_login(getattr(cast, name), backend=BACKEND)
            refused = view.permission.of_role(role) is None
            status = _status(client, method, path)
            assert (status == 403) == refused, f"{method} {path} {role}: {status}"
        client.logout()
        client.cookies.clear()


def _status(client, method, path):
    return getattr(client, method)(path).status_code


# --- Addresses of one visit ----------------------------------------------------------


# Only visits have random keys as the one parameter of an address.
OF_A_VISIT = [
    (address, view)
    for address, view in GUARDED
    if re.findall("<[^>]*>", address) == ["<uuid:pk>"]
]


@pytest.mark.parametrize(
    ("address", "view"), OF_A_VISIT, ids=[address for address, _view in OF_A_VISIT]
)
def test_a_visit_out_of_reach_does_not_exist(cast, client, visits, address, view):
    """Through the door, each kind of visit opens exactly as the table says."""
    inside, parish = visits
    found = [*inside.values(), parish]
    for visit in found:
        visit.workers.set([])
    opened = {}
    for (role, name), visit in product(CAST.items(), found):
        if view.permission.of_role(role) is None:
            continue
        client.force_login(getattr(cast, name), backend=BACKEND)
        path = "/" + address.replace("<uuid:pk>", str(visit.pk))
        status = _status(client, "get", path)
        status = _status(client, "post", path) if status == 405 else status
        opened[role, visit] = status != 404
    assert any(opened.values())
    rows = apps.get_model("planning", "Visit").objects.all()
    for (role, visit), is_open in opened.items():
        worker = getattr(cast, CAST[role])
        assert is_open == (visit in view.permission.limit(rows, worker)), (role, visit)
