"""What a reader looks at: the rows they may see, narrowed by a link they followed."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from rinnalla.access.models import Municipality, Team
from rinnalla.access.roles import Reach
from rinnalla.planning.models import Site, Visit
from rinnalla.statistics.models import Correction, DayCount, MonthTotal
from rinnalla.statistics.permissions import SEE_FIGURES


@dataclass
class Scope:
    """The rows of figures one may see: `limits` hold for every counts table."""

    reach: Reach = Reach.ALL
    limits: dict = field(default_factory=dict)
    team: Team | None = None
    municipality: Municipality | None = None
    site: Site | None = None
    organisation: object = None
    has_details: bool = True

    def of(self, model):
        """The rows of a counts table within the scope."""
        return model.objects.filter(**self.limits)

    @property
    def sites(self):
        """The sites whose figures are within the scope."""
        theirs = {
            name.removeprefix("site__"): value
            for name, value in self.limits.items()
            if name.startswith("site__")
        }
        if self.site:
            theirs["pk"] = self.site.pk
        sites = Site.objects.filter(**theirs)
        if self.organisation:
            mine = [
                model.objects.filter(organisation=self.organisation).values("site")
                for model in (MonthTotal, Visit)
            ]
            sites = sites.filter(Q(pk__in=mine[0]) | Q(pk__in=mine[1]))
        return sites

    @property
    def name(self):
        """What the figures cover, in words."""
        whole = self.organisation or self.site or self.municipality or self.team
        return str(whole) if whole else _("the whole area")

    @property
    def query(self):
        """The end of an address that shows the same scope again."""
        if self.reach == Reach.ALL and self.team:
            return f"?team={self.team.pk}"
        return f"?municipality={self.municipality.pk}" if self.municipality else ""

    @property
    def key(self):
        """What tells this scope from every other: whose rows, and how much of them."""
        limits = sorted((name, row.pk) for name, row in self.limits.items())
        return [self.reach, self.has_details, limits]

    @property
    def shows_people(self):
        """Whether tables that split people may be shown: never to a partner."""
        return self.reach != Reach.ORGANISATION

    @property
    def level(self):
        """The level and place of the protected tables that fit best."""
        if self.site:
            return "site", str(self.site.pk)
        if self.municipality:
            return "municipality", self.municipality.pk
        return "county", ""

    def months(self, first, last):
        """The numbers of each month from `first` to `last`, late ones added.

        Returns {month: numbers}; `numbers["is_revised"]` tells the late ones.
        """
        span = Q(month__gte=first, month__lte=last)
        rows = {
            row["month"]: row | {"is_revised": False}
            for row in self.of(MonthTotal).filter(span).summed("month")
        }
        for late in self.of(Correction).filter(span).summed("month"):
            month = late.pop("month")
            row = rows.setdefault(month, dict.fromkeys(late, 0) | {"month": month})
            row["is_revised"] = True
            for name, value in late.items():
                row[name] += value
        return rows

    def days(self):
        """The rows of single days."""
        return self.of(DayCount)


def scope_of(worker, *, team="", municipality="", site=None, permission=SEE_FIGURES):
    """A worker's scope, narrowed by what the address asks for; 404 out of reach."""
    reach = permission.reach_of(worker)
    scope = Scope(reach, has_details=worker.sees_details)
    if reach == Reach.TEAM:
        scope.team = worker.team
        scope.limits["site__team"] = worker.team
    elif reach == Reach.ORGANISATION:
        scope.organisation = worker.organisation
        scope.limits["organisation"] = worker.organisation
    elif team:
        scope.team = _one(Team, team)
        scope.limits["site__team"] = scope.team
    if municipality:
        scope.municipality = _one(Municipality, municipality)
        scope.limits["site__municipality"] = scope.municipality
    if site is not None:
        scope.site = _reachable(scope, site)
        scope.limits["site"] = scope.site
    return scope


def _one(model, key):
    """The row with this key as written in the address; 404 when there is none."""
    text = str(key)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Http404
    row = model.objects.filter(pk=text).first()
    if row is None:
        raise Http404
    return row


def _reachable(scope, key):
    site = scope.sites.select_related("municipality").filter(pk=key).first()
    if site is None or not scope.has_details:
        raise Http404
    return site
