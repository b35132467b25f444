"""Cell protection as pure reckoning: small cells, their guards, and what stays open."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rinnalla.statistics.disclosure import Cell, Limit, audit, protect, share


def a_table(rows, columns, number):
    """Cells of a two-way table with row, column and grand totals."""
    values = {(r, c): number(r, c) for r in rows for c in columns}
    cells = [Cell(atom, value, (atom,)) for atom, value in values.items()]
    for row in rows:
        atoms = tuple((row, c) for c in columns)
        cells.append(Cell((row, "all"), sum(values[a] for a in atoms), atoms))
    for column in columns:
        atoms = tuple((r, column) for r in rows)
        cells.append(Cell(("all", column), sum(values[a] for a in atoms), atoms))
    cells.append(Cell(("all", "all"), sum(values.values()), tuple(values)))
    return cells, values


def marked(cells, protected):
    """The same cells as readers have them."""
    return [
        Cell(c.key, c.value, c.atoms, "protected" if c.key in protected else "shown")
        for c in cells
    ]


def test_it_works_a_small_cell_takes_company():
    cells, values = a_table("ab", "xyz", lambda r, c: {"ax": 2}.get(r + c, 9))

    outcome = protect(cells, values)

    assert ("a", "x") in outcome.protected
    assert len(outcome.protected) >= 4, "a row and a column hold the cell from each end"
    assert outcome.unsafe == set()


def test_a_zero_is_shown():
    cells, values = a_table("ab", "xyz", lambda r, c: {"ax": 0, "by": 3}.get(r + c, 30))

    assert ("a", "x") not in protect(cells, values).protected


def test_a_single_cell_without_sums_needs_no_company():
    outcome = protect([Cell("one", 3, ("atom",))], {"atom": 3})

    assert outcome.protected == {"one"} and not outcome.unsafe


def test_two_protected_cells_of_six_stay_open_and_two_of_three_do_not():
    def pair(first, second):
        return [
            Cell("first", first, ("a",), "protected"),
            Cell("second", second, ("b",), "protected"),
            Cell("sum", first + second, ("a", "b"), "shown"),
        ], {"a": first, "b": second}

    assert audit(*pair(3, 3)) == set()
    assert audit(*pair(1, 2)) == {"first", "second"}


def test_what_is_guided_in_all_limits_what_a_cell_could_be():
    cells = [Cell("age", 2, ("a",))]

    free = protect(cells, {"a": 2}, [Limit(("a",), 9)])
    tight = protect(cells, {"a": 2}, [Limit(("a",), 2)])

    assert free.unsafe == set()
    assert tight.unsafe == {"age"}


def test_a_cell_shown_before_is_never_protected_later():
    cells = [
        Cell("january", 2, ("j",), "protected"),
        Cell("february", 8, ("f",), "shown"),
        Cell("march", 9, ("m",)),
        Cell("quarter", 19, ("j", "f", "m")),
    ]

    outcome = protect(cells, {"j": 2, "f": 8, "m": 9})

    assert outcome.protected == {"january", "march"}
    assert outcome.unsafe == set()


def test_where_nothing_may_be_chosen_the_cell_is_said_to_be_unsafe():
    cells = [
        Cell("january", 2, ("j",), "protected"),
        Cell("february", 8, ("f",), "shown"),
        Cell("both", 10, ("j", "f"), "shown"),
    ]

    assert protect(cells, {"j": 2, "f": 8}).unsafe == {"january"}


def test_the_choice_is_the_same_every_time():
    cells, values = a_table("abcd", "wxyz", lambda r, c: ord(r) * ord(c) % 11)

    assert protect(cells, values) == protect(list(reversed(cells)), values)


def test_the_tables_of_statistics_norway(shared_data):
    """Fictitious municipal counts, limit 3: our result holds, and so does theirs."""
    folder = shared_data / "sdc"
    with (folder / "z2w_input.csv").open() as file:
        rows = {row["region"]: row for row in csv.DictReader(file)}
    groups = ("annet", "arbeid", "soshjelp", "trygd")
    cells, values = a_table(rows, groups, lambda r, c: int(rows[r][c]))

    outcome = protect(cells, values, k=4)

    small = {key for key, value in values.items() if 0 < value < 4}
    assert small <= outcome.protected
    assert outcome.unsafe == set()
    assert audit(marked(cells, outcome.protected), values, k=4) == set()
    # Only the small ones hidden, the rest follows from the sums.
    assert audit(marked(cells, small), values, k=4) != set()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=3))
def test_whatever_the_numbers_each_protected_cell_keeps_three_values(numbers):
    numbers = numbers[:5]
    cells, values = a_table(range(len(numbers)), range(3), lambda r, c: numbers[r][c])

    outcome = protect(cells, values)

    hidden = outcome.protected
    assert {key for key, value in values.items() if 0 < value < 5} <= hidden
    assert audit(marked(cells, hidden), values) == outcome.unsafe
    shown_zero = {key for key, value in values.items() if value == 0}
    assert not shown_zero & hidden


@pytest.mark.parametrize("k", [3, 5, 10])
def test_the_limit_is_settable(k):
    cells, values = a_table("abc", "xyz", lambda r, c: ord(r) + ord(c) - 215)

    protected = protect(cells, values, k=k).protected

    assert all((v >= k or key in protected) for key, v in values.items() if v > 0)


def test_a_share_needs_a_base_of_twenty():
    assert share(5, 20) == 25
    assert share(5, 19) is None
