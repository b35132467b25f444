"""The fixed list of tables that split people, and how one period's tables are closed.

Few tables, because every table takes part in the protection of all others:

==============  ======================================================================
topic           county: month, quarter, year; municipality: quarter, year; site: year
others          county: quarter, year; municipality: year
==============  ======================================================================

(Others: target group, age band, new or returning, next step.) Each table splits one
dimension for one place and one closed period; dimensions are never crossed with each
other. A table of which over a third would be protected is widened: topics to topic
groups, and if that does not help, the table is left out and the reader is sent to the
next wider one (site to municipality to county, month to quarter to year).

A period's tables are made once, when it has closed, from counts as they stood then.
What readers have seen stays as it was: later tables are protected so that they reveal
nothing of earlier ones either, and late records never change a closed table.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property

from rinnalla.statistics.disclosure import PROTECTED, Cell, Limit, is_small, protect

MONTHS = {"month": 1, "quarter": 3, "year": 12}  # how many months a span holds
WIDEST_SHARE = 1 / 3  # a table with more protected cells than this is widened

_COARSE = (("county", "quarter"), ("county", "year"), ("municipality", "year"))
OFFERED = {
    "topic": (
        ("county", "month"),
        ("county", "quarter"),
        ("county", "year"),
        ("municipality", "quarter"),
        ("municipality", "year"),
        ("site", "year"),
    ),
    "target_group": _COARSE,
    "age_band": _COARSE,
    "familiarity": _COARSE,
    "next_step": _COARSE,
}
# One answer a person at most: the cells of a table are together at most the guided.
ONE_ANSWER = {"age_band", "familiarity", "next_step"}
# Left out in this order when an older table could not be kept safe otherwise.
_FINEST_FIRST = (
    ("site", "year"),
    ("municipality", "quarter"),
    ("municipality", "year"),
    ("county", "month"),
    ("county", "quarter"),
    ("county", "year"),
)


@dataclass(frozen=True)
class Table:
    """One published table: a dimension, a place, a span; `cells` maps code to number.

    `detail` is "code", "group" (widened) or "none" (left out); `place` is empty for
    the county. `first` is the number of the span's first month, 1 to 12.
    A protected cell is `PROTECTED` instead of a number. `groups` maps code to group
    as it was when the table was made; a county may change its lists later.
    """

    level: str
    place: str
    span: str
    first: int
    detail: str = "code"
    cells: dict = field(default_factory=dict, hash=False, compare=False)
    groups: dict = field(default_factory=dict, hash=False, compare=False)

    @property
    def months(self):
        return range(self.first, self.first + MONTHS[self.span])

    @property
    def slot(self):
        """What tells this table from the others of its dimension and year."""
        return self.level, self.place, self.span, self.first


@dataclass(frozen=True)
class Facts:
    """A year's closed counts of one dimension.

    `counts[site, month, code]` people, `guided[site, month]` people guided in all,
    `municipality[site]`, `group[code]` (itself when it has none); months 1 to 12.
    `named` sites have tables of their own, others (a corner, a home) do not.
    """

    dimension: str
    counts: dict
    guided: dict
    municipality: dict
    group: dict
    named: frozenset | None = None

    @cached_property
    def sums(self):
        """The counts added up by level: `sums[level][place, month, code]`."""
        sums = {"county": Counter(), "municipality": Counter(), "site": self.counts}
        for (site, month, code), number in self.counts.items():
            sums["county"]["", month, code] += number
            sums["municipality"][self.municipality[site], month, code] += number
        return sums

    def guided_of(self, table):
        """People guided in all at the table's place and in its span."""
        sites = set(_sites(table, self))
        return sum(
            number
            for (site, month), number in self.guided.items()
            if site in sites and month in table.months
        )


def offers(dimension, facts, month):
    """The tables that can be made when `month` (1-12) of the year closes."""
    sites = {site for site, _ in facts.guided} | {site for site, *_ in facts.counts}
    named = sites if facts.named is None else sites & facts.named
    places = {
        "county": [""],
        "municipality": sorted({facts.municipality[site] for site in sites}),
        "site": sorted(named),
    }
    return [
        Table(level, place, span, month + 1 - MONTHS[span])
        for level, span in OFFERED[dimension]
        if month % MONTHS[span] == 0
        for place in places[level]
    ]


def close(new, old, facts, k, pause=None):
    """Fill and protect the new tables beside the old ones; none of the old changes.

    `pause` is called now and then during a long search.
    """
    new = [_not_too_small(table, facts, k) for table in new]
    while True:
        outcome = protect(*_problem(new, old, facts), k=k, pause=pause)
        if outcome.unsafe:
            guilty = _guilty([*new, *old], outcome.unsafe, facts)
        else:
            guilty = [table for table in new if _is_thin(table, facts, outcome)]
        if not guilty:
            return [_filled(table, facts, outcome.protected) for table in new]
        new = [_wider(table, facts) if table in guilty else table for table in new]


def _guilty(tables, unsafe, facts):
    """The finest new tables that tell something of a cell that cannot be made safe.

    A table's zero may be what gives the cell away, so all that overlap are widened.
    """
    cells = [
        (table, category)
        for table in tables
        for category in categories(table, facts)
        if _key(table, category) in unsafe
    ]
    for level, span in _FINEST_FIRST:
        mine = [
            table
            for table in tables
            if (table.level, table.span, table.detail != "none") == (level, span, True)
            and not table.cells  # filled tables are published already
            and any(
                _overlap(table, other, category, facts) for other, category in cells
            )
        ]
        if mine:
            return mine
    return []  # only tables that were safe before are left, and nothing tells more


def _overlap(table, other, category, facts):
    """Whether a table has a cell that shares an atom with the other's category."""
    codes = set(categories(other, facts)[category])
    return (
        not set(table.months).isdisjoint(other.months)
        and not set(_sites(table, facts)).isdisjoint(_sites(other, facts))
        and any(codes & set(mine) for mine in categories(table, facts).values())
    )


# --- One table ---------------------------------------------------------------------


def categories(table, facts):
    """The table's rows: code (or group) to the codes it sums; none when left out."""
    if table.detail == "none":
        return {}
    rows = defaultdict(list)
    for code, group in (table.groups or facts.group).items():
        rows[code if table.detail == "code" else group].append(code)
    return rows


def _sites(table, facts):
    if table.level == "site":
        return [table.place]
    return [
        site
        for site, municipality in facts.municipality.items()
        if table.level == "county" or municipality == table.place
    ]


def _numbers(table, facts):
    """The table's true numbers by category."""
    return {
        category: sum(
            facts.sums[table.level].get((table.place, month, code), 0)
            for month in table.months
            for code in codes
        )
        for category, codes in categories(table, facts).items()
    }


def _key(table, category):
    return (*table.slot, category)


def _filled(table, facts, protected):
    cells = {
        category: PROTECTED if _key(table, category) in protected else number
        for category, number in _numbers(table, facts).items()
    }
    return replace(table, cells=cells, groups=facts.group)


def _wider(table, facts):
    has_groups = any(code != group for code, group in facts.group.items())
    if table.detail == "code" and has_groups:
        return replace(table, detail="group")
    return replace(table, detail="none")


def _is_too_thin(numbers, is_protected):
    """Whether over a third of the cells that hold people would be protected."""
    held = [category for category, number in numbers.items() if number]
    hidden = [category for category in held if is_protected(category)]
    return len(hidden) > len(held) * WIDEST_SHARE


def _not_too_small(table, facts, k):
    """Widen by what is too small anyway, before anything dear is reckoned."""
    while table.detail != "none":
        numbers = _numbers(table, facts)
        if not _is_too_thin(numbers, lambda c, n=numbers: is_small(n[c], k)):
            return table
        table = _wider(table, facts)
    return table


def _is_thin(table, facts, outcome):
    """Whether over a third of the table's people would be behind a mark."""
    numbers = _numbers(table, facts)
    return _is_too_thin(numbers, lambda c: _key(table, c) in outcome.protected)


# --- All tables of a year and dimension together --------------------------------------


def _problem(new, old, facts):
    """The cells, true values and limits of everything published together."""
    grain = _Grain([*new, *old], facts)
    cells = [
        Cell(_key(table, category), number, grain.atoms(table, codes), "new")
        for table in new
        for (category, codes), number in _rows(table, facts)
    ]
    cells += [
        Cell(
            _key(table, category),
            number,
            grain.atoms(table, codes),
            "protected" if table.cells.get(category) == PROTECTED else "shown",
        )
        for table in old
        for (category, codes), number in _rows(table, facts)
    ]
    return cells, grain.values(), grain.limits()


def _rows(table, facts):
    numbers = _numbers(table, facts)
    rows = categories(table, facts).items()
    return [((category, codes), numbers[category]) for category, codes in rows]


class _Grain:
    """The finest counts worth telling apart: sites only where sites are published.

    Atoms that stand in the very same tables are one atom: any split of their sum is
    possible, so the reader's possibilities stay the same and the search is short.
    """

    def __init__(self, tables, facts):
        self.facts = facts
        live = [table for table in tables if table.detail != "none"]
        self.sites = {table.place for table in live if table.level == "site"}
        spans = {span for _, span in OFFERED[facts.dimension]}
        self.step = min(MONTHS[span] for span in spans)

    def _place(self, site):
        return site if site in self.sites else f"in {self.facts.municipality[site]}"

    def _time(self, month):
        return (month - 1) // self.step

    def atoms(self, table, codes):
        places = dict.fromkeys(self._place(site) for site in _sites(table, self.facts))
        times = dict.fromkeys(self._time(month) for month in table.months)
        return tuple((p, t, c) for p in places for t in times for c in codes)

    def values(self):
        sums = defaultdict(int)
        for (site, month, code), number in self.facts.counts.items():
            sums[self._place(site), self._time(month), code] += number
        return sums

    def limits(self):
        """Nobody guided there and then, no topic there and then."""
        most = defaultdict(int)
        for (site, month), number in self.facts.guided.items():
            most[self._place(site), self._time(month)] += number
        codes = list(self.facts.group)
        times = {self._time(month) for month in range(1, 13)}
        places = {self._place(site) for site in self.facts.municipality}
        together = self.facts.dimension in ONE_ANSWER
        return (
            Limit(tuple((place, time, code) for code in some), most[place, time])
            for place in sorted(places)
            for time in sorted(times)
            for some in ([codes] if together else [[code] for code in codes])
        )
