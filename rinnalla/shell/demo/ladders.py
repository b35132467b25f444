"""Who is called in each invented team when somebody does not come home."""

from rinnalla.planning.safety.actions import set_ladder
from rinnalla.shell.demo import county


def add_ladders(known):
    """Give each team its coordinator as the named person, the leader as the next."""
    leader = known.people[county.PAIVI.name]
    for person in county.PEOPLE:
        named = known.people[person.name]
        if person.role != county.SARI.role or named.team.contacts.exists():
            continue
        set_ladder(named, named.team, [named, leader])
