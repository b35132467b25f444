"""Who may take a phone into use, see and stop phones, and decide about what waits."""

from django.db.models import Q

from rinnalla.access.permissions import Permission
from rinnalla.access.roles import Reach, Role

ENROL = Permission(
    "phone.enrol",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
)
ENROL_SHARED = Permission("phone.enrol_shared", coordinator=Reach.TEAM)
# An administrator sees that a phone is there and can stop it, nothing recorded.
SEE_DEVICES = Permission(
    "phone.see_devices",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
    administrator=Reach.ALL,
)
REVOKE = Permission(
    "phone.revoke",
    worker=Reach.TEAM,
    coordinator=Reach.TEAM,
    partner=Reach.ORGANISATION,
    administrator=Reach.ALL,
)
RESOLVE = Permission("phone.resolve", coordinator=Reach.TEAM)


def devices_of(worker, devices):
    """Of these phones the ones this person may see.

    Everybody their own; a worker also the team's shared ones, a coordinator all of the
    team's, an administrator all there are.
    """
    if SEE_DEVICES.reach_of(worker) == Reach.ALL:
        return devices
    seen = Q(worker=worker)
    if worker.team_id and worker.role in (Role.WORKER, Role.COORDINATOR):
        seen |= Q(worker=None, team=worker.team_id)
    if worker.team_id and worker.role == Role.COORDINATOR:
        seen |= Q(worker__team=worker.team_id)
    return devices.filter(seen)


def revocable_by(worker, devices):
    """Of these phones the ones this person may take out of use.

    A worker only an own one: a shared phone is the coordinator's to stop.
    """
    if REVOKE.reach_of(worker) is None:
        return devices.none()
    if worker.role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        return devices_of(worker, devices)
    return devices.filter(worker=worker)


def waiting_for(worker, rows):
    """Of the waiting records the ones this coordinator decides about.

    A row of no team at all is everybody's, so that none lies unseen.
    """
    mine = RESOLVE.limit(rows, worker)
    return mine | rows.filter(team=None) if RESOLVE.reach_of(worker) else mine
