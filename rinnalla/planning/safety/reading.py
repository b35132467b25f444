"""What the rows say of an alarm, as the ladder reads it; who can be called at all."""

from django.db.models import Q

from rinnalla.access.models import Worker
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.planning.models import AlarmCall, SafetyContact
from rinnalla.planning.safety import ladder

ON_DUTY = (Role.WORKER, Role.COORDINATOR)


def facts_of(alarm):
    """The rows of an alarm as plain facts; people are their keys."""
    check_in = alarm.check_in
    out = frozenset(check_in.people.values_list("pk", flat=True))
    named = tuple(named_of(check_in.team_id))
    sent = alarm.calls.filter(kind=AlarmCall.Kind.CALL, sent_at__isnull=False)
    return ladder.Facts(
        is_overdue=alarm.kind == alarm.Kind.OVERDUE,
        raised_at=alarm.raised_at,
        due_at=check_in.due_at,
        out=out,
        everybody=everybody_for(check_in.team_id, check_in.organisation_id, out)
        | frozenset(reachable().filter(pk=check_in.pair_id).values_list("pk", flat=1)),
        named=named,
        pair=check_in.pair_id,
        called=frozenset(sent.values_list("worker_id", flat=True)),
        is_home=check_in.ended_at is not None,
        owner=alarm.owner_id,
        taken_at=alarm.taken_at,
        said_safe_at=alarm.said_safe_at,
        closed_at=alarm.closed_at,
    )


def named_of(team_id):
    """The keys of a team's named person and of those after, in order."""
    steps = SafetyContact.objects.filter(team=team_id).order_by("order")
    return list(steps.values_list("worker_id", flat=True))


def everybody_for(team_id, organisation_id, out):
    """The keys of whoever may be called for this team; those who are out too.

    Its people and its named ones; where none of them stays behind, every coordinator;
    where there is none either, whoever else works here.
    """
    people, out = reachable(), frozenset(out)
    own = Q(team=team_id) if team_id else Q(organisation=organisation_id)
    circles = [
        people.filter(own, role__in=(*ON_DUTY, Role.PARTNER))
        | people.filter(pk__in=named_of(team_id)),
        people.filter(role=Role.COORDINATOR),
        people,
    ]
    found = frozenset(out)
    for circle in circles:
        found |= frozenset(circle.values_list("pk", flat=True))
        if found - out:
            break
    return frozenset(people.filter(pk__in=found).values_list("pk", flat=True))


def reachable():
    """Workers whose account is open and whose organisation has not left."""
    here = Q(organisation__ends_on=None) | Q(organisation__ends_on__gte=clock.today())
    return Worker.objects.filter(here, is_active=True)
