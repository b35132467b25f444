"""Who may see figures, and of whom. Nobody sees a single encounter here."""

from rinnalla.access.permissions import Permission
from rinnalla.access.roles import Reach

SEE_FIGURES = Permission(
    "statistics.see_figures",
    worker=Reach.TEAM,
    coordinator=Reach.ALL,
    leader=Reach.ALL,
    partner=Reach.ORGANISATION,
)
# Places, splits of people and definitions by place: more than counts.
SEE_PLACES = Permission(
    "statistics.see_places",
    worker=Reach.TEAM,
    coordinator=Reach.ALL,
    leader=Reach.ALL,
    partner=Reach.ORGANISATION,
)
EXPORT_DAYS = Permission(
    "statistics.export_days",
    worker=Reach.TEAM,
    coordinator=Reach.ALL,
    leader=Reach.ALL,
)
# Whether one goes on going somewhere: those decide who go there and who lead the team.
REVIEW_NEED = Permission(
    "statistics.review_need", worker=Reach.TEAM, coordinator=Reach.TEAM
)
