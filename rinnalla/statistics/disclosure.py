"""Protection of small numbers: which cells of the published tables stay unsaid.

A cell counts people; 1 to k-1 of them are too few to be shown (k = 5, settable 3-10).
Such a *primary* cell is marked ``[c]``. As sums are published too (site, municipality,
county; month, quarter, year), other cells are protected with it until **every**
protected cell could be at least three different whole numbers, whatever is reckoned
from all tables together. Zeros are shown.

The reader we guard against is stronger than any real one. They know

* every shown cell of every table, also of tables published months ago;
* that a protected cell is at least 1, and even which cells are primary (1 to k-1)
  and which only guard others (k or more);
* the activity figures, which are live: nobody guided at a site in a month means that
  no topic came up there (``Limit``).

Numbers are proved possible by example: a mixed-integer programme looks for other
ways to fill the tables, and each way found is a witness for all cells at once. Where
no third value is found, the cheapest set of further cells (smallest sum of values) is
protected. The choice is the same for the same input. A cell shown once is never
protected later, as somebody may have kept it: only cells of new tables are chosen.

scipy is imported when needed: the web process never loads it.
"""

from dataclasses import dataclass, field, replace

VALUES_KEPT = 3  # how many different values each protected cell could have
PROTECTED = "c"
NOT_COLLECTED = "x"
NOT_APPLICABLE = "z"
SHARE_BASE = 20  # a percentage is given from a base of so many


@dataclass(frozen=True)
class Cell:
    """One published number: a sum of atoms, the finest counts that nobody publishes.

    `state` says what readers already have: "new" (nothing), "shown", "protected".
    """

    key: tuple
    value: int
    atoms: tuple
    state: str = "new"


@dataclass(frozen=True)
class Limit:
    """What readers know besides: these atoms are together at most so many."""

    atoms: tuple
    most: int


@dataclass
class Outcome:
    """Keys of the cells to protect, and of those that could not be made safe."""

    protected: set = field(default_factory=set)
    unsafe: set = field(default_factory=set)


def is_small(value: int, k: int) -> bool:
    """Whether so few people are too few to be shown."""
    return 0 < value < k


def share(part: int, base: int) -> float | None:
    """Per cent of the base, or None where the base is under 20."""
    return 100 * part / base if base >= SHARE_BASE else None


def protect(cells, values, limits=(), k=5, pause=None) -> Outcome:
    """Choose the cells to protect; `values` holds the true number of every atom.

    `pause` is called before each cell that is looked at: a search may take minutes.
    """
    outcome = Outcome()
    if not any(_is_hidden(cell, k) for cell in cells):
        return outcome
    for piece in _pieces(cells, values, limits):
        if any(_is_hidden(cell, k) for cell in piece[0]):
            _Piece(*piece, k=k).settle(outcome, pause or _go_on)
    return outcome


def _go_on():
    """Nothing else waits."""


def _is_hidden(cell, k):
    """Whether a cell is protected before anything is chosen to guard it."""
    small = cell.state == "new" and is_small(cell.value, k)
    return small or cell.state == "protected"


def audit(cells, values, limits=(), k=5) -> set:
    """Keys of protected cells that have fewer than three possible values as given."""
    frozen = [
        replace(cell, state="shown") if cell.state == "new" else cell for cell in cells
    ]
    return protect(frozen, values, limits, k).unsafe


# --- Taking the problem apart --------------------------------------------------


def _pieces(cells, values, limits):
    """Split into parts that share no atom; parts without a small cell fall away."""
    zero = {atom for cell in cells if cell.value == 0 for atom in cell.atoms}
    cells = [cell for cell in cells if cell.value]
    limits = [_without(limit, zero) for limit in limits]
    root = _Roots()
    for group in [*cells, *limits]:
        root.join([atom for atom in group.atoms if atom not in zero])
    parts = {}
    for index, groups in enumerate((cells, limits)):
        for group in groups:
            live = [atom for atom in group.atoms if atom not in zero]
            if live:
                part = parts.setdefault(root.of(live[0]), ([], [], {}))
                part[index].append(group)
                part[2].update(dict.fromkeys(live))
    for cells_, limits_, atoms in parts.values():
        yield cells_, limits_, {atom: values.get(atom, 0) for atom in atoms}


def _without(limit, zero):
    atoms = tuple(atom for atom in limit.atoms if atom not in zero)
    return Limit(atoms, limit.most)


class _Roots:
    """Which atoms hang together (a forest with path halving)."""

    def __init__(self):
        self.parent = {}

    def of(self, atom):
        parent = self.parent
        parent.setdefault(atom, atom)
        while parent[atom] != atom:
            parent[atom] = parent[parent[atom]]
            atom = parent[atom]
        return atom

    def join(self, atoms):
        for atom in atoms[1:]:
            self.parent[self.of(atom)] = self.of(atoms[0])


# --- One part --------------------------------------------------------------------


class _Piece:
    """Cells that hang together through their atoms, and the search among them."""

    def __init__(self, cells, limits, values, k):
        self.k = k
        self.atoms = {atom: at for at, atom in enumerate(sorted(values, key=repr))}
        self.truth = [values[atom] for atom in self.atoms]
        # Far above the truth, so that only the tables themselves set the ends.
        self.tops = [max(self.truth) + 20 * k] * len(self.truth)
        self.cells = sorted(cells, key=lambda cell: (cell.value, repr(cell.key)))
        self.limits = [limit for limit in limits if limit.atoms]
        self.protected = {
            at for at, cell in enumerate(self.cells) if _is_hidden(cell, k)
        }
        self.seen = [{cell.value} for cell in self.cells]
        self.columns = [
            [self.atoms[atom] for atom in cell.atoms if atom in self.atoms]
            for cell in self.cells
        ]
        self.cells_of = [set() for _ in self.atoms]
        for at, columns in enumerate(self.columns):
            for column in columns:
                self.cells_of[column].add(at)
        self.limits_of = [set() for _ in self.atoms]
        for at, limit in enumerate(self.limits):
            for atom in limit.atoms:
                self.limits_of[self.atoms[atom]].add(at)
        self._twins = None

    def settle(self, outcome, pause):
        """Protect until each protected cell has three possible values, or say not."""
        failed = set()
        while open_ := self._open(failed):
            pause()
            at = open_[0]
            if self._swap(at) or self._look_for_values(at):
                continue
            chosen = self._cheapest_guard(at)
            if chosen:
                self.protected |= chosen
                self._twins = None
            else:
                failed.add(at)
        outcome.protected |= {self.cells[at].key for at in self.protected}
        outcome.unsafe |= {self.cells[at].key for at in failed}

    def _open(self, failed):
        return [
            at
            for at in sorted(self.protected - failed)
            if len(self.seen[at]) < VALUES_KEPT
        ]

    def _bounds(self, at):
        """Between what a reader would place a protected cell."""
        if is_small(self.cells[at].value, self.k):
            return 1, self.k - 1
        return self.k, None

    # Ways found by moving one person, without a solver -------------------------

    def _swap(self, at):
        """Find more values by moving people between atoms no shown cell tells apart."""
        for sense in (1, -1):
            state = list(self.truth)
            for _step in range(VALUES_KEPT - 1):
                move = self._move(state, at, sense)
                if move is None:
                    break
                for column, change in move:
                    state[column] += change
                self._witness(state)
                if len(self.seen[at]) >= VALUES_KEPT:
                    return True
        return False

    def _move(self, state, at, sense):
        """Two atoms and a change that makes the cell one more or less, or None."""
        inside = set(self.columns[at])
        for column in self.columns[at]:
            for other in self._twins_of(column):
                if other in inside:
                    continue
                gains, loses = (column, other) if sense > 0 else (other, column)
                if self._may_move(state, gains, loses):
                    return (gains, 1), (loses, -1)
        return None

    def _twins_of(self, column):
        """Atoms that stand in the same shown cells."""
        if self._twins is None:
            self._signs = [frozenset(c - self.protected) for c in self.cells_of]
            self._twins = {}
            for twin, sign in enumerate(self._signs):
                self._twins.setdefault(sign, []).append(twin)
        return self._twins[self._signs[column]]

    def _may_move(self, state, gains, loses):
        """Whether one person can move without breaking what a reader knows."""
        if not state[loses]:
            return False
        for limit in self.limits_of[gains] - self.limits_of[loses]:
            columns = [self.atoms[atom] for atom in self.limits[limit].atoms]
            if sum(state[column] for column in columns) >= self.limits[limit].most:
                return False
        return self._stays(state, gains, loses, 1) and self._stays(
            state, loses, gains, -1
        )

    def _stays(self, state, changed, other, change):
        """Whether the cells of only one of the two keep within their bounds."""
        for at in self.cells_of[changed] - self.cells_of[other]:
            low, high = self._bounds(at)
            number = sum(state[column] for column in self.columns[at]) + change
            if number < low or (high is not None and number > high):
                return False
        return True

    # How far the cell reaches as things stand ---------------------------------

    def _look_for_values(self, at):
        """Find more values the cell could have; True when there are three."""
        ends = [self._reach(at, sense) for sense in (1, -1)]
        if None in ends:  # the solver gave up: treat as not proved
            return False
        low, high = ends[1], ends[0]
        if len(self.seen[at]) < VALUES_KEPT and high - low >= VALUES_KEPT - 1:
            self._reach(at, 1, between=(low + 1, high - 1))
        return len(self.seen[at]) >= VALUES_KEPT

    def _reach(self, at, sense, between=None):
        rows = self._limit_rows() + [
            (self.columns[i], *self._row_bounds(i)) for i in range(len(self.cells))
        ]
        if between:
            rows.append((self.columns[at], *between))
        cost = [0.0] * len(self.atoms)
        for column in self.columns[at]:
            cost[column] = -float(sense)
        found = _solve(cost, rows, self.tops)
        return None if found is None else self._witness(found)[at]

    def _row_bounds(self, at):
        cell = self.cells[at]
        return self._bounds(at) if at in self.protected else (cell.value, cell.value)

    def _witness(self, found):
        """Note what every protected cell would be in this way to fill the tables."""
        numbers = [
            sum(found[column] for column in self.columns[at])
            for at in range(len(self.cells))
        ]
        for at in self.protected:
            self.seen[at].add(numbers[at])
        return numbers

    def _limit_rows(self):
        rows = []
        for limit in self.limits:
            columns = [self.atoms[atom] for atom in limit.atoms]
            truth = sum(self.truth[column] for column in columns)
            most = max(limit.most, truth)  # figures may contradict: never infeasible
            rows.append((columns, 0, most))
        return rows

    # Which cells to protect with it -------------------------------------------

    def _cheapest_guard(self, at):
        """The cells whose protection costs least and gives one more possible value.

        The neighbours are tried first, and what lies two away only without them.
        """
        for step in (1, 2):
            tried = (self._guard_for(at, n) for n in self._values_at(at, step))
            found = [guard for guard in tried if guard]
            if found:
                return min(found, key=lambda guard: guard[0])[1]
        return None

    def _values_at(self, at, step):
        low, high = self._bounds(at)
        value = self.cells[at].value
        return [
            number
            for number in (value + step, value - step)
            if number not in self.seen[at]
            and number >= low
            and (high is None or number <= high)
        ]

    def _guard_for(self, at, wanted):
        choices = self._choices()
        reach = 4 * self.k  # how far a cell chosen to guard may be thought to move
        rows = self._limit_rows() + [(self.columns[at], wanted, wanted)]
        count = len(self.atoms)
        for i, cell in enumerate(self.cells):
            if i in choices:
                switch = count + choices[i]
                columns, value = self.columns[i], cell.value
                down = value - self.k  # a guard is known to be k or more
                rows.append((columns, None, value, {switch: -reach}))
                rows.append((columns, value, None, {switch: down}))
            elif i != at:
                rows.append((self.columns[i], *self._row_bounds(i)))
        cost = [0.0] * count + [
            self.cells[i].value + 1 + place / (1000 * len(choices))
            for i, place in choices.items()
        ]
        found = _solve(cost, rows, self.tops + [1] * len(choices))
        if found is None:
            return None
        chosen = {i for i, place in choices.items() if found[count + place]}
        return sum(cost[count + choices[i]] for i in chosen), chosen

    def _choices(self):
        """Cells that may still be protected: new ones, numbered from 0."""
        free = [
            at
            for at, cell in enumerate(self.cells)
            if cell.state == "new" and at not in self.protected
        ]
        return {at: place for place, at in enumerate(free)}


def _solve(cost, rows, top):
    """Whole numbers from 0 to `top` with the least cost that keep all rows, or None."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    at_row, at_column, weight, low, high = [], [], [], [], []
    for number, (members, least, most, *more) in enumerate(rows):
        entries = dict.fromkeys(members, 1) | (more[0] if more else {})
        at_row += [number] * len(entries)
        at_column += entries.keys()
        weight += entries.values()
        low.append(-np.inf if least is None else least)
        high.append(np.inf if most is None else most)
    matrix = csr_array((weight, (at_row, at_column)), shape=(len(rows), len(top)))
    result = milp(
        np.array(cost),
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(len(top)),
        bounds=Bounds(0, np.array(top)),
        options={"time_limit": 20, "mip_rel_gap": 0},
    )
    return None if result.x is None else [int(x) for x in np.rint(result.x)]
