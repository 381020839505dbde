"""What is withheld of a table cannot be computed from what is shown, whatever the table is."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.measures import suppress
from analysis.measures.suppress import CLOSE, FEWEST, safe, withheld


def of_counts(counts):
    """Return who is in which cell: a row a person."""
    return np.repeat(np.eye(len(counts)), counts, axis=0)


def range_of(wanted, cells, lines, hidden):
    """Return how far a withheld sum can be told from what is shown: a linear programme.

    `wanted` are cells, `cells` what they hold; whoever looks knows each line's sum and that nothing
    is below zero.
    """
    equal = np.zeros((len(lines), len(cells)))
    for row, line in enumerate(lines):
        equal[row, list(line)] = 1
    bounds = [(0, None) if h else (v, v) for v, h in zip(cells, hidden, strict=True)]
    goal = np.zeros(len(cells))
    goal[list(wanted)] = 1
    ends = [linprog(g, A_eq=equal, b_eq=equal @ cells, bounds=bounds).fun for g in (goal, -goal)]
    return ends[0], -ends[1]


def told(measures, lines, hidden):
    """Return the sums of people that are not safe and that what is shown gives away."""
    cells = measures[0].sum(axis=0)
    found = []
    for line in lines:
        for size in range(1, len(line)):
            for some in itertools.combinations(line, size):
                if not hidden[list(some)].any() or safe(measures[0][:, list(some)].sum(axis=1)):
                    continue
                low, high = range_of(some, cells, lines, hidden)
                if high - low < 1e-6 * max(cells.sum(), 1):
                    found.append(some)
    return found


few_counts = st.lists(st.integers(0, 12), min_size=2, max_size=6).filter(lambda c: sum(c) >= FEWEST)


@settings(max_examples=150)
@given(few_counts)
def test_no_group_of_few_can_be_computed_from_a_table_with_its_sum(counts):
    people = of_counts(counts)
    hidden = withheld([people])
    assert all(hidden[n] for n, many in enumerate(counts) if 0 < many < FEWEST)
    assert told([people], [range(len(counts))], hidden) == []
    left = sum(many for many, h in zip(counts, hidden, strict=True) if h)
    assert left == 0 or left >= FEWEST


@settings(max_examples=100)
@given(
    st.integers(FEWEST, 14).flatmap(
        lambda n: st.lists(
            st.lists(st.sampled_from([0.0, 1.0, 2.0, 9.0, 500.0]), min_size=n, max_size=n),
            min_size=2,
            max_size=5,
        )
    )
)
def test_no_sum_that_one_person_makes_up_can_be_computed(columns):
    dollars = np.array(columns).T
    hidden = withheld([dollars])
    assert all(hidden[n] or safe(dollars[:, n]) for n in range(len(columns)))
    if safe(dollars.sum(axis=1)):  # else the sum of all is not shown either
        assert told([dollars], [range(len(columns))], hidden) == []


def test_the_next_smallest_goes_with_a_single_cell_and_with_cells_of_few():
    assert withheld([of_counts([2, 6, 9])]).tolist() == [True, True, False]
    assert withheld([of_counts([2, 2, 6, 9])]).tolist() == [True, True, True, False]
    assert withheld([of_counts([3, 2, 6, 9])]).tolist() == [True, True, False, False]
    assert withheld([of_counts([7, 6, 9])]).tolist() == [False] * 3


def test_an_empty_cell_is_shown_and_hides_nothing():
    assert withheld([of_counts([0, 2, 6])]).tolist() == [False, True, True]
    assert withheld([of_counts([0, 8, 6])]).tolist() == [False] * 3


@pytest.mark.parametrize(
    ("parts", "may"),
    [
        ([1, 1, 1, 1], False),
        ([1, 1, 1, 1, 1], True),
        ([0, 0], True),
        ([100, 50, 4, 3, 2], False),  # the second knows the first to within 9 of 100
        ([100, 50, 5, 3, 2], True),
    ],
)
def test_a_sum_of_few_or_of_one_is_not_safe(parts, may):
    assert safe(np.array(parts, float)) == may
    assert CLOSE == 0.1


@pytest.mark.parametrize("mutant", ["alone", "primary"])
def test_the_check_can_fail(monkeypatch, mutant):
    """Without what is withheld beside a cell, and without cells of few."""
    people = of_counts([2, 6, 9])
    if mutant == "alone":
        monkeypatch.setattr(suppress, "_tells", lambda *_: False)
        assert told([people], [range(3)], withheld([people])) == [(0,)]
    else:
        monkeypatch.setattr(suppress, "safe", lambda parts: True)
        assert told([people], [range(3)], np.array([True, False, False])) == [(0,)]
        assert not withheld([people]).any()
