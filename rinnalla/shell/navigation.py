"""What each role sees in the menu, in the order of its day, and its start."""

from dataclasses import dataclass

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from rinnalla.access.guards import signed_in
from rinnalla.access.roles import Role
from rinnalla.encounters.permissions import RECORD


@dataclass(frozen=True)
class Item:
    """A line of the menu: its word and the page it opens."""

    label: str
    url_name: str
    # Asked where the page itself is public: the field app holds no data.
    permission: object = None

    @property
    def url(self):
        return reverse(self.url_name)

    def opens_for(self, worker):
        """Whether this person may open the page: the page's own guard decides."""
        permission = self.permission or resolve(self.url).func.permission
        return permission is signed_in or permission.reach_of(worker) is not None


MENU = (
    Item(_("Today"), "phone:app", RECORD),
    Item(_("Month"), "planning:month"),
    Item(_("Visits"), "planning:visits"),
    Item(_("Requests"), "planning:requests"),
    Item(_("Places"), "planning:sites"),
    Item(_("Figures"), "statistics:now"),
    Item(_("Observations"), "encounters:texts"),
    Item(_("Import"), "encounters:imports"),
    Item(_("Phones"), "phone:devices"),
    Item(_("Upkeep"), "access:upkeep"),
    Item(_("Nights"), "shell:nights"),
)
# Beside one's own account: for oneself, on every page, whatever the day's work is.
OWN = (Item(_("Getting home"), "planning:safety"),)
HOME = {
    Role.WORKER: "phone:app",
    Role.COORDINATOR: "planning:visits",
    Role.LEADER: "statistics:now",
    Role.PARTNER: "phone:app",
    Role.ADMINISTRATOR: "access:upkeep",
}


def menu_of(worker):
    """The menu lines this person may open."""
    return [item for item in MENU if item.opens_for(worker)]


def own_of(worker):
    """The lines beside the own account that this person may open."""
    return [item for item in OWN if item.opens_for(worker)]


def home_of(worker):
    """The name of the page where this role's day starts."""
    return HOME[Role(worker.role)]


def here_of(path, menu):
    """The page name of the menu line under which this address lies, or nothing."""
    above = [item for item in menu if path.startswith(item.url)]
    nearest = max(above, key=lambda item: len(item.url), default=None)
    return nearest.url_name if nearest else ""
