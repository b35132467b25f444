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
        return getattr(self, Role(worker.role).value)

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


MANAGE_WORKERS = Permission("access.manage_workers", administrator=Reach.ALL)
MANAGE_TEAM = Permission("access.manage_team", coordinator=Reach.TEAM)
MANAGE_ORGANISATIONS = Permission(
    "access.manage_organisations", coordinator=Reach.ALL, administrator=Reach.ALL
)
EDIT_CODES = Permission(
    "access.edit_codes", coordinator=Reach.ALL, administrator=Reach.ALL
)
READ_AUDIT = Permission("access.read_audit", administrator=Reach.ALL)
