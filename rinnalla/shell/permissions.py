"""Who may read how the service itself is doing."""

from rinnalla.access.permissions import Permission
from rinnalla.access.roles import Reach

READ_NIGHTS = Permission("shell.read_nights", administrator=Reach.ALL)
