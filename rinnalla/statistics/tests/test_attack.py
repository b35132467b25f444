"""An attack on everything published: no protected cell may be pinned down.

Shares no code with the protection: it reads only what a reader can read (the tables,
the live activity figures, the code lists) and reckons with linear programming how low
and how high each protected cell could be.
"""

import math
import random

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from rinnalla.statistics import tables
from rinnalla.statistics.tables import Facts

TOPICS = {
    "benefits": "money",
    "debt": "money",
    "housing": "home",
    "homelessness": "home",
    "mind": "health",
    "other": "other",
}
AGES = {age: age for age in ("18_24", "25_29", "30_44", "45_64")}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


class Attack:
    """All that is known, as equations over every site, month and code."""

    def __init__(self, published, facts):
        self.sites = sorted(facts.municipality)
        self.facts = facts
        self.columns = {
            (site, month, code): at
            for at, (site, month, code) in enumerate(
                (s, m, c) for s in self.sites for m in range(1, 13) for c in facts.group
            )
        }
        self.shown, self.hidden = [], []
        for table in published:
            for category, said in table.cells.items():
                members = self.members(table, category)
                if said == "c":
                    self.hidden.append((table, category, members))
                else:
                    self.shown.append((members, said))

    def members(self, table, category):
        first, length = table.first, MONTHS_OF[table.span]
        towns = self.facts.municipality
        sites = [
            s
            for s in self.sites
            if table.level == "county"
            or (table.level == "municipality" and towns[s] == table.place)
            or (table.level == "site" and s == table.place)
        ]
        codes = [
            code
            for code, group in self.facts.group.items()
            if category == (code if table.detail == "code" else group)
        ]
        return [
            self.columns[site, month, code]
            for site in sites
            for month in range(first, first + length)
            for code in codes
        ]

    def equations(self):
        count = len(self.columns)
        equal = lil_matrix((len(self.shown) or 1, count))
        right = np.zeros(len(self.shown) or 1)
        for row, (members, said) in enumerate(self.shown):
            equal[row, members] = 1
            right[row] = said
        below, most = self._guided_rows()
        for _table, _category, members in self.hidden:
            row = np.zeros(count)
            row[members] = -1
            below.append(row)
            most.append(-1)  # a protected cell holds somebody
        return equal.tocsr(), right, np.array(below), np.array(most)

    def _guided_rows(self):
        """A person has one age at most; more topics than one."""
        below, most = [], []
        if self.facts.dimension in ("age_band", "familiarity", "next_step"):
            for site in self.sites:
                for month in range(1, 13):
                    row = np.zeros(len(self.columns))
                    row[[self.columns[site, month, c] for c in self.facts.group]] = 1
                    below.append(row)
                    most.append(self.facts.guided.get((site, month), 0))
        return below, most

    def bounds(self):
        return [
            (0, self.facts.guided.get((site, month), 0))
            for site, month, _code in self.columns
        ]

    def widths(self):
        """How many whole numbers each protected cell could be."""
        equal, right, below, most = self.equations()
        for table, category, members in self.hidden:
            ends = []
            for sense in (1, -1):
                cost = np.zeros(len(self.columns))
                cost[members] = sense
                found = linprog(
                    cost,
                    A_ub=below if len(below) else None,
                    b_ub=most if len(most) else None,
                    A_eq=equal,
                    b_eq=right,
                    bounds=self.bounds(),
                )
                assert found.status == 0, found.message
                ends.append(sense * found.fun)
            low, high = math.ceil(ends[0] - 1e-6), math.floor(ends[1] + 1e-6)
            yield table, category, high - low + 1


def a_county(seed, groups, dimension, busy=6):
    """Seven sites in three towns, a year of guidance, many small numbers."""
    rnd = random.Random(seed)
    towns = {f"s{at}": "ABBCCCC"[at] for at in range(7)}
    weights = [1 / (1 + at) for at in range(len(groups))]
    counts, guided = {}, {}
    for site in towns:
        for month in range(1, 13):
            people = int(rnd.expovariate(1 / busy))
            guided[site, month] = people
            for _ in range(people):
                answers = 1 if dimension == "age_band" else rnd.choice((1, 1, 2))
                chosen = rnd.choices(list(groups), weights, k=answers)
                for code in set(chosen):
                    counts[site, month, code] = counts.get((site, month, code), 0) + 1
    return Facts(dimension, counts, guided, towns, groups)


def until(facts, month):
    """What is known when `month` closes."""
    return Facts(
        facts.dimension,
        {key: n for key, n in facts.counts.items() if key[1] <= month},
        {key: n for key, n in facts.guided.items() if key[1] <= month},
        facts.municipality,
        facts.group,
    )


def published(facts, k=5):
    """Close the months one after another, as the worker does."""
    old = []
    for month in range(1, 13):
        known = until(facts, month)
        new = tables.close(tables.offers(facts.dimension, known, month), old, known, k)
        old = [*old, *new]
    return old


def test_it_works_no_topic_is_recovered_from_all_tables_of_a_year():
    facts = a_county(3, TOPICS, "topic")
    out = published(facts)

    attack = Attack(out, facts)

    assert len(attack.shown) > 60, "the tables still say something"
    assert len(attack.hidden) > 5, "there is something to attack"
    assert [
        (table.slot, category)
        for table, category, width in attack.widths()
        if width < 3
    ] == []


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_no_age_is_recovered_although_each_person_has_one(seed):
    facts = a_county(seed, AGES, "age_band", busy=3)
    attack = Attack(published(facts), facts)

    assert attack.shown
    assert all(width >= 3 for _table, _category, width in attack.widths())


def test_the_attack_finds_what_naive_protection_gives_away():
    """The test can fail: hiding only the small cells is not enough."""
    facts = a_county(3, TOPICS, "topic")
    naive = [
        tables.Table(
            table.level,
            table.place,
            table.span,
            table.first,
            "code",
            {
                code: "c" if 0 < number < 5 else number
                for code, number in _truth(table, facts).items()
            },
        )
        for month in range(1, 13)
        for table in tables.offers("topic", facts, month)
    ]
    attack = Attack(naive, facts)

    recovered = [width for *_cell, width in attack.widths() if width < 3]

    assert len(recovered) > 20


def _truth(table, facts):
    towns = facts.municipality
    last = table.first + MONTHS_OF[table.span]
    return {
        code: sum(
            number
            for (site, month, one), number in facts.counts.items()
            if one == code
            and table.first <= month < last
            and (
                table.level == "county"
                or table.place in (site if table.level == "site" else towns[site],)
            )
        )
        for code in facts.group
    }


def test_every_state_on_the_way_is_safe_too():
    """Somebody keeps each month's tables: none of the earlier states gives more."""
    facts = a_county(11, TOPICS, "topic")
    old = []
    for month in (1, 2, 3, 4):
        known = until(facts, month)
        old += tables.close(tables.offers("topic", known, month), old, known, 5)
        attack = Attack(old, known)
        assert all(width >= 3 for *_cell, width in attack.widths()), month


def test_a_closed_table_never_changes():
    facts = a_county(3, TOPICS, "topic")
    old = published(until(facts, 6))
    before = [(table.slot, dict(table.cells)) for table in old]

    known = until(facts, 7)
    tables.close(tables.offers("topic", known, 7), old, known, 5)

    assert [(table.slot, dict(table.cells)) for table in old] == before
