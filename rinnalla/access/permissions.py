"""What a permission is, and the permissions of this room."""

from dataclasses import dataclass

from rinnalla.access.roles import Reach, Role


@dataclass(frozen=True)
class Permission:
    """One thing people do, and for each role that may do it whose rows it covers.

    A role that is not named may not do it at all (deny by default).
    """

    name: str
    worker: Reach | None = None
    coordinator: Reach | None = None
    leader: Reach | None = None
    partner: Reach | None = None
    administrator: Reach | None = None

    def reach_of(self, worker):
        """How far this person may reach, or None when they may not do it."""
        if not (worker.is_authenticated and worker.is_active):
            return None
        return self.of_role(worker.role)

    def of_role(self, role):
        """How far a role may reach, or None when it may not do it."""
        return getattr(self, Role(role).value)

    def limit(self, queryset, worker, *, team="team", organisation="organisation"):
        """Keep only the rows this person may reach; rows out of reach do not exist."""
        reach = self.reach_of(worker)
        if reach == Reach.ALL:
            return queryset
        if reach == Reach.TEAM and worker.team_id:
            return queryset.filter(**{f"{team}_id": worker.team_id})
        if reach == Reach.ORGANISATION and worker.organisation_id:
            return queryset.filter(**{f"{organisation}_id": worker.organisation_id})
        return queryset.none()


# A coordinator adds and changes workers and partner workers of the own team only.
MANAGE_WORKERS = Permission(
    "access.manage_workers", coordinator=Reach.TEAM, administrator=Reach.ALL
)
MANAGE_TEAMS = Permission("access.manage_teams", administrator=Reach.ALL)
MANAGE_ORGANISATIONS = Permission(
    "access.manage_organisations", coordinator=Reach.ALL, administrator=Reach.ALL
)
EDIT_CODES = Permission(
    "access.edit_codes", coordinator=Reach.ALL, administrator=Reach.ALL
)
READ_AUDIT = Permission("access.read_audit", administrator=Reach.ALL)
READ_MUNICIPALITIES = Permission(
    "access.read_municipalities", coordinator=Reach.ALL, administrator=Reach.ALL
)

# What a coordinator may make somebody, in the own team.
BELOW_COORDINATOR = (Role.WORKER, Role.PARTNER)


def may_change(by, worker):
    """Whether `by` may change this worker's row: never one's own."""
    if by.pk == worker.pk or MANAGE_WORKERS.reach_of(by) is None:
        return False
    if by.role == Role.ADMINISTRATOR:
        return True
    return worker.team_id == by.team_id and worker.role in BELOW_COORDINATOR


def may_give(by, role, team):
    """Whether `by` may place somebody in this role and team."""
    if by.role == Role.ADMINISTRATOR:
        return True
    is_coordinator = MANAGE_WORKERS.reach_of(by) == Reach.TEAM
    mine = is_coordinator and team is not None and team.pk == by.team_id
    return mine and role in BELOW_COORDINATOR
