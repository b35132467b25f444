"""What each role sees in the menu, in the order of its day."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from rinnalla.access.roles import Role


@dataclass(frozen=True)
class Item:
    label: str
    url_name: str
    roles: frozenset
    # Names of pages that start so belong to this line; empty means the whole room.
    stem: str = ""

    @property
    def room(self):
        return self.stem or self.url_name.partition(":")[0]


FIELD = frozenset({Role.WORKER, Role.COORDINATOR, Role.PARTNER})
DESK = frozenset({Role.WORKER, Role.COORDINATOR})
LEADERS = frozenset({Role.LEADER, Role.COORDINATOR, Role.WORKER, Role.PARTNER})

UPKEEP = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})

# In the order of the day: today, sites, visits, figures, import, upkeep.
MENU = [
    Item(_("Today"), "phone:today", FIELD),
    Item(_("Places"), "planning:sites", FIELD, "planning:site"),
    Item(_("Visits"), "planning:visits", FIELD, "planning:visit"),
    Item(_("Upkeep"), "access:upkeep", UPKEEP),
]


def menu_of(worker):
    """The menu lines this role may open."""
    return [item for item in MENU if worker.role in item.roles]


def part_of(view_name):
    """The part of the menu a page belongs to: a line's stem, else the page's room."""
    stems = (item.stem for item in MENU if item.stem)
    room = view_name.partition(":")[0]
    return next((stem for stem in stems if view_name.startswith(stem)), room)


def home_of(worker):
    """The address where this role's day starts."""
    items = menu_of(worker)
    return items[0].url_name if items else "shell:start"
