"""Who is called in each invented team when somebody does not come home."""

from rinnalla.planning.models import SafetyContact
from rinnalla.shell.demo import county


def add_ladders(known):
    """Give each team its coordinator as the named person, the leader as the next."""
    leader = known.people[county.PAIVI.name]
    for person in county.PEOPLE:
        named = known.people[person.name]
        if person.role != county.SARI.role or named.team.contacts.exists():
            continue
        for order, worker in enumerate((named, leader), start=1):
            SafetyContact.objects.create(team=named.team, worker=worker, order=order)
